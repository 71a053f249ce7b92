import { isObject } from '../model/json.ts';
import { cell, code } from '../model/markdown.ts';

/** A part of a JSON Schema, as far as the reference reads it. */
interface Node {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

export interface ReferencePage {
  readonly text: string;
  /** Places that no example has. */
  readonly missing: readonly string[];
}

/** A page about a kind of file: a table for each object in it, with a value of each field out of the examples. `intro`: what stands before them. */
export function referencePage(schema: object, intro: readonly string[], examples: readonly unknown[]): ReferencePage {
  const values = new Map<Node, Map<string, unknown>>();
  for (const example of examples) collect(schema as Node, example, values);
  const sections: string[] = [];
  const missing: string[] = [];
  const places = new Map<Node, string>();
  const visit = (node: Node, place: string): void => {
    if (places.has(node)) return;
    places.set(node, place);
    const rows = Object.entries(node.properties ?? {});
    const inner = rows.map(([name, field]) => partsOf(field, place === '' ? name : `${place}.${name}`));
    // Tables of parts come after this one; those that stand elsewhere already keep their place.
    const at = sections.push('') - 1;
    for (const [part, below] of inner.flat()) visit(part, below);
    sections[at] = [
      ...(place === '' ? [] : [`## ${code(place)}`, '', node.description ?? '', '']), '| field | type | default | meaning | example |', '|---|---|---|---|---|',
      ...rows.map(([name, field], index) => {
        const found = values.get(node);
        if (!found?.has(name)) missing.push(place === '' ? name : `${place}.${name}`);
        const links = inner[index]!.map(([part]) => `[more](#${anchorOf(places.get(part)!)})`);
        return `| ${code(name)} | ${typeOf(field)} | ${node.required?.includes(name) ? '*required*' : field.default === undefined ? '' : code(field.default)} | ${cell([meaningOf(field), ...new Set(links)].filter(Boolean).join(' '))} | ${found?.has(name) ? shown(found.get(name)) : ''} |`;
      }), '',
    ].join('\n');
  };
  visit(schema as Node, '');
  return { text: `${[...intro, ...sections].join('\n').trimEnd()}\n`, missing };
}

/** Objects below a field, with their places: `endpoints.{name}`, `slices[]`. */
function partsOf(field: Node, place: string): [part: Node, place: string][] {
  if (field.properties) return [[field, place]];
  if (isObject(field.additionalProperties)) return partsOf(field.additionalProperties as Node, `${place}.{name}`);
  if (field.items) return partsOf(field.items, `${place}[]`);
  return (field.anyOf ?? []).flatMap((branch) => partsOf(branch, place));
}

/** Notes the first value of each field, by the object that the field belongs to. */
function collect(node: Node, value: unknown, values: Map<Node, Map<string, unknown>>): void {
  for (const branch of node.anyOf ?? []) collect(branch, value, values);
  if (Array.isArray(value)) {
    for (const item of node.items ? value : []) collect(node.items!, item, values);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const part = Object.hasOwn(node.properties ?? {}, name) ? node.properties![name]! : isObject(node.additionalProperties) ? (node.additionalProperties as Node) : undefined;
    if (!part) continue;
    if (node.properties && Object.hasOwn(node.properties, name)) {
      const found = values.get(node) ?? new Map<string, unknown>();
      if (!found.has(name)) found.set(name, field);
      values.set(node, found);
    }
    collect(part, field, values);
  }
}

function typeOf({ type, enum: choices, const: only, items, additionalProperties, anyOf }: Node): string {
  if (only !== undefined) return code(only);
  if (anyOf && type === undefined) return [...new Set(anyOf.map(typeOf))].filter((name) => name !== 'any').join(' or ') || 'any';
  if (type === 'array') return items ? `list of ${typeOf(items)}` : 'list';
  if (type === 'object' && isObject(additionalProperties)) return `${typeOf(additionalProperties as Node)}, by name`;
  if (Array.isArray(type)) return (type as readonly string[]).join(' or ');
  return typeof type === 'string' ? type : choices ? 'one of' : 'any';
}

function meaningOf(field: Node): string {
  const values = (field.enum ?? []).map((value, index) => `${code(value)}${field.enumDescriptions?.[index] ? `: ${field.enumDescriptions[index]}` : ''}`).join(field.enumDescriptions ? ' ' : ', ');
  const limits = [field.minimum !== undefined && field.minimum !== 0 ? `at least ${field.minimum}` : '', field.maximum !== undefined ? `at most ${field.maximum}` : ''].filter(Boolean).join(', ');
  const text = [field.description ?? '', values, limits === '' ? '' : `(${limits})`, field.writeOnly ? '*secret*' : ''].filter(Boolean).join(' ');
  const items = field.items?.enum && !field.items.properties ? ` Each: ${field.items.enum.map(code).join(', ')}.` : '';
  return `${text}${items}`;
}

const longest = 120;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longest ? code(JSON.parse(text) as unknown) : '';
}

const anchorOf = (place: string): string => place.toLowerCase().replaceAll(/[^a-z\d_ -]/g, '').replaceAll(' ', '-');
