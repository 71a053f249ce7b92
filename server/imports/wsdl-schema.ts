import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';
import { sentenceOf } from './words.ts';
import { childOf, childrenOf, type QName, type XmlNode } from './xml-nodes.ts';

const xsd = 'http://www.w3.org/2001/XMLSchema';

/** An element that may stand inside of another. */
export interface Field {
  readonly name: string;
  /** Of the element; empty where it has none. */
  readonly space: string;
  readonly type: TypeOf;
  readonly isNeeded: boolean;
  readonly isList: boolean;
  readonly description?: string;
}

/** A type: fields and attributes, or a simple value. */
export interface TypeOf {
  /** Undefined: a simple value. Asked for when needed, since types may hold themselves. */
  fields?(): readonly Field[];
  readonly schema: Json;
}

export interface XmlTypes {
  /** An element that stands by itself. */
  element(name: QName): Field | undefined;
  type(name: QName): TypeOf;
}

/** The types of XML Schemas. References to schemas in other documents are reported, never followed. */
export function readTypes(report: Report, schemas: readonly XmlNode[]): XmlTypes {
  const index = (kind: string): Map<string, { readonly node: XmlNode; readonly schema: XmlNode }> => new Map(schemas.flatMap((schema) => childrenOf(schema, kind).map((node) => [keyOf({ space: schema.attributes['targetNamespace'] ?? '', name: node.attributes['name'] ?? '' }), { node, schema }] as const)));
  const [elements, complex, simple, groups] = [index('element'), index('complexType'), index('simpleType'), index('group')] as const;
  for (const schema of schemas) for (const child of schema.children) if ((child.name === 'import' || child.name === 'include') && child.attributes['schemaLocation']) report.skip(child.attributes['schemaLocation'], 'It lies in another document; references to others are not followed.');
  const type = (name: QName): TypeOf => {
    if (name.space === xsd) return { schema: builtIn(name.name) };
    const found = complex.get(keyOf(name));
    if (found) return complexOf(found.node, found.schema);
    const plain = simple.get(keyOf(name));
    return plain ? { schema: simpleOf(plain.node) } : { schema: {} };
  };
  const simpleOf = (node: XmlNode): Json => {
    const restriction = childOf(node, 'restriction');
    const base = restriction?.attributes['base'];
    const choices = childrenOf(restriction, 'enumeration').map(({ attributes }) => attributes['value'] ?? '');
    return { ...(base !== undefined ? type(restriction!.resolve(base)).schema : { type: 'string' }), ...(choices.length > 0 && { type: 'string', enum: [...new Set(choices)] }) };
  };
  const complexOf = (node: XmlNode, schema: XmlNode): TypeOf => {
    const content = childOf(childOf(node, 'complexContent') ?? childOf(node, 'simpleContent'), 'extension') ?? childOf(childOf(node, 'complexContent') ?? childOf(node, 'simpleContent'), 'restriction');
    const base = content?.attributes['base'];
    return {
      schema: { type: 'object' },
      fields: () => [...(base !== undefined ? (type(content!.resolve(base)).fields?.() ?? (childOf(node, 'simpleContent') ? [textField(type(content!.resolve(base)).schema)] : [])) : []), ...particles(content ?? node, schema, false, false), ...attributesOf(content ?? node)],
    };
  };
  const attributesOf = (node: XmlNode): Field[] => childrenOf(node, 'attribute').filter(({ attributes }) => attributes['name'] !== undefined && attributes['use'] !== 'prohibited').map((attribute) => ({
    name: `@${attribute.attributes['name']!}`, space: '', isNeeded: attribute.attributes['use'] === 'required', isList: false, type: attribute.attributes['type'] === undefined ? { schema: { type: 'string' } } : { schema: type(attribute.resolve(attribute.attributes['type'])).schema },
  }));
  const particles = (node: XmlNode, schema: XmlNode, isOptional: boolean, isMany: boolean): Field[] => node.children.flatMap((child) => {
    const optional = isOptional || child.attributes['minOccurs'] === '0' || node.name === 'choice';
    const many = isMany || (child.attributes['maxOccurs'] ?? '1') !== '1';
    if (child.name === 'element') return fieldOf(child, schema, optional, many);
    if (child.name === 'sequence' || child.name === 'all' || child.name === 'choice') return particles(child, schema, optional, many);
    const group = child.name === 'group' && child.attributes['ref'] !== undefined ? groups.get(keyOf(child.resolve(child.attributes['ref']))) : undefined;
    return group ? particles(group.node, group.schema, optional, many) : [];
  });
  const fieldOf = (node: XmlNode, schema: XmlNode, isOptional: boolean, isMany: boolean): Field[] => {
    if (node.attributes['ref'] !== undefined) {
      const found = element(node.resolve(node.attributes['ref']));
      return found ? [{ ...found, isNeeded: !isOptional, isList: isMany }] : [];
    }
    const isQualified = (node.attributes['form'] ?? schema.attributes['elementFormDefault']) === 'qualified';
    return [made(node, schema, isQualified ? (schema.attributes['targetNamespace'] ?? '') : '', !isOptional, isMany)];
  };
  const made = (node: XmlNode, schema: XmlNode, space: string, isNeeded: boolean, isList: boolean): Field => {
    const description = sentenceOf(childOf(childOf(node, 'annotation'), 'documentation')?.text);
    const [complexHere, simpleHere, named] = [childOf(node, 'complexType'), childOf(node, 'simpleType'), node.attributes['type']];
    const own: TypeOf = named !== undefined ? type(node.resolve(named)) : complexHere ? complexOf(complexHere, schema) : simpleHere ? { schema: simpleOf(simpleHere) } : { schema: {} };
    return { name: node.attributes['name'] ?? '', space, type: own, isNeeded, isList, ...(description !== undefined && { description }) };
  };
  const element = (name: QName): Field | undefined => {
    const found = elements.get(keyOf(name));
    return found && made(found.node, found.schema, name.space, true, false);
  };
  return { element, type };
}

