import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { connectorOfRequests, templatePath, type Captured } from './captured.ts';
import { headerOf, objectOf, readBodyText } from './captured-body.ts';
import { createReport, type ImportResult, type Report } from './import-result.ts';
import { readText, type Json } from './read-text.ts';
import type { Pair } from './secret-values.ts';

/** A connector out of an HTTP archive, as browsers save it: the requests for data, one endpoint per method and path. */
export function importHar(text: string): ImportResult {
  const root = readText(text, 'archive');
  const log = isObject(root['log']) ? root['log'] : {};
  const { entries } = log;
  if (!Array.isArray(entries)) throw new FlowError('DATA_INVALID', 'The archive has no entries: "log.entries" is missing.', { place: { line: 1, column: 1 }, remedy: 'Save the requests as HAR anew.' });
  const report = createReport();
  const requests = (entries as unknown[]).flatMap((entry, index) => requestOf(isObject(entry) ? entry : {}, index, report));
  const result = connectorOfRequests({ title: undefined, source: `HTTP archive${isObject(log['creator']) ? ` of ${String(log['creator']['name'])}` : ''}`, report, isMerged: true }, requests);
  return { ...result, operations: entries.length };
}

const pairs = (value: unknown): Pair[] => (Array.isArray(value) ? (value as unknown[]) : []).filter(isObject).map(({ name, value: text }) => [String(name), String(text ?? '')]);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function requestOf(entry: Json, index: number, report: Report): Captured[] {
  const request = isObject(entry['request']) ? entry['request'] : {};
  if (typeof request['url'] !== 'string') {
    report.skip(`Entry ${index + 1}`, 'It is no request.');
    return [];
  }
  const response = isObject(entry['response']) ? entry['response'] : {};
  const content = isObject(response['content']) ? response['content'] : {};
  const address = textOf(request['url']);
  const method = textOf(request['method']).toUpperCase();
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    report.skip(`${method} ${address.split(/[?#,]/, 1)[0]!.replace(/\/\/[^/@]*@/, '//').slice(0, 60)}`.trim(), /^wss?:/i.test(address) ? socketStaysOpen : 'It is no request over http or https.');
    return [];
  }
  const url = new URL(address);
  const mediaType = textOf(content['mimeType']).split(';', 1)[0]!.trim().toLowerCase();
  const posted = isObject(request['postData']) ? request['postData'] : undefined;
  const status = Number(response['status']);
  const why = method === '' ? 'It has no method.'
    : status === 101 || entry['_resourceType'] === 'websocket' ? socketStaysOpen
    : method === 'OPTIONS' ? 'A browser asks so whether it may send a request to another host; an endpoint need not.'
    : posted ? undefined : whyNoData(method, mediaType, status);
  if (why !== undefined) {
    report.skip(`${method} ${templatePath(url.pathname).path}`.trim(), why);
    return [];
  }
  const headers = pairs(request['headers']);
  const body = posted && bodyOf(posted, headerOf(headers, 'content-type') ?? '');
  const answerText = content['encoding'] === 'base64' ? decodedText(textOf(content['text']), mediaType) : textOf(content['text']);
  if (answerText === undefined) report.skip(`The answer of ${method} ${templatePath(url.pathname).path}`, 'It holds bytes and no text, which an example cannot hold.');
  const answer = readBodyText(mediaType, answerText ?? '');
  return [{
    method, origin: url.origin, ...templatePath(url.pathname), headers, query: queryOf(url, pairs(request['queryString'])),
    ...(body && { body }), ...(status >= 100 && { answer: { status, mediaType: answer?.mediaType ?? mediaType, headers: linkOnly(pairs(response['headers'])), value: answer?.value } }),
  }];
}

/** The list of an archive may lack some of what its address has. */
const queryOf = (url: URL, listed: readonly Pair[]): Pair[] => [...listed, ...[...url.searchParams].filter(([name]) => !listed.some(([known]) => known === name))];

/** The text of an answer whose bytes stand in base64; undefined where they are none. */
function decodedText(base64: string, mediaType: string): string | undefined {
  if (!/json|xml|csv|text|javascript/.test(mediaType)) return base64 === '' ? '' : undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

const linkOnly = (headers: readonly Pair[]): Pair[] => headers.filter(([name]) => /^link$/i.test(name));

const socketStaysOpen = 'A WebSocket keeps a connection open; endpoints ask and are answered.';

/** What an entry without a body is, where it is no request for data; `undefined` where it is one. */
function whyNoData(method: string, mediaType: string, status: number): string | undefined {
  // Browsers write the latter for an answer without a type.
  const isEmpty = mediaType === '' || mediaType === 'x-unknown';
  if (isEmpty) return !/^(GET|HEAD)$/.test(method) || status === 204 || status === 201 ? undefined : status > 0 ? 'It was answered without data.' : 'It was not answered.';
  return /json|xml(?!.*html)|csv|octet-stream|protobuf|text\/plain/.test(mediaType) && !/xhtml|svg/.test(mediaType) ? undefined : 'It asks for a part of a page (a document, a script, a picture), not for data.';
}

function bodyOf(posted: Json, contentType: string): Captured['body'] {
  const type = textOf(posted['mimeType']) || contentType;
  if (Array.isArray(posted['params']) && posted['params'].length > 0) {
    const fields = (posted['params'] as unknown[]).filter(isObject).map(({ name, value, fileName, contentType: of }) => [String(name), typeof fileName === 'string' ? { fileName, mediaType: textOf(of) || 'application/octet-stream', text: 'content' } : textOf(value)] as const);
    return { mediaType: type.split(';', 1)[0]!.trim().toLowerCase(), value: objectOf(fields) };
  }
  return readBodyText(type, textOf(posted['text']));
}
