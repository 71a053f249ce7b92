import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { errors, isHeld, plainDigits, plainText, whyNotHeld, withoutExponent, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { ConnectorFile } from './connector.ts';
import type { Diagnostic, QuickFix } from './diagnostic.ts';
import type { Environment } from './environment.ts';
import { fileSchemas } from './file-schemas.ts';
import type { Flow } from './flow.ts';
import type { InstanceFile } from './instance.ts';
import { escapePointer, isObject } from './json.ts';
import { findNode, lineIndex, offsetInString, propertiesOf, valueOf, type Range } from './json-source.ts';
import type { LookupFile } from './lookup-file.ts';
import type { MapFile } from './map-file.ts';
import { currentVersion, migrate, type Migrations } from './migrate.ts';
import { syntaxFault } from './syntax-errors.ts';
import type { TestFile } from './test-file.ts';
import { checkSchema, unknownKeys } from './validate.ts';
import type { FileKind, WorkspaceFile } from './workspace.ts';

export interface FileTypes {
  readonly workspace: WorkspaceFile;
  readonly flow: Flow;
  readonly connector: ConnectorFile;
  readonly instance: InstanceFile;
  readonly environment: Environment;
  readonly map: MapFile;
  readonly lookup: LookupFile;
  readonly test: TestFile;
}

export interface ReadFile<T = unknown> {
  /** The file in the current version; only where no diagnostic is an error, so that its type can be relied on. */
  readonly value?: T;
  /** The JSON value as far as it is one, whatever its type; `undefined` where the syntax is wrong. */
  readonly raw: unknown;
  /** What can be said without knowing plugins and other files; `lint` says more. */
  readonly diagnostics: readonly Diagnostic[];
  /** The value that a JSON pointer names, or the nearest around it. */
  locate(pointer: string): Range;
  /** Where a finding about it is marked: a text, number or the like itself, of objects and lists the key. `span`: characters of a text. */
  mark(pointer: string, options?: { readonly key?: boolean; readonly span?: readonly [start: number, end: number] }): Range;
}

/** Something to say about a place of a file, before the place is known as line and column. */
export interface Finding {
  readonly pointer: string;
  readonly severity: Diagnostic['severity'];
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix?: string;
  /** It is about the key, not the value. */
  readonly key?: boolean;
  /** Characters of the text that it is about. */
  readonly span?: readonly [start: number, end: number];
  /** The name that was probably meant by what is marked. */
  readonly meant?: string;
  /** Their paths count from the file. */
  readonly quickFixes?: readonly QuickFix[];
}

export const mostCharacters = 10_000_000;
export const deepest = 200;

/** Reads a file of a workspace. Comments are accepted; never fails. `migrations`: for tests. */
export function readFile<K extends FileKind>(kind: K, file: string, text: string, migrations?: Migrations): ReadFile<FileTypes[K]> {
  const range = lineIndex(text);
  const unread = (fault: { offset: number; length: number; message: string; fix: string }): ReadFile<FileTypes[K]> => {
    const { line, column, endLine, endColumn } = range(fault.offset, fault.length);
    const root = range(0, 0);
    return { raw: undefined, diagnostics: [{ file, path: '', line, column, endLine, endColumn, severity: 'error', code: 'CONFIG_INVALID', message: fault.message, fix: fault.fix }], locate: () => root, mark: () => root };
  };
  if (text.length > mostCharacters) return unread({ offset: 0, length: 0, message: `The file is larger than ${mostCharacters / 1_000_000} MB.`, fix: kind === 'connector' ? 'Split it into connectors with fewer endpoints: *Import Connector* and `patchbay import --only` take a part of a description.' : 'Move data out of the definition, into a lookup, a script or a fixture.' });
  if (text.trim() === '') return unread({ offset: 0, length: 0, message: 'The file is empty.', fix: `Write at least {"version": 1}; \`patchbay new\` makes a complete file.` });
  if (text.includes('\0') || text.startsWith('\uFFFD\uFFFD')) return unread({ offset: 0, length: 0, message: 'The file is no UTF-8 text; it seems to be UTF-16.', fix: 'Save it as UTF-8: in VS Code "Save with Encoding" of the command palette, or in the status bar.' });
  const depth = tooDeep(text);
  if (depth !== undefined) return unread({ offset: depth, length: 1, message: `The file is nested more than ${deepest} levels deep.`, fix: 'Make the structure flatter.' });
  const faults: ParseError[] = [];
  // A byte order mark is no JSON; a space keeps the offsets.
  const root = parseTree(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, faults, { allowTrailingComma: false, disallowComments: false });
  const [first] = faults;
  if (first || !root) return unread(first ? syntaxFault(text, first) : { offset: 0, length: 0, message: 'The file holds no value.', fix: 'Write an object: {"version": 1}.' });

  const raw = valueOf(root);
  const findings = [...duplicateKeys(root, ''), ...lostDigits(root, text), ...check(kind, raw, migrations)];
  const isSound = findings.every(({ severity }) => severity !== 'error');
  const places = placesOf(text, root, range);
  return {
    ...(isSound && { value: migrate(kind, raw as Readonly<Record<string, unknown>>, migrations) as unknown as FileTypes[K] }),
    raw, ...places, diagnostics: toDiagnostics(file, places.mark, findings),
  };
}

/** Findings with their lines and columns, in the order of the text. */
export function toDiagnostics(file: string, mark: ReadFile['mark'], findings: readonly Finding[]): Diagnostic[] {
  return findings.map(({ pointer, severity, code, message, fix = errors[code].fix, key, span, meant, quickFixes }): Diagnostic => {
    const { line, column, endLine, endColumn } = mark(pointer, { ...(key !== undefined && { key }), ...(span && { span }) });
    return { file, path: pointer, line, column, endLine, endColumn, severity, code, message, fix, ...(meant !== undefined && { meant }), ...(quickFixes && quickFixes.length > 0 && { quickFixes }) };
  }).sort((left, right) => left.line - right.line || left.column - right.column);
}

function check(kind: FileKind, raw: unknown, migrations: Migrations | undefined): Finding[] {
  if (!isObject(raw)) return [{ pointer: '', severity: 'error', code: 'CONFIG_INVALID', message: `The file must hold an object, not ${Array.isArray(raw) ? 'a list' : JSON.stringify(raw)}.`, fix: 'Write an object: {"version": 1}.' }];
  const { version } = raw;
  const newest = currentVersion(kind, migrations);
  if (typeof version === 'number' && version > newest) {
    return [{ pointer: '/version', severity: 'error', code: 'CONFIG_VERSION', message: `The file has format version ${version}, and this version of Patchbay reads up to ${newest}.` }];
  }
  const current = migrate(kind, raw, migrations);
  return [...checkSchema(fileSchemas[kind], current), ...unknownKeys(fileSchemas[kind], current)];
}

function placesOf(text: string, root: Node, range: (offset: number, length: number) => Range): Pick<ReadFile, 'locate' | 'mark'> {
  const of = ({ offset, length }: Node): Range => range(offset, length);
  return {
    locate: (pointer) => of(findNode(root, pointer).value),
    mark: (pointer, { key = false, span } = {}) => {
      const found = findNode(root, pointer);
      if (found.exact && span && found.value.type === 'string') {
        const [start, end] = span.map((index) => offsetInString(text, found.value.offset, index)) as [number, number];
        return range(start, Math.max(end - start, 1));
      }
      const isContainer = found.value.type === 'object' || found.value.type === 'array';
      if (found.key && (isContainer || (key && found.exact))) return of(found.key);
      return isContainer ? range(found.value.offset, 1) : of(found.value);
    },
  };
}

function duplicateKeys(node: Node, pointer: string): Finding[] {
  if (node.type === 'array') return (node.children ?? []).flatMap((item, index) => (item.children ? duplicateKeys(item, `${pointer}/${index}`) : []));
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return propertiesOf(node).flatMap(({ name, value }) => {
    const place = `${pointer}/${escapePointer(name)}`;
    const own: Finding[] = seen.has(name) ? [{ pointer: place, key: true, severity: 'error', code: 'CONFIG_INVALID', message: `The key ${JSON.stringify(name)} is there twice; only the last one would count.`, fix: 'Rename or remove one of them.' }] : [];
    seen.add(name);
    return value.children ? [...own, ...duplicateKeys(value, place)] : own;
  });
}

/** Numbers that payloads hold as texts: a filter for the order 9007199254740993 would take that with 2 at its end, and one for 1e18 would take none. */
function lostDigits(root: Node, text: string): Finding[] {
  return numbersIn(root, '', text).flatMap(({ pointer, name, node }): Finding[] => {
    const source = text.slice(node.offset, node.offset + node.length);
    const value = node.value as number;
    // The end of a range says the same when it is rounded, and 64 bits have one that is.
    if (isHeld(value, source) || bounds.has(name)) return [];
    const isOther = Number.isFinite(value) && value !== 0 && withoutExponent(source) !== plainText(value);
    return [{ pointer, severity: 'error', code: 'CONFIG_INVALID', message: `The number ${source} ${whyNotHeld(value, source)}${isOther ? `: it would be ${String(value)}` : ''}.`, fix: `Write it as a text, which is how payloads hold such numbers: "${plainDigits(source)}".` }];
  });
}

/** Names of the ends of ranges in schemas. */
export const bounds: ReadonlySet<string> = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);

function numbersIn(node: Node, pointer: string, name: string): { readonly pointer: string; readonly name: string; readonly node: Node }[] {
  if (node.type === 'number') return [{ pointer, name, node }];
  if (node.type === 'array') return (node.children ?? []).flatMap((item, index) => numbersIn(item, `${pointer}/${index}`, name));
  return node.type === 'object' ? propertiesOf(node).flatMap((property) => numbersIn(property.value, `${pointer}/${escapePointer(property.name)}`, property.name)) : [];
}

/** Offset of the first bracket that is nested too deeply: parsers and validators would exhaust the stack. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      for (at++; at < text.length && text.charCodeAt(at) !== 34 && text.charCodeAt(at) !== 10; at++) if (text.charCodeAt(at) === 92) at++;
    } else if (code === 123 || code === 91) {
      if (++depth > deepest) return at;
    } else if (code === 125 || code === 93) depth--;
  }
  return undefined;
}
