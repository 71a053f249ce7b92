import { decodeText, FlowError, type HttpResponse, type IncomingRequest } from '../../plugins/sdk/index.ts';
import type { InboxAnswer, InboxRule, InboxState } from '../model/inbox.ts';
import { parseTemplate } from '../model/expression.ts';
import { textOf } from '../model/expression-evaluate.ts';
import type { InboxStore } from '../stores/inbox-store.ts';
import { problem } from './trigger-event.ts';

/** How addresses answer, and how many requests still fail. */
export interface InboxRules {
  /** The rule of a trigger, else that of its flow. */
  find(flow: string, trigger: string | undefined): InboxRule | undefined;
  /** The failure that this request gets, if it is one of the first. */
  fail(rule: InboxRule): HttpResponse | undefined;
  set(rule: InboxRule): void;
  remove(flow: string, trigger: string | undefined): boolean;
  all(): InboxState['rules'];
}

/** Another process may change them. */
const keepMs = 500;
const mostRules = 500;

export function createInboxRules(store: () => InboxStore | undefined, writing: () => InboxStore, now: () => number): InboxRules {
  const left = new Map<string, { readonly rule: string; count: number }>();
  let known: { readonly at: number; readonly rules: readonly InboxRule[] } = { at: -Infinity, rules: [] };
  const rules = (): readonly InboxRule[] => {
    if (Math.abs(now() - known.at) > keepMs) known = { at: now(), rules: store()?.rules() ?? [] };
    return known.rules;
  };
  const write = (next: readonly InboxRule[]): void => {
    writing().setRules(next);
    known = { at: now(), rules: next };
  };
  /** By the whole address: before there is a flow nobody knows which part of it is the trigger. */
  const isOf = (rule: InboxRule, flow: string, trigger: string | undefined): boolean => keyOf(rule) === keyOf({ flow, trigger });
  /** A rule that is changed counts anew. */
  const failing = (rule: InboxRule): { count: number } => {
    const key = keyOf(rule);
    const text = JSON.stringify(rule);
    const counting = left.get(key);
    if (counting?.rule === text) return counting;
    const anew = { rule: text, count: rule.fail?.first ?? 0 };
    left.set(key, anew);
    return anew;
  };

  return {
    find: (flow, trigger) => rules().find((rule) => isOf(rule, flow, trigger)) ?? rules().find((rule) => isOf(rule, flow, undefined)),
    fail(rule) {
      const counting = failing(rule);
      if (!rule.fail || counting.count === 0) return undefined;
      counting.count--;
      return problem(rule.fail.status, 'API_INVALID', 'The inbox lets this request fail.');
    },
    set(rule) {
      checkRule(rule);
      const others = rules().filter((one) => !isOf(one, rule.flow, rule.trigger));
      if (others.length >= mostRules) throw new FlowError('CONFIG_INVALID', `There are ${mostRules} rules already.`, { remedy: 'Remove those that nobody needs any more.' });
      left.delete(keyOf(rule));
      write([...others, rule]);
    },
    remove(flow, trigger) {
      const others = rules().filter((one) => !isOf(one, flow, trigger));
      if (others.length === rules().length) return false;
      write(others);
      return true;
    },
    all: () => rules().map((rule) => ({ ...rule, ...(rule.fail && { failing: failing(rule).count }) })),
  };
}

const keyOf = ({ flow, trigger }: { readonly flow: string; readonly trigger?: string | undefined }): string => (trigger === undefined ? flow : `${flow}/${trigger}`);

const wrong = (what: string): FlowError => new FlowError('CONFIG_INVALID', what, { remedy: 'Correct the rule, and set it again: the one before still holds.' });

function checkRule({ answer, fail }: InboxRule): void {
  const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 599;
  if (answer && !isStatus(answer.status)) throw wrong('The status of the answer is a number from 200 to 599.');
  if (answer?.delayMs !== undefined && !(answer.delayMs >= 0 && answer.delayMs <= 60_000)) throw wrong('The answer may wait for up to 60,000 milliseconds.');
  if (fail && !(isStatus(fail.status) && fail.status >= 400 && Number.isInteger(fail.first) && fail.first >= 0 && fail.first <= 1_000)) throw wrong('Up to 1,000 requests may fail, with a status from 400 to 599.');
  checkHeaders(answer?.headers ?? {});
}

