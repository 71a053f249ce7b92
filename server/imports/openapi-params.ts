import type { EndpointParam, ParamStyle } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { asParam, paramStyles } from '../model/param-schema.ts';
import { freeParam } from '../model/words.ts';
import { plainSchema, type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import { fits, madeSample, sampleValue, tellUnfit } from './sample-value.ts';
import { isSecretName } from '../model/secret-names.ts';
import { hidden, looksSecret } from '../model/secret-shapes.ts';
import { withoutSecrets } from './secret-values.ts';
import { paramExpression, sentenceOf } from './words.ts';

export interface ReadParams {
  readonly path: string;
  readonly params: Readonly<Record<string, EndpointParam>>;
  /** Values of the params that must be given, for the example. */
  readonly sample: Readonly<Record<string, unknown>>;
  /** Names in the query, for what pages are recognised by. */
  readonly query: readonly string[];
}

/** The params of an operation and its path with their expressions. `given`: of the path first, then of the operation, which override them. */
export function readParams(source: SchemaSource, path: string, given: readonly unknown[], where: string): ReadParams {
  const byPlace = new Map<string, Json>();
  for (const entry of given) {
    const param = source.resolve(entry);
    if (typeof param['name'] === 'string' && typeof param['in'] === 'string') byPlace.set(`${param['in']} ${param['in'] === 'header' ? param['name'].toLowerCase() : param['name']}`, param);
  }
  const params = new Map<string, EndpointParam>();
  const sample: Record<string, unknown> = {};
  const inPath = new Map<string, string>();
  for (const part of path.matchAll(/\{([^{}]+)\}/g)) if (!byPlace.has(`path ${part[1]!}`)) byPlace.set(`path ${part[1]!}`, { name: part[1]!, in: 'path', required: true, schema: { type: 'string' } });
  for (const param of byPlace.values()) {
    const wire = param['name'] as string;
    if (!isTaken(source, param, path, where)) continue;
    const name = freeParam(wire, (other) => params.has(other));
    const read = paramOf(source, param, name, where);
    params.set(name, read.param);
    if (read.param.required === true) sample[name] = read.sample;
    if (param['in'] === 'path') inPath.set(wire, name);
  }
  const query = [...byPlace.values()].filter((param) => param['in'] === 'query').map((param) => param['name'] as string);
  const template = path.split(/(\{[^{}]+\})/).map((part) => (inPath.has(part.slice(1, -1)) && part.startsWith('{') ? paramExpression(inPath.get(part.slice(1, -1))!) : encodedPath(part))).join('');
  return { path: template, params: Object.fromEntries(params), sample, query };
}

/** What an address cannot hold as it stands; what is encoded already stays. Braces are among it, so none of them opens an expression. */
const encodedPath = (text: string): string => text.toWellFormed().replaceAll(/[^!#$%&'()*+,\-./\d:;=?@A-Z[\]_a-z~]+/g, encodeURIComponent);

/** Headers that OpenAPI itself tells elsewhere. */
const ownHeaders = /^(accept|content-type|content-length|host)$/i;

function isTaken({ report }: SchemaSource, param: Json, path: string, where: string): boolean {
  const { name, in: place } = param as { readonly name: string; readonly in: string };
  const what = `The parameter ${JSON.stringify(name)} of ${where}`;
  if (name === '') report.skip(`A parameter of ${where}`, 'It has no name.');
  else if (place === 'cookie') report.skip(what, 'A manifest sends no parameters in cookies; the auth method `api-key` can send one.');
  else if (place === 'header' && /^(proxy-)?authorization$/i.test(name)) {
    report.skip(what, 'A header that signs in belongs to an auth method, not to the parameters.');
    report.suggest({ kind: 'auth', value: { type: 'bearer' }, score: 0.6, why: `${where} takes the header ${name} as a parameter.` });
  } else if (place === 'header' && ownHeaders.test(name)) report.skip(what, 'Its value follows from the format of the body and of the answer.');
  else if (place === 'path' && !path.includes(`{${name}}`)) report.skip(what, 'The path has no place for it.');
  else if (place === 'query' || place === 'header' || place === 'path') return true;
  else report.skip(what, `There is no place ${JSON.stringify(place)} for parameters.`);
  return false;
}

function paramOf(source: SchemaSource, param: Json, name: string, where: string): { readonly param: EndpointParam; readonly sample: unknown } {
  const wire = param['name'] as string;
  const place = param['in'] as 'query' | 'header' | 'path';
  const content = isObject(param['content']) ? Object.values(param['content'])[0] : undefined;
  const given = content === undefined ? param['schema'] : source.resolve(content)['schema'];
  const { default: standard, ...own } = { ...source.resolve(given) };
  const schema = plainSchema(source, given, 3);
  const isRequired = param['required'] === true || place === 'path';
  const isSecret = isSecretName(wire) || (typeof standard === 'string' && looksSecret(standard, wire));
  if (isSecret) source.report.hide(String(standard ?? ''));
  const isDefaultPlain = standard !== undefined && standard !== null && !isSecret;
  const described = sentenceOf(param['description']) ?? schema['description'];
  // A default that is sent without need would be fixed for ever, whatever the server thinks better later.
  const note = !isRequired && isDefaultPlain ? `Default: ${JSON.stringify(standard)}.` : undefined;
  const description = [described, note].filter(Boolean).join(' ');
  const style = content === undefined ? styleOf(source, param, place, schema['type'], where) : { style: 'json' as const };
  return {
    param: {
      ...asParam(schema, isRequired), ...(description && { description }), ...(isRequired && isDefaultPlain && { default: standard }),
      in: place, ...(wire !== name && { name: wire }), ...style,
    } as EndpointParam,
    sample: withoutSecret(source, wire, fittingParam(source, given, schema, param['example'] ?? firstExample(source, param['examples']) ?? own['example'] ?? sampleValue(source, given, 2), `${JSON.stringify(name)} of ${where}`)),
  };
}

function fittingParam(source: SchemaSource, given: unknown, schema: object, sample: unknown, what: string): unknown {
  if (fits(schema, [sample])) return sample;
  tellUnfit(source, what);
  return madeSample(source, given, 2);
}

const withoutSecret = ({ report }: SchemaSource, name: string, sample: unknown): unknown => withoutMarks((withoutSecrets({ [name]: sample }, report.hide) as Json)[name]);
// What a header cannot carry would be no example of one.
const withoutMarks = (sample: unknown): unknown => (typeof sample === 'string' ? sample.replaceAll(hidden, 'secret') : sample);
const firstExample = (source: SchemaSource, examples: unknown): unknown => (isObject(examples) ? source.resolve(Object.values(examples)[0])['value'] : undefined);

const standardStyle = { query: 'form', header: 'simple', path: 'simple' } as const;

/** Only where it makes a difference: a list or an object, or a style that marks every value. */
function styleOf({ report }: SchemaSource, param: Json, place: 'query' | 'header' | 'path', type: unknown, where: string): { readonly style?: ParamStyle; readonly explode?: boolean } {
  const style = (param['style'] ?? standardStyle[place]) as ParamStyle;
  const explode = typeof param['explode'] === 'boolean' ? param['explode'] : style === 'form' || style === 'deepObject';
  if (param['allowReserved'] === true) report.skip(`allowReserved of ${JSON.stringify(param['name'])} of ${where}`, 'Reserved characters in values are always percent-encoded, which servers read the same.');
  if (!(paramStyles[place] as readonly string[]).includes(style)) {
    report.skip(`The style of ${JSON.stringify(param['name'])} of ${where}`, `A manifest knows no style ${JSON.stringify(style)} in the ${place}.`);
    return {};
  }
  const isPlain = typeof type === 'string' && !['array', 'object'].includes(type);
  if (isPlain && style !== 'label' && style !== 'matrix') return {};
  // A list in the query that is written once per item is what a manifest does by itself.
  if (type === 'array' && style === 'form' && explode) return {};
  return { style, ...(explode !== (style === 'form' || style === 'deepObject') && { explode }) };
}
