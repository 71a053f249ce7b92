import { FlowError } from '../../plugins/sdk/index.ts';
import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { connectorOfRequests, decoded, nameAfter, type Captured } from './captured.ts';
import { headerOf, objectOf, readBodyText } from './captured-body.ts';
import { createReport, type ImportResult, type Report } from './import-result.ts';
import { readPostmanAuth } from './postman-auth.ts';
import { readText, type Json } from './read-text.ts';
import { isSecretName } from '../model/secret-names.ts';
import { secretIn } from './secret-segments.ts';
import { looksSecret } from '../model/secret-shapes.ts';
import { secretsAreNamed, type Pair } from './secret-values.ts';
import { sentenceOf } from './words.ts';

/** What is known on the way down through the folders. */
interface Place {
  readonly report: Report;
  /** A text with the variables that have a value. */
  readonly fill: (text: string) => string;
  /** Names of the folders and of the request. */
  readonly names: readonly string[];
  /** How all below sign in that do not say otherwise. */
  readonly auth: Readonly<Record<string, PluginUse>>;
}

/** A connector out of a Postman collection of version 2.0 or 2.1, one endpoint per request. */
export function importPostman(text: string): ImportResult {
  const given = readText(text, 'collection');
  // An export through the API of Postman has a wrapper around it.
  const root = isObject(given['collection']) ? given['collection'] : given;
  const info = isObject(root['info']) ? root['info'] : {};
  if (!Array.isArray(root['item'])) throw new FlowError('DATA_INVALID', 'The collection has no items: it is no Postman collection of version 2.0 or 2.1.', { place: { line: 1, column: 1 }, remedy: 'Export the collection as version 2.1.' });
  const report = createReport();
  const fill = filler(report, root['variable']);
  const auth = readPostmanAuth(report, root['auth'], fill, 'the collection');
  const place: Place = { report, fill, names: [], auth };
  if (rows(root['event']).some(hasScript)) report.skip('The scripts of the collection', scriptsAreNotRun);
  const requests = requestsOf(place, root['item']);
  const summary = sentenceOf(textOf(info['description']));
  return connectorOfRequests({ title: textOf(info['name']) || undefined, ...(summary !== undefined && { summary }), source: `Postman collection: ${textOf(info['name'])}`, report, isMerged: false, auth }, requests);
}

const scriptsAreNotRun = 'Scripts of Postman are not run: what they do belongs into a flow.';
/** A description is a text, or an object with one. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : isObject(value) && typeof value['content'] === 'string' ? value['content'] : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');
const rows = (value: unknown): Json[] => (Array.isArray(value) ? (value as unknown[]) : []).filter(isObject);
const isOn = (row: Json): boolean => row['disabled'] !== true;

/** Variables may name each other; a row of more than ten is a circle. Those that hold a secret stay open. */
function filler(report: Report, variables: unknown): (text: string) => string {
  const values = new Map(rows(variables).filter((row) => isOn(row) && textOf(row['value']) !== '').flatMap((row) => {
    const [name, value] = [textOf(row['key'] ?? row['id']), textOf(row['value'])];
    if (row['type'] !== 'secret' && !looksSecret(value) && (!isSecretName(name) || /^https?:\/\/[^@]*$|^\{\{[^{}]*\}\}$/.test(value))) return [[name, value]];
    report.hide(value);
    report.skip(`The value of the variable ${name}`, secretsAreNamed);
    return [];
  }));
  return (text) => {
    let filled = text;
    for (let round = 0; round < 10 && filled.includes('{{') && filled.length < 100_000; round++) filled = filled.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole);
    return filled;
  };
}

function requestsOf(place: Place, items: unknown): Captured[] {
  return rows(items).flatMap((item) => {
    const names = [...place.names, textOf(item['name'])];
    const where = names.join(' / ');
    if (rows(item['event']).some(hasScript)) place.report.skip(`The scripts of ${where}`, scriptsAreNotRun);
    const request = typeof item['request'] === 'string' ? { url: item['request'], method: 'GET' } : item['request'];
    const own = isObject(request) ? request['auth'] : item['auth'];
    const inner: Place = { ...place, names, auth: isObject(own) ? readPostmanAuth(place.report, own, place.fill, where) : place.auth };
    if (Array.isArray(item['item'])) return requestsOf(inner, item['item']);
    return isObject(request) ? requestOf(inner, request, item) : [];
  });
}

