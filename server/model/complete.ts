import { findPlugin, type Catalog, type CatalogEntry } from './catalog.ts';
import type { Cursor } from './expression-cursor.ts';
import { parseTemplate } from './expression-parser.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import { expressionType, lastAt, typeAt, type RootValue, type RootValues } from './expression-types.ts';
import { isObject } from './json.ts';
import { everything, type PathKey } from './path.ts';
import { quote } from './quote.ts';
import { fieldOf, isOpen, itemOf, mayBe, namesOf, requiredOf, toTypes, typeList, typesOf, withoutNull } from './schema-types.ts';
import { propertyOrder, fieldSchema } from './schema-walk.ts';

/** Something that may be written at a place. */
export interface Candidate {
  readonly kind: 'root' | 'field' | 'transform' | 'setting' | 'value';
  readonly label: string;
  /** What replaces the characters from `start` to `end`. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** Where the cursor stands in what was inserted; default behind it. */
  readonly caret?: number;
  /** Its type, in words. */
  readonly detail?: string;
  readonly description?: string;
  /** The value that it had last, as JSON, cut. */
  readonly last?: string;
}

export interface CompletionWorld {
  readonly catalog: Catalog;
  readonly values: RootValues;
  /** What an expression may begin with, in the order in which it is offered. */
  readonly roots: readonly string[];
}

/** What may be written at a cursor, the likeliest first. What is written already of it does not matter: whoever shows the candidates filters them. */
export function complete(cursor: Cursor, world: CompletionWorld): readonly Candidate[] {
  switch (cursor.kind) {
    case 'root': return [...world.roots.map((root) => rootCandidate(root, world.values, cursor)), ...constants(cursor)];
    case 'field': return fieldCandidates(cursor, Object.hasOwn(world.values, cursor.root) ? world.values[cursor.root] : undefined);
    case 'transform': return transformCandidates(cursor, world);
    case 'setting': return settingCandidates(cursor, world.catalog);
    case 'value': return valueCandidates(cursor, world);
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });

function rootCandidate(root: string, values: RootValues, at: Span): Candidate {
  const value = Object.hasOwn(values, root) ? values[root] : undefined;
  return { kind: 'root', label: root, insert: root, ...spanOf(at), ...(value && { ...detailOf(value.schema), description: value.from === undefined ? value.description : `${value.description} Known from ${value.from}.`, ...(value.last && { last: shownValue(value.last.value) }) }) };
}

const constants = (at: Span): Candidate[] => ['true', 'false', 'null'].map((label) => ({ kind: 'value', label, insert: label, ...spanOf(at) }));

/** Fields of what stands before: by its type, then by the last value; items of a list. */
function fieldCandidates(cursor: Cursor & { kind: 'field' }, root: RootValue | undefined): Candidate[] {
  if (!root) return [];
  const schema = typeAt(root, cursor.below);
  const below = cursor.below.includes(everything) ? itemOf(schema) : schema;
  const seen = lastAt(root, cursor.below);
  const types = typesOf(below);
  const isList = types?.has('array') ?? seen.some(Array.isArray);
  const found = isList ? [everything, 0].flatMap((key) => withFields(key as PathKey, itemOf(below), seen, cursor)) : [];
  return [...fieldsOf(below, seen).map((field) => fieldCandidate([field.name], field, cursor)), ...found];
}

/** An item of a list, and its fields. */
function withFields(key: PathKey, item: object, seen: readonly unknown[], cursor: Cursor & { kind: 'field' }): Candidate[] {
  const items = seen.flatMap((value) => (Array.isArray(value) ? (key === everything ? value : value.slice(0, 1)) : []) as unknown[]);
  const own = fieldCandidate([key], { name: '', schema: item, isOptional: false, last: items.slice(0, 1) }, cursor);
  return [own, ...fieldsOf(item, items).map((field) => fieldCandidate([key, field.name], field, cursor))];
}

interface Field {
  readonly name: string;
  readonly schema: object;
  readonly isOptional: boolean;
  /** None or one. */
  readonly last: readonly unknown[];
}

function fieldsOf(schema: object, seen: readonly unknown[]): Field[] {
  const objects = seen.filter(isObject);
  const names = new Set([...namesOf(schema), ...objects.flatMap((one) => Object.keys(one).slice(0, mostNames))]);
  const required = requiredOf(schema);
  return [...names].slice(0, mostNames).map((name) => ({ name, schema: fieldOf(schema, name) ?? {}, isOptional: namesOf(schema).includes(name) && !required.includes(name), last: objects.filter((one) => Object.hasOwn(one, name)).slice(0, 1).map((one) => one[name]) }));
}

const mostNames = 500;

function fieldCandidate(keys: readonly PathKey[], { schema, isOptional, last }: Field, { opens, start, end, isBracket }: Cursor & { kind: 'field' }): Candidate {
  const written = keys.map((key, index) => (key === everything ? '[*]' : typeof key === 'number' ? `[${key}]` : plain.test(key) && !(isBracket && index === 0) ? `.${key}` : `[${quote(key)}]`)).join('');
  const label = written.startsWith('.') ? written.slice(1) : written;
  const [value] = last;
  const shown = isOpen(schema) && value !== undefined ? typeOfValue(value) : detailOf(schema).detail;
  return {
    kind: 'field', label: isBracket && keys.length === 1 && typeof keys[0] === 'string' ? keys[0] : label,
    // A bracket takes the place of the dot.
    ...(written.startsWith('.') ? { insert: label, start, end } : { insert: written, start: opens < 0 ? start : opens, end }),
    ...(shown !== undefined && { detail: isOptional ? `${shown}; may be missing` : shown }), ...textsOf(schema), ...(value !== undefined && { last: shownValue(value) }),
  };
}

