import { isObject } from '../../server/model/json.ts';
import { textBeside } from '../../server/model/trial.ts';
import type { ShownExchange, ShownPage, ShownTrial } from '../protocol/connector.ts';
import { formatCount, formatDuration } from '../shared/format.ts';
import { stopWords } from './stop-reasons.ts';

/** A line of the trace: a page, or a request before it that did not give it. */
export interface TraceRow {
  readonly key: string;
  /** From 1. */
  readonly page: number;
  readonly attempt: boolean;
  readonly exchange: ShownPage | ShownExchange;
  readonly records: number | undefined;
  /** What was read for the next page: `page_info = Z1`. */
  readonly next: string;
  /** Said where nothing was read for one; nobody knows it of a request that failed. */
  readonly end: 'no next page' | '';
}

export const traceRows = ({ pages, error }: Pick<ShownTrial, 'pages' | 'error'>): readonly TraceRow[] => pages.flatMap((page, index) => {
  const next = nextText(page.next);
  const hasFailed = page.response === undefined || (error !== undefined && index === pages.length - 1);
  return [
    ...page.before.map((exchange, at): TraceRow => ({ key: `${index}.${at}`, page: index + 1, attempt: true, exchange, records: undefined, next: '', end: '' })),
    { key: String(index), page: index + 1, attempt: false, exchange: page, records: page.records, next, end: next !== '' || hasFailed ? '' : 'no next page' },
  ];
});

/** The change of the next request, as short as can be: `page_info = Z1`, `url = …`. */
function nextText(next: unknown): string {
  if (!isObject(next)) return '';
  const parts = Object.entries(next).flatMap(([place, value]) => (isObject(value) ? Object.entries(value).map(([name, one]) => `${place === 'query' ? '' : `${place} `}${name} = ${plain(one)}`) : [`${place} = ${plain(value)}`]));
  return parts.join(', ');
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** A whole sentence for each line. */
export function rowText({ page, attempt, exchange: { request, response, ms, waitMs, ...rest }, records, next }: TraceRow): string {
  const error = 'error' in rest ? rest.error : undefined;
  const parts = [
    `${'lookUp' in rest && rest.lookUp !== undefined ? `Look-up by ${rest.lookUp} before page` : attempt ? 'Before page' : 'Page'} ${page}: ${request.method} ${pathOf(request.url)}`, ...(waitMs > 0 ? [`after a wait of ${formatDuration(waitMs)}`] : []),
    response ? `status ${response.status}` : (error?.code ?? 'no answer'), formatDuration(ms), ...(records === undefined ? [] : [formatCount(records, 'record')]), ...(next === '' ? [] : [`for the next page ${next}`]),
  ];
  return parts.join(', ');
}

/** What stands behind the host of an address. */
export const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '') || url;

/** Why it ended with the last page. */
export function stopText({ stop, error, pages }: ShownTrial): string {
  if (stop) return `Stopped because ${stopWords(stop.reason)}${stop.byGuess ? ': a guess, since the server did not say so' : ''}.`;
  if (error) return '';
  return pages.length === 0 ? 'No request was made: there is nothing to send, and no slice to ask for.' : '';
}

export function sumText({ pages, records }: ShownTrial): string {
  return `${formatCount(records, 'record')} in ${formatCount(pages.length, 'request')}${textBeside(pages)}`;
}

/** A request as a command, as it was sent: what signing has added is masked, and has to be filled in. */
export function curlOf({ method, url, headers }: ShownPage['request'], body?: string): string {
  const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return [`curl -X ${method} ${quote(url)}`, ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`), ...(body === undefined ? [] : [`--data-raw ${quote(body)}`])].join(' \\\n  ');
}