const hasScript = (event: Json): boolean => isObject(event['script']) && (Array.isArray(event['script']['exec']) ? event['script']['exec'] : [event['script']['exec']]).some((line) => textOf(line).trim() !== '');

function requestOf(place: Place, request: Json, item: Json): Captured[] {
  const { fill, report, names } = place;
  const address = addressOf(place, request['url']);
  if (!address) {
    report.skip(names.join(' / '), 'It has no address.');
    return [];
  }
  const headers = headersOf(place, request['header']);
  const body = bodyOf(place, request['body'], headers);
  const answers = rows(item['response']);
  if (answers.length > 1) report.skip(`Further examples of ${names.join(' / ')}`, 'An endpoint takes one example of each request; the first that went well was taken.');
  const answer = answers.find(({ code }) => Number(code) >= 200 && Number(code) < 400) ?? answers[0];
  const summary = sentenceOf(textOf(request['description']));
  return [{
    name: names.at(-1)!, ...(summary !== undefined && { summary }), method: (textOf(request['method']) || 'GET').toUpperCase(), ...address, headers, auth: place.auth, ...(body && { body }),
    ...(answer && Number(answer['code']) >= 100 && { answer: answerOf(answer, fill) }),
  }];
}

function answerOf(answer: Json, fill: Place['fill']): NonNullable<Captured['answer']> {
  const headers = rows(answer['header']).map((row): Pair => [textOf(row['key']), textOf(row['value'])]);
  const read = readBodyText(headerOf(headers, 'content-type') ?? (answer['_postman_previewlanguage'] === 'json' ? 'application/json' : ''), fill(textOf(answer['body'])));
  return { status: Number(answer['code']), mediaType: read?.mediaType ?? '', headers: headers.filter(([name]) => /^link$/i.test(name)), value: read?.value };
}

const headersOf = ({ fill }: Place, given: unknown): Pair[] => (typeof given === 'string'
  ? given.split('\n').filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')).trim(), fill(line.slice(line.indexOf(':') + 1).trim())])
  : rows(given).filter((row) => isOn(row) && textOf(row['key']) !== '').map((row) => [textOf(row['key']).trim(), fill(textOf(row['value']))]));

type Address = Pick<Captured, 'origin' | 'path' | 'values' | 'query' | 'optional'>;

