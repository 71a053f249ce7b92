import { parseDocument, type YAMLParseError } from 'yaml';
import { FlowError, isHeld, plainDigits } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { bounds } from '../model/read.ts';
import { brokenJson } from '../model/syntax-errors.ts';

export type Json = Readonly<Record<string, unknown>>;

const mostCharacters = 50_000_000;

/** The object of a JSON or YAML text. Fails with `DATA_INVALID`, whose place names the line. `what`: the kind of text, for messages. */
export function readText(text: string, what: string): Json {
  if (text.length > mostCharacters) throw new FlowError('DATA_TOO_LARGE', `The ${what} has more than ${mostCharacters / 1_000_000} million characters.`, { remedy: 'Import a part of it.' });
  const plain = text.replace(/^\u{FEFF}/u, '');
  if (plain.trim() === '') throw invalid(`The ${what} is empty.`, { line: 1, column: 1 });
  const value = /^\s*[[{]/.test(plain) ? readJson(plain, what) : readYaml(plain, what);
  if (!isObject(value)) throw invalid(`The ${what} is no object.`, { line: 1, column: 1 });
  return value;
}

function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text, ((name: string, value: unknown, { source }: { readonly source?: string }) => (typeof value === 'number' ? asHeld(name, value, source) : value)) as Parameters<typeof JSON.parse>[1]);
  } catch {
    const { message, at = { line: 1, column: 1 }, remedy } = brokenJson(text, `The ${what}`);
    throw invalid(message, at, remedy);
  }
}

/** A text, as in payloads, for a number that definitions do not hold either. */
const asHeld = (name: unknown, value: number, source = String(value)): unknown => (isHeld(value, source) || bounds.has(String(name)) ? value : plainDigits(source));

/** The core schema of YAML 1.2: a date stays a text, and `no` is no boolean. */
function readYaml(text: string, what: string): unknown {
  const document = parseDocument(text, { schema: 'core', logLevel: 'silent', prettyErrors: true, strict: true });
  const [error] = document.errors;
  if (error) throw yamlFault(error, what);
  try {
    // Aliases may multiply without end ("billion laughs").
    return document.toJS({ maxAliasCount: 1000, reviver: (name, value: unknown) => (typeof value === 'number' ? asHeld(name, value) : value) }) as unknown;
  } catch (cause) {
    throw invalid(`The ${what} cannot be read: ${(cause as Error).message}.`, { line: 1, column: 1 });
  }
}

function yamlFault(error: YAMLParseError, what: string): FlowError {
  const [start] = error.linePos ?? [];
  const place = { line: start?.line ?? 1, column: start?.col ?? 1 };
  const message = (error.message.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');
  return invalid(`The ${what} is not valid YAML: line ${place.line}, column ${place.column}: ${message}.`, place);
}

const invalid = (message: string, place: { readonly line: number; readonly column: number }, remedy = 'Correct that place, or get the description anew where it was published.'): FlowError => new FlowError('DATA_INVALID', message, { place, details: place, remedy });
