import { parseTree, type ParseError } from 'jsonc-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import { applyEdits, styleOf } from './flow-edit-apply.ts';
import type { TextEdit } from './flow-edit.ts';
import { isObject } from './json.ts';
import { editJson } from './json-edit.ts';
import { valueOf } from './json-source.ts';
import type { FileKind } from './workspace.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The text of a file of the workspace after a change of its value. The edits are as small as can be, and keep comments, indentation and line ends.
 * Fails with `CONFIG_INVALID` where the text has a fault, and with what `change` fails with.
 */
export const editFile = (kind: FileKind, text: string, change: (value: Json) => Json): string => applyEdits(text, fileEdits(kind, text, change));

/** The same as edits, which count from the text and do not overlap. */
export function fileEdits(kind: FileKind, text: string, change: (value: Json) => Json): TextEdit[] {
  const faults: ParseError[] = [];
  const root = parseTree(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, faults, { allowTrailingComma: false, disallowComments: false });
  const value = root && faults.length === 0 ? valueOf(root) : undefined;
  if (!root || !isObject(value)) throw new FlowError('CONFIG_INVALID', 'The file cannot be changed before its syntax is right.');
  return editJson(text, root, value, change(value), styleOf(kind, text, root.children?.[0]?.offset));
}
