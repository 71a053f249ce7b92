import { type Cache, type CachedDocument, type CacheScope, FlowError, type HttpRequest, type Lookup, type PayloadContext, type Pool, scalarText, type ScriptQuestion, type ScriptWorld } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { isNothing } from '../model/lookup-answer.ts';
import type { ScopedHttp } from './http.ts';
import { instanceHttp } from './instance-http.ts';
import { placeSeed } from './random.ts';
import { readSink, recordedCache, recordedPool } from './recorded-state.ts';
import { idempotentMethods } from './retry.ts';
import type { RunScope } from './run-scope.ts';

/** Where a script is called. `call`: number of the call in the attempt. */
export interface ScriptPlace {
  readonly run: RunScope;
  readonly step: string;
  readonly payload: string;
  readonly call: number;
  readonly now: number;
  readonly context: PayloadContext;
}

type Answers = Readonly<Record<ScriptQuestion, (args: readonly unknown[], signal: AbortSignal) => unknown>>;

/** What a script of a run may know and ask for. All that comes from outside is recorded, so that a replay gives it the same. */
export function scriptWorld(place: ScriptPlace): ScriptWorld {
  const { run, step, payload, call, now } = place;
  const { host, options, plan } = run;
  const id = options.run.origin?.root ?? options.run.id;
  const at = { run: id, flow: plan.flowId, step };
  let asked = 0;
  const cache = (name: unknown, scope: unknown): Cache => recordedCache(host.state.cache(nameOf(name, 'a cache'), scopeOf(scope), at), nameOf(name, 'a cache'), readSink(run, step));
  const pool = (name: unknown): Pool => recordedPool(host.state.pool(nameOf(name, 'a pool'), { step }), nameOf(name, 'a pool'), readSink(run, step));
  const answers: Answers = {
    http: ([request], signal) => send(place, request, signal),
    lookup: async ([name, value, columns]) => askLookup(await run.lookup(nameOf(name, 'a lookup')), value, columns),
    'cache-get': async ([name, scope, key]) => (await cache(name, scope).get(keyOf(key))).map(({ body }) => (body instanceof Uint8Array ? null : body)),
    'cache-put': async ([name, scope, key, value, given]) => cache(name, scope).put(keyOf(key), [documentOf(value)], ttlOf(given)),
    'cache-append': async ([name, scope, key, value, given]) => cache(name, scope).append(keyOf(key), documentOf(value), { ...ttlOf(given), id: `${id}/${payload}/${step}/${call}/${asked}` }),
    'cache-delete': async ([name, scope, key]) => cache(name, scope).delete(keyOf(key)),
    'pool-has': async ([name, values, entity]) => pool(name).has(valuesOf(values), nameOf(entity, 'a type of entity')),
    'pool-add': async ([name, values, given]) => pool(name).add(valuesOf(values), { entity: nameOf(isObject(given) ? given['entity'] : given, 'a type of entity'), owner: { run: id, payload: `${payload}/${step}` }, ...ttlOf(given) }),
  };
  return {
    now,
    seed: placeSeed(options.seed, step, payload, `script ${call}`),
    ...(options.debug && { debug: options.debug.script(step, payload), stood: (signal: AbortSignal) => (host.standing?.isNow ? host.standing.over(signal) : undefined) }),
    async ask(question, args, signal) {
      asked++;
      return answers[question](args, signal);
    },
  };
}

function askLookup(lookup: Lookup, value: unknown, columns: unknown): unknown {
  const { reverse, row } = isObject(columns) ? columns : {};
  const asked = { ...textsOf(columns, ['from', 'to']), reverse: reverse === true };
  const found = isNothing(value) ? undefined : row === true ? lookup.row(value, asked) : lookup.get(value, asked);
  if (found !== undefined) return found;
  return row === true ? lookup.missingRow(value) : lookup.missing(value, asked);
}

