import { findPlugin } from './catalog.ts';
import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { plainKeys } from './plain-path.ts';
import { fieldsOf } from './protocol.ts';

type Json = Readonly<Record<string, unknown>>;

// Settings of strategies that count, each of which ends paging; and what ends it beside any strategy.
const ends = ['totalPath', 'totalPagesPath', 'hasMorePath', 'donePath', 'maxPages', 'maxRecords', 'maxPage', 'maxOffset'];
const endsBeside = ['stopWhen', 'olderThan', 'stopStatuses'];

/** Names and places of what a strategy sends: those of its settings that are there. */
const parts = [['param', 'in'], ['fromParam', 'in'], ['toParam', 'in'], ['sizeParam', 'sizeIn']] as const;

/** Where a page is asked for must be a part of the request: a path that does not name it, or a body that is not sent, asks for the first page again and again. */
export function lintPlaces(context: LintContext, use: Json, endpoint: Json, id: string, keys: readonly string[]): void {
  const fields = fieldsOf(findPlugin(context.world.catalog, 'pagination', String(use['type']))?.settings ?? {}) as Readonly<Record<string, Json>>;
  // Later requests of such a strategy are of their own kind.
  if (fields['in'] === undefined || fields['nextMethod'] !== undefined) return;
  const settings = isObject(use['settings']) ? use['settings'] : {};
  const valueOf = (name: string): unknown => settings[name] ?? fields[name]?.['default'];
  const { path, query, headers, body, params, method = 'GET' } = endpoint;
  const format = isObject(body) ? body['format'] : undefined;
  const request = JSON.stringify([path, query, headers, body, params]);
  for (const [name, at] of parts) {
    const [value, place] = [valueOf(name), valueOf(at)];
    if (typeof value !== 'string') continue;
    const isOwn = settings[at] !== undefined && keys.at(-1) === 'pagination';
    const pointer = pointerOf(isOwn ? [...keys, 'settings', at] : keys);
    const options = isOwn ? {} : { key: true };
    if (place === 'path' && !request.includes(`page.${value}`) && !request.includes('page[')) {
      report(context, 'CONFIG_INVALID', pointer, `${JSON.stringify(value)} is put into the path of ${JSON.stringify(id)}, which does not use it: each request asks for the same page.`, { ...options, fix: `Write {{ page.${value} }} into the path where it belongs, or say with "${at}" that it is sent elsewhere.` });
    } else if (place !== 'path' && typeof path === 'string' && path.replaceAll(' ', '').includes(`{{page.${value}}}`)) {
      report(context, 'CONFIG_INVALID', pointerOf(['endpoints', id, 'path']), `The path names {{ page.${value} }}, but ${JSON.stringify(value)} is sent in the ${String(place)}, and so stands nowhere else.`, { fix: `Say "${at}": "path" in the settings of the pagination.` });
    } else if ((place === 'body' || place === 'form') && body === undefined && (method === 'GET' || method === 'HEAD')) {
      report(context, 'CONFIG_INVALID', pointer, `${JSON.stringify(value)} is sent in the body, and the ${method} request of ${JSON.stringify(id)} has none.`, { ...options, fix: `Say "${at}": "query", or use another method.` });
    } else if (place === 'body' && (format === 'text' || format === 'csv' || format === 'ndjson' || format === 'none')) {
      report(context, 'CONFIG_INVALID', pointer, `${JSON.stringify(value)} is sent in the body, and that of ${JSON.stringify(id)} (${format}) has no fields.`, { ...options, fix: `Say "${at}": "query", or write {{ page.… }} with "${at}": "path" where it belongs.` });
    }
  }
}

/** A decoder that gives a list of records leaves nothing else of the answer: no token is found, and the first page is taken for the last. */
export function lintReads(context: LintContext, use: Json, endpoint: Json, keys: readonly string[]): void {
  const { decoder } = endpoint;
  if (!isObject(decoder)) return;
  const isElement = decoder['type'] === 'xml' && isObject(decoder['settings']) && decoder['settings']['element'] !== undefined;
  if (!isElement && !['csv', 'tsv', 'ndjson', 'fixed-width'].includes(String(decoder['type']))) return;
  const fields = fieldsOf(findPlugin(context.world.catalog, 'pagination', String(use['type']))?.settings ?? {}) as Readonly<Record<string, Json>>;
  // What is told of a job is JSON, which a decoder leaves as it is; its files are not.
  if (fields['pollPath'] !== undefined) return;
  for (const [name, path] of Object.entries(isObject(use['settings']) ? use['settings'] : {})) {
    if (fields[name]?.['x-path'] !== 'response' || typeof path !== 'string' || typeof plainKeys(path)?.[0] !== 'string') continue;
    report(context, 'CONFIG_INVALID', pointerOf([...keys, 'settings', name]), `There is nothing at ${JSON.stringify(path)}: the decoder gives a list of records, and nothing of what stands around them.`, {
      severity: 'warning', fix: isElement ? 'Take "element" out of the decoder, and lead to the records with "records" of the endpoint.' : 'Take what leads on from a header, from the last record, or by counting.',
    });
  }
}

/** A strategy that counts goes on for ever where neither an empty nor a short page ends it, and the server is not asked where the end is. */
export function lintPaging(context: LintContext, use: Json, keys: readonly string[]): void {
  const entry = findPlugin(context.world.catalog, 'pagination', String(use['type']));
  const fields = entry && isObject(entry.settings) && isObject(entry.settings['properties']) ? entry.settings['properties'] : {};
  const settings = isObject(use['settings']) ? use['settings'] : {};
  const valueOf = (name: string): unknown => settings[name] ?? (isObject(fields[name]) ? fields[name]['default'] : undefined);
  // Where the last record or a value of the answer leads on, there is an end without it.
  const isCounted = fields['stopOnShortPage'] !== undefined && fields['key'] === undefined && settings['value'] === undefined;
  const isEnded = valueOf('stopOnEmptyPage') === true || (valueOf('stopOnShortPage') === true && valueOf('size') !== undefined);
  if (!isCounted || isEnded || ends.some((name) => settings[name] !== undefined) || endsBeside.some((name) => use[name] !== undefined)) return;
  report(context, 'CONFIG_INVALID', pointerOf([...keys, 'settings', 'stopOnEmptyPage']), 'Nothing ends this paging.', { severity: 'warning', key: true, fix: 'Give the path of a total or of a flag, a limit, or "stopWhen"; or let an empty page end it.' });
}
