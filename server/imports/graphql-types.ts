import {
  getNamedType, getNullableType, isEnumType, isInputObjectType, isInterfaceType, isListType, isNonNullType, isObjectType, isScalarType, isUnionType,
  type GraphQLField, type GraphQLInterfaceType, type GraphQLInputType, type GraphQLObjectType, type GraphQLOutputType,
} from 'graphql';
import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';

/** What is asked of a value: its fields, a made-up answer, and where the records are. */
export interface Selection {
  /** ` { id name }`; empty where it is no object. */
  readonly text: string;
  readonly sample: unknown;
  /** JSON Schema of a record. */
  readonly schema: Json;
  /** Path of the records below the value: `.nodes`, `.edges[*].node` or nothing. */
  readonly records: string;
  readonly isList: boolean;
  readonly isConnection: boolean;
}

/** Fields of fields are asked for down to here; a step that needs more has the query changed. */
const levels = 2;
const mostFields = 60;

export function selectionOf(report: Report, type: GraphQLOutputType, name: string): Selection {
  const bare = getNullableType(type);
  const named = getNamedType(type);
  const connection = isObjectType(named) && !isListType(bare) ? connectionOf(named) : undefined;
  if (connection) {
    const node = partOf(report, connection.node, levels, name);
    const page = pageInfo(named as GraphQLObjectType);
    const text = connection.key === 'nodes' ? `nodes${node.text}` : `edges { node${node.text} }`;
    const info = Object.fromEntries(page.map((field) => [field, field.startsWith('has') ? false : null]));
    return {
      text: ` { ${text} pageInfo { ${page.join(' ')} } }`, schema: node.schema, isList: true, isConnection: page.includes('endCursor') && page.includes('hasNextPage'), records: connection.key === 'nodes' ? '.nodes' : '.edges[*].node',
      sample: { ...(connection.key === 'nodes' ? { nodes: [node.sample] } : { edges: [{ node: node.sample }] }), pageInfo: info },
    };
  }
  const isList = isListType(bare);
  const part = partOf(report, isList ? (bare.ofType as GraphQLOutputType) : type, levels, name);
  return { text: part.text, schema: part.schema, sample: isList ? [part.sample] : part.sample, records: '', isList, isConnection: false };
}

/** The nodes of a Relay connection. */
function connectionOf(type: GraphQLObjectType): { readonly key: 'nodes' | 'edges'; readonly node: GraphQLOutputType } | undefined {
  const fields = type.getFields();
  if (!fields['pageInfo'] || pageInfo(type).length === 0) return undefined;
  const itemOf = (field: GraphQLField<unknown, unknown> | undefined): GraphQLOutputType | undefined => {
    const list = field && getNullableType(field.type);
    return isListType(list) ? (list.ofType as GraphQLOutputType) : undefined;
  };
  const node = itemOf(fields['nodes']);
  if (node) return { key: 'nodes', node };
  const edge = itemOf(fields['edges']);
  const edgeType = edge && getNamedType(edge);
  const inner = isObjectType(edgeType) ? edgeType.getFields()['node'] : undefined;
  return inner && { key: 'edges', node: inner.type };
}

function pageInfo(type: GraphQLObjectType): string[] {
  const info = getNamedType(type.getFields()['pageInfo']!.type);
  return isObjectType(info) ? ['hasNextPage', 'endCursor'].filter((name) => info.getFields()[name]) : [];
}

interface Part {
  readonly text: string;
  readonly sample: unknown;
  readonly schema: Json;
}