const keyOf = ({ space, name }: QName): string => `${space} ${name}`;
const textField = (schema: Json): Field => ({ name: '#text', space: '', type: { schema }, isNeeded: true, isList: false });

function builtIn(name: string): Json {
  if (/^(int|integer|long|short|byte|unsigned.*|.*Integer)$/.test(name)) return { type: 'integer' };
  if (/^(decimal|float|double)$/.test(name)) return { type: 'number' };
  if (name === 'boolean') return { type: 'boolean' };
  return name === 'anyType' ? {} : { type: 'string' };
}

/** JSON Schema of a field, so many levels deep. `read`: of an answer, where every value is text and nothing is certain; holds the names of what is always a list. */
export function schemaOf({ name, type, isList, description }: Field, depth: number, read?: ReadonlySet<string>): Json {
  const fields = depth > 0 ? type.fields?.() : undefined;
  const own: Json = fields
    ? { type: 'object', properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field, depth - 1, read)])), ...(!read && fields.some(({ isNeeded }) => isNeeded) && { required: [...new Set(fields.filter(({ isNeeded }) => isNeeded).map(({ name }) => name))] }) }
    : type.fields ? { type: 'object' } : read && type.schema['type'] !== undefined ? { type: 'string' } : type.schema;
  // One alone is no list when it is read.
  const whole = !isList ? own : read && !read.has(name) ? {} : { type: 'array', items: own };
  return { ...whole, ...(description !== undefined && depth >= 2 && { description }) };
}

/** What the answer holds: its one list, below whatever wraps it, else the answer itself. `record`: one of it. */
export function recordsOf(output: Field): { readonly path: readonly string[]; readonly record: Field } {
  const path = [output.name];
  for (let field = output; path.length < 6;) {
    const [only, ...others] = field.type.fields?.() ?? [];
    if (!only || others.length > 0 || only.name.startsWith('@') || only.name === '#text') break;
    path.push(only.name);
    if (only.isList) return { path, record: { ...only, isList: false } };
    field = only;
  }
  return { path: [output.name], record: output };
}

/** Names of what may come several times, so many levels deep: one that comes alone is a list, too. A name that is also no list somewhere is left out. */
export function listNames(output: Field, depth: number): ReadonlySet<string> {
  const [lists, others] = [new Set<string>(), new Set<string>()];
  const look = (field: Field, left: number): void => {
    (field.isList ? lists : others).add(field.name);
    if (left > 0) for (const inner of field.type.fields?.() ?? []) look(inner, left - 1);
  };
  look(output, depth);
  return new Set([...lists].filter((name) => !others.has(name)));
}

/** A made-up value, as it is read. */
export function sampleOf({ name, type, isList }: Field, depth: number, lists: ReadonlySet<string>): unknown {
  const fields = depth > 0 ? type.fields?.() : undefined;
  const value = fields ? Object.fromEntries(fields.slice(0, 20).map((field) => [field.name, sampleOf(field, depth - 1, lists)])) : type.fields ? {} : String(Array.isArray(type.schema['enum']) ? type.schema['enum'][0] : ({ integer: 1, number: 1.5, boolean: true } as Readonly<Record<string, unknown>>)[String(type.schema['type'])] ?? 'text');
  return isList && lists.has(name) ? (depth > 0 ? [value] : []) : value;
}