/** Any status is an answer. Redirects are not followed: where they lead is for the script to say, and for the policy to allow. */
async function send({ run, step, context }: ScriptPlace, given: unknown, signal: AbortSignal): Promise<unknown> {
  const { instance, url: written, method = 'GET', headers = {}, body, timeoutMs } = isObject(given) ? given : { url: given };
  const link = instance === undefined ? undefined : await instanceHttp(run, step, nameOf(instance, 'an instance'));
  const url = link && typeof written === 'string' ? addressBelow(link.base, written) : written;
  if (typeof url !== 'string' || !URL.canParse(url)) throw invalid(`A request needs an absolute address as "url", not ${shown(url)}.`);
  if (typeof method !== 'string' || !/^[A-Za-z]{1,20}$/.test(method)) throw invalid(`The method of a request is ${shown(method)}.`);
  if (!isObject(headers)) throw invalid(`The headers of a request are ${shown(headers)} and no object.`);
  checkHost(new URL(url), run.host.workspace.scriptHosts ?? []);
  const isText = typeof body === 'string';
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value)]));
  const request: HttpRequest = {
    method: method.toUpperCase(), url: new URL(url).href,
    headers: { ...(body !== undefined && body !== null && !isText && { 'content-type': 'application/json' }), ...lower },
    ...(body !== undefined && body !== null && { body: isText ? body : JSON.stringify(body) }),
    ...(typeof timeoutMs === 'number' && timeoutMs > 0 && { timeoutMs }),
  };
  const answer = link ? await link.send(request, context, signal) : await (context.http as ScopedHttp).send(request, { signal, ...(!idempotentMethods.has(request.method) && { isUnrepeatable: true }) });
  return answer.body instanceof Uint8Array ? { status: answer.status, headers: answer.headers, body: null, base64: base64Of(answer.body) } : { status: answer.status, headers: answer.headers, body: answer.body };
}

/** `/orders` and `orders` lie below the address of the instance, as the paths of its endpoints do. */
function addressBelow(base: URL, written: string): string {
  if (URL.canParse(written)) return written;
  return `${base.origin}${base.pathname.replace(/\/$/, '')}/${written.replace(/^\//, '')}${written.includes('?') ? '' : base.search}`;
}

/**
 * Whether scripts may reach a host. `api.shop.test` allows https on its usual port; `*.shop.test` what is below it, at any depth; with a port that port;
 * and `http://127.0.0.1:8080` http, and exactly that.
 */
function checkHost(url: URL, allowed: readonly string[]): void {
  if (url.username !== '' || url.password !== '') throw invalid('The address of a request must not hold a user name or a password.');
  const isAllowed = allowed.some((entry) => {
    const [, scheme = 'https', host = '', port = ''] = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?$/.exec(entry) ?? [];
    const usual = scheme === 'https' ? '443' : '80';
    if (url.protocol !== `${scheme}:` || (url.port || usual) !== (port || usual)) return false;
    return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1).toLowerCase()) && url.hostname.length > host.length - 1 : url.hostname === host.toLowerCase();
  });
  if (!isAllowed) throw new FlowError('SCRIPT_REFUSED', `Scripts may not reach ${url.origin}: ${allowed.length === 0 ? 'patchbay.json names no host that they may reach' : `patchbay.json allows ${allowed.join(', ')}`}.`, { details: { origin: url.origin } });
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const documentOf = (body: unknown): CachedDocument => ({ body: body ?? null, mediaType: 'application/json', meta: {} });
const ttlOf = (given: unknown): { readonly ttlMs?: number } => (isObject(given) && typeof given['ttlMs'] === 'number' && given['ttlMs'] > 0 ? { ttlMs: given['ttlMs'] } : {});
function scopeOf(value: unknown): CacheScope {
  if (value === 'run' || value === 'flow' || value === 'workspace') return value;
  throw invalid(`There is no scope ${shown(value)} of caches; there are run, flow, workspace.`);
}

function nameOf(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 100) return value;
  throw invalid(`The name of ${what} is ${shown(value)}.`);
}

function keyOf(value: unknown): string {
  if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  throw invalid(`The key of a cache is ${shown(value)}.`);
}

function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) return value.map(String);
  throw invalid(`The values of a pool are ${shown(value)} and no list of texts.`);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return scalarText(value);
  throw invalid(`${shown(value)} is no text.`);
}

const textsOf = (value: unknown, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (isObject(value) && typeof value[name] === 'string' ? [[name, value[name]]] : [])));
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 100);
const invalid = (message: string): FlowError => new FlowError('DATA_INVALID', message);