function addressOf({ fill, report, names }: Place, given: unknown): Address | undefined {
  const url = isObject(given) ? given : {};
  // Postman itself sends what the parts say; the raw text may be older.
  const raw = fill(typeof given === 'string' ? given : builtOf(url) || textOf(url['raw'])).trim();
  if (raw === '') return undefined;
  const [whole = '', search = ''] = [raw.split(/[?#]/, 1)[0], /\?([^#]*)/.exec(raw)?.[1]];
  const [, scheme, user, host = '', below = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:([^/]*)@)?([^/]*)(.*)$/is.exec(whole)!;
  if (user !== undefined) {
    for (const word of user.split(':')) report.hide(decoded(word));
    report.skip(`User name and password in the address of ${names.join(' / ')}`, secretsAreNamed);
  }
  const isKnown = host !== '' && !host.includes('{{') && !(scheme ?? '').includes('{{');
  const variables = rows(url['variable']);
  const values: Record<string, string> = {};
  const keep = (name: string): string => {
    const value = fill(textOf(variables.find((row) => textOf(row['key'] ?? row['id']) === name)?.['value']));
    values[name] = value === '' || value.includes('{{') ? 'text' : value;
    return `{${name}}`;
  };
  const parts = below.split('/');
  const path = parts.map((part, index) => {
    if (/^:[^:]/.test(part)) return keep(part.slice(1));
    const secret = part.includes('{{') ? undefined : secretIn(decoded(part), decoded(parts[index - 1] ?? ''));
    if (!secret) return part.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) => keep(name));
    const name = nameAfter(secret.name, values);
    values[name] = secret.value;
    return `${secret.before}{${name}}`;
  }).join('/');
  const inRows = rows(url['query']).filter((row) => typeof row['key'] === 'string');
  // What Postman has is the text of an address: what is encoded there is sent as it is.
  const textIn = (part: string): string => part.replaceAll('+', ' ').replaceAll(/(%[\da-f]{2})+/gi, decoded);
  const pairOf = (row: Json): Pair => [textIn(fill(textOf(row['key']))), textIn(fill(textOf(row['value'])))];
  const query = Array.isArray(url['query']) ? inRows.filter(isOn).map(pairOf) : search.split('&').filter((part) => part !== '').map((part): Pair => [textIn(part.split('=', 1)[0]!), textIn(part.includes('=') ? part.slice(part.indexOf('=') + 1) : '')]);
  return { origin: isKnown ? `${(scheme ?? 'https').toLowerCase()}://${host}` : host.includes('{{') ? host : '', path, values, query, optional: inRows.filter((row) => !isOn(row)).map(pairOf) };
}

function builtOf(url: Json): string {
  const join = (parts: unknown, separator: string): string => (Array.isArray(parts) ? (parts as unknown[]).map((part) => (isObject(part) ? textOf(part['value']) : textOf(part))).join(separator) : textOf(parts));
  const host = join(url['host'], '.');
  const path = join(url['path'], '/').replace(/^\/?/, '/');
  return host === '' ? '' : `${textOf(url['protocol']) ? `${textOf(url['protocol'])}://` : ''}${host}${textOf(url['port']) ? `:${textOf(url['port'])}` : ''}${path}`;
}

function bodyOf({ fill, report, names }: Place, given: unknown, headers: readonly Pair[]): Captured['body'] {
  if (!isObject(given) || given['disabled'] === true) return undefined;
  const type = headerOf(headers, 'content-type') ?? '';
  const hasFields = (name: string): boolean => rows(given[name]).some(isOn);
  const fields = (name: 'urlencoded' | 'formdata') => objectOf(rows(given[name]).filter(isOn).map((row) => [textOf(row['key']), row['type'] === 'file' ? { fileName: textOf(row['src']).split(/[/\\]/).at(-1) || 'file', mediaType: 'application/octet-stream', text: 'content' } : fill(textOf(row['value']))]));
  switch (given['mode']) {
    case 'raw': {
      const language = isObject(given['options']) && isObject(given['options']['raw']) ? textOf(given['options']['raw']['language']) : '';
      return readBodyText(type || { json: 'application/json', xml: 'application/xml', html: 'text/html' }[language] || '', withoutVariables(fill(textOf(given['raw']))));
    }
    case 'urlencoded': return hasFields('urlencoded') ? { mediaType: 'application/x-www-form-urlencoded', value: fields('urlencoded') } : undefined;
    case 'formdata': return hasFields('formdata') ? { mediaType: 'multipart/form-data', value: fields('formdata') } : undefined;
    case 'graphql': {
      const { query, variables, operationName } = isObject(given['graphql']) ? given['graphql'] : {};
      const value = { query: withoutVariables(fill(textOf(query))), variables: readBodyText('application/json', withoutVariables(fill(textOf(variables))))?.value ?? {} };
      const isWhole = value.query.trim() !== '' && isObject(value.variables);
      if (!isWhole) report.skip(`The variables of ${names.join(' / ')}`, 'They are no JSON object, or there is no query: the body is written as JSON.');
      return { mediaType: 'application/json', value, ...(isWhole && { graphql: { query: value.query, variables: value.variables as Json, ...(textOf(operationName) !== '' && { operationName: textOf(operationName) }) } }) };
    }
    case 'file': report.skip(`The file that is the body of ${names.join(' / ')}`, 'An import reads no further files: a flow gives the body.'); return { mediaType: 'application/octet-stream', sentAs: type || 'application/octet-stream', value: '' };
    default: return undefined;
  }
}

/** A variable without a value is written as its name, so that JSON around it stays JSON. */
const withoutVariables = (text: string): string => text.replaceAll(/(?<=[:[,]\s*)\{\{\s*([\w.$-]+)\s*\}\}(?=\s*[,}\]])/g, '"$1"').replaceAll(/\{\{\s*([\w.$-]+)\s*\}\}/g, '$1');
