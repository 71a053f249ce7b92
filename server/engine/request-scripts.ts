import { FlowError, type HttpRequest, type HttpResponse, type Script } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { callScript, type ScriptCall } from './call-script.ts';
import type { Verdict } from './verdict.ts';

/** A script of an endpoint, with its settings resolved. */
export interface EndpointScript {
  readonly script: Script;
  readonly file: string;
  readonly settings: unknown;
}

/** Where people look for what a script gave. */
export type ScriptPlace = NonNullable<Script['at']>;
export const placeOf = ({ script, file }: Pick<EndpointScript, 'script' | 'file'>): ScriptPlace => script.at ?? { file };

/** What a script makes of a request that is not signed yet. Fails with `DATA_INVALID` where it gives something else, and with what the script fails with. */
export async function runBefore({ script, file, settings }: EndpointScript, request: HttpRequest, run: ScriptCall): Promise<HttpRequest> {
  const { method, url, headers, body } = request;
  const given = await callScript(script, file, { request: { method, url, headers, body: asJson(body) }, settings }, run);
  if (given === undefined || given === null) return request;
  const at = placeOf({ script, file });
  const changes = objectOf(given, at, ['method', 'url', 'headers', 'body']);
  return {
    ...request,
    ...(changes['method'] !== undefined && { method: textOf(changes['method'], 'method', at).toUpperCase() }),
    ...(changes['url'] !== undefined && { url: addressOf(textOf(changes['url'], 'url', at), url, at) }),
    ...(changes['headers'] !== undefined && { headers: headersOf(headers, changes['headers'], at) }),
    ...(changes['body'] !== undefined && { body: typeof changes['body'] === 'string' ? changes['body'] : JSON.stringify(changes['body']) }),
  };
}

/** What a script makes of an answer, and what it says that the answer means. Fails as `runBefore` does. */
export async function runAfter({ script, file, settings }: EndpointScript, response: HttpResponse, { method, url }: HttpRequest, run: ScriptCall): Promise<{ readonly response: HttpResponse; readonly verdict?: Verdict }> {
  const { status, headers, body } = response;
  const said = await callScript(script, file, { response: { status, headers, body: asJson(body) }, request: { method, url }, settings }, run);
  const given = typeof said === 'string' || typeof said === 'number' ? { action: said } : said;
  if (given === undefined || given === null) return { response };
  const at = placeOf({ script, file });
  const changes = objectOf(given, at, ['status', 'headers', 'body', 'action', 'as', 'message', 'waitMs']);
  return changedAnswer(response, changes, at);
}

/** An answer with what a script has changed, and what the script says that it means. */
export function changedAnswer({ status, headers, body }: HttpResponse, changes: Readonly<Record<string, unknown>>, at: ScriptPlace): { readonly response: HttpResponse; readonly verdict?: Verdict } {
  const response: HttpResponse = {
    status: changes['status'] === undefined ? status : numberOf(changes['status'], 'status', at),
    headers: changes['headers'] === undefined ? headers : headersOf(headers, changes['headers'], at),
    body: Object.hasOwn(changes, 'body') ? changes['body'] : body,
  };
  return changes['action'] === undefined ? { response } : { response, verdict: verdictOf(changes, at) };
}

const actions: readonly string[] = ['success', 'ignore', 'retry', 'wait', 'renew', 'stop-paging', 'reset-paging', 'fail', 'fail-run', 'retry-run'] satisfies Verdict['action'][];

/** What hosted platforms call the actions, at the places of the numbers that they have there. */
const hostedActions: readonly (readonly [name: string, action: Verdict['action']])[] = [['continue', 'success'], ['retry-step', 'retry'], ['retry-run', 'retry-run'], ['fail-run', 'fail-run'], ['reauthenticate', 'renew']];

function actionOf(given: unknown, at: ScriptPlace): Verdict['action'] {
  const hosted = hostedActions.find(([name], index) => given === index || given === String(index) || given === name);
  if (hosted) return hosted[1];
  if (typeof given === 'string' && actions.includes(given)) return given as Verdict['action'];
  throw invalid(at, `the action is ${shown(given)}`, `Give one of the actions ${actions.join(', ')}, or that of a hosted platform: ${hostedActions.map(([name], index) => `${name} (${index})`).join(', ')}.`);
}

function verdictOf({ action: given, as, message, waitMs }: Readonly<Record<string, unknown>>, at: ScriptPlace): Verdict {
  const action = actionOf(given, at);
  if (as !== undefined && !['config', 'auth', 'remote', 'data'].includes(as as string)) throw invalid(at, `"as" is ${shown(as)}`, 'Give config, auth, remote or data: who must act.');
  return {
    action, isTold: true, by: at, ...(as !== undefined && { as: as as NonNullable<Verdict['as']> }),
    ...(message !== undefined && { message: textOf(message, 'message', at) }), ...(waitMs !== undefined && { waitMs: numberOf(waitMs, 'waitMs', at) }),
  };
}

/** Bytes are nothing that a script could read. */
export const asJson = (body: unknown): unknown => (body instanceof Uint8Array || body === undefined ? null : body);

export function objectOf(given: unknown, at: ScriptPlace, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject(given)) throw invalid(at, `it gave ${shown(given)}`, `Give an object with some of ${names.join(', ')}, or nothing.`);
  const odd = Object.keys(given).find((name) => !names.includes(name));
  if (odd !== undefined) throw invalid(at, `there is no ${JSON.stringify(odd)}`, `What can be given is ${names.join(', ')}.`);
  return given;
}

function headersOf(before: Readonly<Record<string, string>>, given: unknown, at: ScriptPlace): Readonly<Record<string, string>> {
  const all: Record<string, string> = { ...before };
  if (!isObject(given)) throw invalid(at, `"headers" is ${shown(given)} and no object`, 'Give "headers" as an object of texts; a name with null is left out.');
  for (const [name, value] of Object.entries(given)) {
    if (value === null) delete all[name.toLowerCase()];
    else all[name.toLowerCase()] = textOf(value, `headers.${name}`, at);
  }
  return all;
}

function addressOf(url: string, before: string, at: ScriptPlace): string {
  if (!URL.canParse(url, before)) throw invalid(at, `${shown(url)} is no address`, 'Give `url` as a whole address.');
  return new URL(url, before).href;
}

function textOf(value: unknown, name: string, at: ScriptPlace): string {
  if (typeof value === 'string') return value;
  throw invalid(at, `"${name}" is ${shown(value)} and no text`, `Give "${name}" as a text.`);
}

function numberOf(value: unknown, name: string, at: ScriptPlace): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw invalid(at, `"${name}" is ${shown(value)} and no number`, `Give "${name}" as a number from 0 on.`);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 100);
const invalid = (at: ScriptPlace, what: string, remedy: string): FlowError =>
  new FlowError('DATA_INVALID', `The script ${at.file} must give what is to change, or nothing: ${what}.`, { place: at, remedy });