/** Empty text of an object: it has nothing that can be asked for at this depth. */
function partOf(report: Report, type: GraphQLOutputType, depth: number, where: string): Part {
  const bare = getNullableType(type);
  const isNullable = !isNonNullType(type);
  if (isListType(bare)) {
    const item = partOf(report, bare.ofType as GraphQLOutputType, depth, where);
    return { text: item.text, sample: [item.sample], schema: orNull({ type: 'array', items: item.schema }, isNullable) };
  }
  if (isScalarType(bare)) return { text: '', sample: scalarSample(bare.name), schema: orNull(scalarSchema(bare.name), isNullable) };
  if (isEnumType(bare)) return { text: '', sample: bare.getValues()[0]?.name ?? '', schema: orNull({ type: 'string' }, isNullable) };
  if (isUnionType(bare)) return { text: ' { __typename }', sample: { __typename: bare.getTypes()[0]?.name ?? '' }, schema: orNull({ type: 'object', properties: { __typename: { type: 'string' } } }, isNullable) };
  return objectPart(report, bare as GraphQLObjectType | GraphQLInterfaceType, depth, where, isNullable);
}

function objectPart(report: Report, type: GraphQLObjectType | GraphQLInterfaceType, depth: number, where: string, isNullable: boolean): Part {
  const parts: (readonly [name: string, part: Part])[] = isInterfaceType(type) ? [['__typename', { text: '', sample: 'text', schema: { type: 'string' } }]] : [];
  for (const field of Object.values(type.getFields())) {
    if (field.deprecationReason !== undefined && field.deprecationReason !== null) continue;
    if (field.args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)) {
      report.skip(`The field ${type.name}.${field.name}`, 'It needs arguments of its own: add it to the query where it is wanted.');
      continue;
    }
    const inner = getNamedType(field.type);
    const isLeaf = isScalarType(inner) || isEnumType(inner);
    if (!isLeaf && (depth <= 1 || (isObjectType(inner) && connectionOf(inner) !== undefined))) continue;
    if (parts.length >= mostFields) {
      report.skip(`Further fields of ${type.name}`, `A query asks for ${mostFields} fields of a record at most: add those that are wanted.`);
      break;
    }
    const part = partOf(report, field.type, depth - 1, `${where}.${field.name}`);
    if (isLeaf || part.text !== '') parts.push([field.name, part]);
  }
  const shown = parts.length > 0 ? parts : [['__typename', { text: '', sample: type.name, schema: { type: 'string' } }] as const];
  return {
    text: ` { ${shown.map(([name, { text }]) => `${name}${text}`).join(' ')} }`, sample: Object.fromEntries(shown.map(([name, { sample }]) => [name, sample])),
    schema: orNull({ type: 'object', properties: Object.fromEntries(shown.map(([name, { schema }]) => [name, schema])) }, isNullable && depth < levels),
  };
}

const orNull = (schema: Json, isNullable: boolean): Json => (isNullable && typeof schema['type'] === 'string' ? { ...schema, type: [schema['type'], 'null'] } : schema);

/** JSON Schema of what an argument takes, so many levels deep. */
export function inputSchema(type: GraphQLInputType, depth: number): Json {
  const bare = getNullableType(type);
  if (isListType(bare)) return { type: 'array', items: inputSchema(bare.ofType as GraphQLInputType, depth) };
  if (isEnumType(bare)) return { type: 'string', enum: bare.getValues().map(({ name }) => name) };
  if (!isInputObjectType(bare)) return isScalarType(bare) ? scalarSchema(bare.name) : {};
  if (depth <= 0) return { type: 'object' };
  const fields = Object.values(bare.getFields());
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined).map(({ name }) => name);
  return { type: 'object', properties: Object.fromEntries(fields.map((field) => [field.name, inputSchema(field.type, depth - 1)])), ...(required.length > 0 && { required }) };
}

/** Of scalars that a schema makes up only their name is known: any value will do. */
function scalarSchema(name: string): Json {
  const known: Readonly<Record<string, Json>> = { Int: { type: 'integer' }, Float: { type: 'number' }, Boolean: { type: 'boolean' }, String: { type: 'string' }, ID: { type: ['string', 'integer'] } };
  return Object.hasOwn(known, name) ? known[name]! : {};
}

const scalarSample = (name: string): unknown => ({ Int: 1, Float: 1.5, Boolean: true, ID: '1' })[name] ?? 'text';
