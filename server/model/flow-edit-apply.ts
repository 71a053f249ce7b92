import { parseTree, type ParseError } from 'jsonc-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { applyChange } from './flow-change.ts';
import type { FlowChange, TextEdit } from './flow-edit.ts';
import type { Flow } from './flow.ts';
import { isObject } from './json.ts';
import type { Json } from './json-change.ts';
import { editJson } from './json-edit.ts';
import { lineIndex, valueOf } from './json-source.ts';
import { indentAt } from './json-text.ts';
import { currentVersion, migrate } from './migrate.ts';
import type { PrintStyle } from './print.ts';
import { isBroken, serialize } from './serialize.ts';
import { syntaxFault } from './syntax-errors.ts';
import type { FileKind } from './workspace.ts';

/**
 * The edits of a flow file that make changes to it, one after the other. They are as small as can be and do not touch each other, count from the given text, and keep
 * comments, indentation and line ends. A blank text becomes a flow. Fails, and changes nothing, with `CONFIG_INVALID` (syntax, place), `CONFIG_VERSION`, or what
 * `applyChange` fails with.
 */
export function editFlow(text: string, changes: readonly FlowChange[], catalog: Catalog): TextEdit[] {
  if (text.replace(/^\uFEFF/, '').trim() === '') {
    const flow = changes.reduce((made, change) => applyChange(made, change, catalog), { version: 1, steps: {} } as Json);
    return [{ offset: 0, length: text.length, text: serialize('flow', flow as unknown as Flow) }];
  }
  const faults: ParseError[] = [];
  const root = parseTree(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, faults, { allowTrailingComma: false, disallowComments: false });
  const [fault] = faults;
  if (fault || !root) throw unreadable(text, fault);
  const value = valueOf(root);
  if (!isObject(value)) throw new FlowError('CONFIG_INVALID', 'The file holds no flow: it must be a JSON object.', { place: { line: 1, pointer: '' } });
  const newest = currentVersion('flow');
  if (typeof value['version'] === 'number' && value['version'] > newest) throw new FlowError('CONFIG_VERSION', `The flow has format version ${value['version']}, and this version of Patchbay writes ${newest}.`, { place: { pointer: '/version' } });
  const next = changes.reduce((made, change) => applyChange(made, change, catalog), migrate('flow', value));
  return editJson(text, root, value, next, styleOf('flow', text, root.children?.[0]?.offset));
}

/** A text with edits, which count from it and do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { offset, length, text: replacement } of edits.toSorted((left, right) => left.offset - right.offset)) {
    parts.push(text.slice(at, offset), replacement);
    at = offset + length;
  }
  return parts.join('') + text.slice(at);
}

/** The edits that take back edits of a text; they count from the text with these. */
export function invertEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let shift = 0;
  return edits.toSorted((left, right) => left.offset - right.offset).map((edit) => {
    const inverse = { offset: edit.offset + shift, length: edit.text.length, text: text.slice(edit.offset, edit.offset + edit.length) };
    shift += edit.text.length - edit.length;
    return inverse;
  });
}

/** How the file is written: its line ends, and its indentation as the first key shows it. */
export function styleOf(kind: FileKind, text: string, first: number | undefined): PrintStyle {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = first === undefined ? '' : indentAt(text, first);
  return { eol, unit: unit === '' ? '  ' : unit, isBroken: isBroken(kind) };
}

function unreadable(text: string, fault: ParseError | undefined): FlowError {
  if (!fault) return new FlowError('CONFIG_INVALID', 'The file holds no flow: it must be a JSON object.', { place: { line: 1, pointer: '' } });
  const { message, offset } = syntaxFault(text, fault);
  const { line } = lineIndex(text)(offset, 0);
  return new FlowError('CONFIG_INVALID', `The flow cannot be changed before its syntax is right. Line ${line}: ${message}`, { place: { line, pointer: '' } });
}