/** Fails with `CONFIG_INVALID`. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\u0020-\u007E\u0080-\u00FF]/.test(value)) throw wrong(`${JSON.stringify(name)} with this value cannot be a header.`);
  }
}

/** The value of a template, as in `Runner.evaluate`. */
export type Evaluate = (template: string, scope: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The answer of a rule. Never fails: what is wrong with a text is its answer. */
export async function answerOf(answer: InboxAnswer | undefined, request: IncomingRequest, evaluate: Evaluate): Promise<HttpResponse> {
  try {
    return await made(answer ?? usualAnswer, scopeOf(request), evaluate);
  } catch (error) {
    return problem(500, FlowError.is(error) ? error.code : 'INTERNAL', `The answer of the rule cannot be made: ${(error as Error).message}`);
  }
}

/** Fails with `CONFIG_EXPRESSION`, or a pipe that there is not, at a template that no request can make right. */
export async function checkTemplates(answer: InboxAnswer | undefined, evaluate: Evaluate): Promise<void> {
  for (const text of [...Object.values(answer?.headers ?? {}), answer?.body ?? '']) {
    try {
      await textIn(text, { payload: {}, headers: {}, params: {}, meta: {} }, evaluate);
    } catch (error) {
      // What a request has to hold is not there yet.
      if (FlowError.is(error) && error.code.startsWith('CONFIG')) throw error;
    }
  }
}

async function made({ status, headers = {}, body = '' }: InboxAnswer, scope: Readonly<Record<string, unknown>>, evaluate: Evaluate): Promise<HttpResponse> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) named[name.toLowerCase()] = await textIn(value, scope, evaluate);
  checkHeaders(named);
  const declared = named['content-type'];
  const isMadeJson = declared === undefined ? isDocument(await jsonIn(body, () => Promise.resolve(0))) : isJson(declared);
  const text = isMadeJson ? await jsonIn(body, (expression) => evaluate(expression, scope)) : await textIn(body, scope, evaluate);
  return { status, headers: { ...(text !== '' && { 'content-type': isDocument(text) ? 'application/json' : 'text/plain; charset=utf-8' }), ...named }, body: text === '' ? undefined : Buffer.from(text) };
}

/** A list or an object of JSON; other texts may begin with a bracket, too. */
function isDocument(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isJson = (type: string): boolean => /^[^;]*[/+]json\s*(;|$)/i.test(type);

const textIn = async (text: string, scope: Readonly<Record<string, unknown>>, evaluate: Evaluate): Promise<string> => (text.includes('{{') ? textOf(await evaluate(text, scope)) : text);

/** A value within quotes is a part of that text, and elsewhere one of JSON. */
async function jsonIn(text: string, valueOf: (expression: string) => Promise<unknown>): Promise<string> {
  let made = '';
  let isQuoted = false;
  for (const part of parseTemplate(text).parts) {
    if (part.kind === 'text') {
      made += part.text;
      for (const [mark] of part.text.matchAll(/\\.|"/gs)) if (mark === '"') isQuoted = !isQuoted;
      continue;
    }
    const value = await valueOf(text.slice(part.start, part.end));
    made += isQuoted ? JSON.stringify(textOf(value)).slice(1, -1) : JSON.stringify(value);
  }
  return made;
}

export const usualAnswer: InboxAnswer = { status: 200, body: '{"message":"Captured."}' };

/** What the expressions of an answer may name: `payload` is the body, `params` the query. */
function scopeOf({ method, url, query, headers, body }: Pick<IncomingRequest, 'method' | 'url' | 'query' | 'headers' | 'body'>): Readonly<Record<string, unknown>> {
  const scope = { headers, params: query, meta: { method, url } };
  const text = decoded(body, headers['content-type']);
  // Of bytes that are no text there is nothing that an answer could say.
  if (text === undefined) return scope;
  try {
    return { ...scope, payload: JSON.parse(text) as unknown };
  } catch {
    return { ...scope, payload: text };
  }
}

function decoded(body: Uint8Array, mediaType: string | undefined): string | undefined {
  try {
    return decodeText(body, { ...(mediaType !== undefined && { mediaType }), what: 'The body' });
  } catch {
    return undefined;
  }
}