const plain = /^[A-Za-z_\u0080-\ud7ff\ue000-\uffff][\w\u0080-\ud7ff\ue000-\uffff]*$/;

/** Those first that take what stands before the pipe; not those that cannot. */
function transformCandidates(cursor: Cursor & { kind: 'transform' }, world: CompletionWorld): Candidate[] {
  const input = inputType(cursor.input, world);
  const given = input && withoutNull(input);
  const fits = ({ takes }: CatalogEntry): boolean => !takes || mayBe(given, toTypes(takes));
  return world.catalog.plugins.filter((plugin) => plugin.kind === 'transform' && !plugin.column && !plugin.generates && plugin.status !== 'deprecated' && fits(plugin))
    .sort((left, right) => Number(!left.takes) - Number(!right.takes) || left.type.localeCompare(right.type)).map((entry) => transformCandidate(entry, cursor));
}

function inputType(text: string, { values, catalog }: CompletionWorld) {
  try {
    const [part] = parseTemplate(`{{${text}}}`).parts;
    return part?.kind === 'expression' ? typesOf(expressionType(part.expression, values, catalog)) : undefined;
  } catch (error) {
    if (FlowError.is(error, 'CONFIG_EXPRESSION')) return undefined;
    throw error;
  }
}

function transformCandidate({ type, summary, settings, gives }: CatalogEntry, at: Span): Candidate {
  const needed = requiredOf(settings);
  const fields = needed.map((name, index) => `${index > 0 ? ', ' : ''}${name}: `);
  const insert = needed.length > 0 ? `${type}(${fields.join('')})` : type;
  return { kind: 'transform', label: type, insert, ...spanOf(at), ...(needed.length > 0 && { caret: type.length + 1 + fields[0]!.length }), description: summary, ...(gives && { detail: `gives ${typeList(withoutNull(toTypes(gives)))}` }) };
}

function settingCandidates({ transform, given, ...at }: Cursor & { kind: 'setting' }, catalog: Catalog): Candidate[] {
  const settings = findPlugin(catalog, 'transform', transform)?.settings;
  if (!settings) return [];
  const needed = requiredOf(settings);
  return propertyOrder(settings).filter((name) => !given.includes(name)).sort((left, right) => Number(needed.includes(right)) - Number(needed.includes(left))).map((name) => {
    const schema = fieldSchema(settings, name);
    return { kind: 'setting', label: name, insert: `${name}: `, ...spanOf(at), ...detailOf(schema), ...textsOf(schema) };
  });
}

function valueCandidates({ transform, setting, quote: open, ...at }: Cursor & { kind: 'value' }, { catalog, values, roots }: CompletionWorld): Candidate[] {
  const schema = fieldSchema(findPlugin(catalog, 'transform', transform)?.settings ?? {}, setting) as { readonly enum?: readonly unknown[]; readonly enumDescriptions?: readonly string[]; readonly default?: unknown };
  const texts = (schema.enum ?? []).filter((value) => typeof value === 'string');
  const named = texts.map((value, index): Candidate => {
    const written = open === '"' ? JSON.stringify(value) : quote(value);
    const about = schema.enumDescriptions?.[index];
    return { kind: 'value', label: value, insert: written, ...spanOf(at), ...(about !== undefined && { description: about }), ...(schema.default === value && { detail: 'default' }) };
  });
  if (open !== undefined) return named;
  const types = typesOf(schema);
  return [...named, ...(types?.has('boolean') ? constants(at).slice(0, 2) : []), ...(texts.length > 0 ? [] : roots.map((root) => rootCandidate(root, values, at)))];
}

/** The type in words; nothing where it is not known. */
export function detailOf(schema: object): { readonly detail?: string } {
  const types = typesOf(schema);
  if (!types || types.size === 0) return {};
  const items = types.has('array') && types.size === 1 ? typesOf(itemOf(schema)) : undefined;
  return { detail: items && items.size === 1 ? `a list of ${plural[[...items][0]!]}` : typeList(withoutNull(types)) + (types.has('null') && types.size > 1 ? ', or null' : '') };
}

const plural = { string: 'texts', number: 'numbers', boolean: 'true or false', object: 'objects', array: 'lists', null: 'nulls' } as const;

const typeOfValue = (value: unknown): string => typeList(new Set([value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as 'string')]));

function textsOf(schema: object): { readonly description?: string } {
  const { title, description } = schema as { readonly title?: unknown; readonly description?: unknown };
  const text = typeof description === 'string' ? description : typeof title === 'string' ? title : undefined;
  return text === undefined ? {} : { description: text };
}

/** A value as JSON, cut to a line. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > mostShown ? `${text.slice(0, mostShown - 1)}…` : text;
}

const mostShown = 80;
