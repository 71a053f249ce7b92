import type { EndpointExample } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { exampleOf, isJsonType } from './openapi-body.ts';
import { merged, type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import { madeSample } from './sample-value.ts';

export interface ReadAnswer {
  readonly response: EndpointExample['response'];
  /** A body for it that is made of the schema, for where the example contradicts that. */
  made(): unknown;
  /** Path of the records, where they are not the whole answer. */
  readonly records?: string;
  /** Schema of one record, with its references. */
  readonly record?: unknown;
  readonly givesList: boolean;
  /** Fields of the answer beside the records, with two levels, for what pages are recognised by: `meta.next_cursor`. */
  readonly fields: ReadonlyMap<string, Json>;
  readonly headers: readonly string[];
}

/** What an operation answers when all goes well. */
export function readAnswer(source: SchemaSource, responses: unknown, entity: string): ReadAnswer {
  const all = isObject(responses) ? Object.entries(responses) : [];
  const [status, given] = all.find(([code]) => /^2(\d\d|XX)$/i.test(code)) ?? all.find(([code]) => code === 'default') ?? ['200', {}];
  const answer = source.resolve(given);
  const content = isObject(answer['content']) ? Object.entries(answer['content']) : [];
  const mediaType = content.find(([type]) => isJsonType(type));
  const body = mediaType && source.resolve(mediaType[1]);
  const schema = body?.['schema'] === undefined ? {} : merged(source, source.resolve(body['schema']), 3);
  const found = findRecords(source, schema, entity);
  const sample = body && exampleOf(source, body, 4);
  return {
    response: { status: /^\d{3}$/.test(status) ? Number(status) : 200, ...(sample !== undefined && { body: fitting(source, body!, sample) }) },
    made: () => (body?.['schema'] === undefined ? undefined : madeSample(source, body['schema'], 4)),
    ...(found && { records: found.path }),
    ...(body?.['schema'] !== undefined && { record: found ? found.items : body['schema'] }),
    givesList: found !== undefined, fields: fieldsOf(source, schema), headers: isObject(answer['headers']) ? Object.keys(answer['headers']).map((name) => name.toLowerCase()) : [],
  };
}

const mostExampleCharacters = 4000;

/** A long example is replaced by a shorter one that is made of the schema. */
function fitting(source: SchemaSource, body: Json, sample: unknown): unknown {
  if (JSON.stringify(sample).length <= mostExampleCharacters) return sample;
  const shorter = body['schema'] === undefined ? undefined : exampleOf(source, { schema: body['schema'] }, 2);
  return shorter !== undefined && JSON.stringify(shorter).length <= mostExampleCharacters ? shorter : undefined;
}

/** Names under which lists of records commonly stand. */
const usual: ReadonlySet<string> = new Set(['data', 'items', 'results', 'records', 'values', 'entries', 'content', 'value', 'objects', 'rows', 'list', 'members']);

/** The list of records in an answer, where it is plain which: the answer itself, its only list of objects, or one that is called as lists are, or after the entity. */
function findRecords(source: SchemaSource, schema: Json, entity: string): { readonly path: string; readonly items: unknown } | undefined {
  if (isList(schema)) return { path: '$', items: schema['items'] };
  if (!isObject(schema['properties'])) return undefined;
  const lists = Object.entries(schema['properties']).flatMap(([name, part]) => {
    const inner = merged(source, source.resolve(part), 3);
    return isList(inner) && isDocument(source, inner['items']) ? [{ name, items: inner['items'] }] : [];
  }).filter(({ name }) => !/^(errors?|warnings?|_?links|included)$/i.test(name));
  const plain = entity.replaceAll('-', '').replace(/s$/, '');
  const isNamed = ({ name }: { readonly name: string }): boolean => usual.has(name.toLowerCase()) || name.toLowerCase().replaceAll(/[^a-z\d]/g, '').replace(/s$/, '') === plain;
  const named = lists.filter(isNamed);
  const [only] = named.length === 1 ? named : lists.length === 1 && isOnlyContent(schema['properties'], lists[0]!.name) ? lists : [];
  return only && { path: /^[A-Za-z_]\w*$/.test(only.name) ? `$.${only.name}` : `$[${JSON.stringify(only.name)}]`, items: only.items };
}

const isList = (schema: Json): boolean => isObject(schema['items']) && schema['type'] !== 'object';
const isDocument = (source: SchemaSource, items: unknown): boolean => {
  const schema = merged(source, source.resolve(items), 3);
  return schema['type'] === 'object' || isObject(schema['properties']) || Array.isArray(schema['oneOf']) || Array.isArray(schema['anyOf']);
};

/** An order with its lines is no list of lines: what stands beside a list of records only tells about the list. */
const aboutLists = /^(errors?|warnings?|_?links?|meta(data)?|response_metadata|paging|pagination|page.*|per_?page|next.*|prev.*|first.*|last.*|total.*|count|size|limit|offset|cursor|has_?.*|is_?.*|ok|object|url|self|status|code|message|success|kind|etag|before|after|hits.*|nb.*|params|query|processing.*)$/i;
const isOnlyContent = (properties: Json, list: string): boolean => Object.keys(properties).every((name) => name === list || aboutLists.test(name));

function fieldsOf(source: SchemaSource, schema: Json): ReadonlyMap<string, Json> {
  const fields = new Map<string, Json>();
  for (const [name, part] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {})) {
    const inner = merged(source, source.resolve(part), 2);
    fields.set(name, inner);
    if (isObject(inner['properties']) && !isObject(inner['items'])) for (const [below, deeper] of Object.entries(inner['properties'])) fields.set(`${name}.${below}`, source.resolve(deeper));
  }
  return fields;
}
