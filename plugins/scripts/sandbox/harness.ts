import { base64 as makeBase64 } from './base64.ts';
import { written, type WrittenApi } from './written.ts';

/** What the child's own code calls inside the sandbox. Only texts and numbers cross. */
export interface SandboxApi {
  /** Takes the module function of the user's script, and that of its packages where it has some, and runs its top level. */
  load(module: unknown, packages?: unknown): void;
  /** Empty when the script is ready; else why it is not, as JSON `{message, stack}`. */
  problem(): string;
  /** Takes the inputs of a call, a JSON array, of which the first has that place among all. `now`, `seed`: see `ScriptWorld`; -1 for none. `areColumns`: see `Script`; 0 or 1. `whole`: see `WrittenApi`. */
  begin(inputs: string, first: number, now: number, seed: number, areColumns: number, whole: string): void;
  /** Works on inputs for about so many milliseconds, at least on one; it may go on in microtasks. */
  work(sliceMs: number): void;
  /** Results since the last time, as JSON `{outputs, texts: place[], errors: [place, message, stack][], logs: [place, level, text][]}`, about `limit` letters long at most. Places count from the first of these outputs; the payloads of `texts` are the text of JSON where they are one. */
  take(limit: number): string;
  /** How many results are still to be taken. */
  left(): number;
  /** How many of them are there. */
  done(): number;
  /** What the script asks for since the last time, as JSON `[id, question, args][]`. */
  questions(): string;
  /** Takes an answer: JSON `{value}` or `{error: {code?, message}}`. */
  answer(id: number, text: string): void;
  /** Why nothing goes on: 0 it does, 1 an answer has to come, 2 nothing will come. */
  waits(): number;
}

/** What makes a sandbox of a new realm: an expression that gives a `SandboxApi`. `columnOffset` is 0 where the engine counts columns itself. */
export const harnessText = (file: string, contract: 'input' | 'hosted', columnOffset = 0): string =>
  `(${harness})(${JSON.stringify(file)}, ${JSON.stringify(contract)}, ${columnOffset}, (${written})(), (${makeBase64})())`;

/**
 * Runs inside vm2 or QuickJS, before the user's script: its text is evaluated there, so it must use nothing from outside its own body.
 * Nothing of it is a wall. A script that tampers with it harms its own results alone: all that leaves is text, checked on the other side.
 * What it needs of the built-ins it takes at once, and walks through lists by place: a script may change them all, by a careless polyfill, and its results and
 * its errors still have to come through.
 *
 * There is no function of ours inside that leads out. Results are asked for (`take`) when the queue of microtasks is empty; since there are no timers
 * and no input or output inside, a promise that is still open then will stay open.
 */
function harness(file: string, contract: 'input' | 'hosted', columnOffset: number, json: WrittenApi, base64: ReturnType<typeof makeBase64>): SandboxApi {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { apply, construct } = Reflect;
  const { isArray } = Array;
  const { create, defineProperty, freeze, getOwnPropertyDescriptor } = Object;
  const [RealError, RealTypeError, RealPromise, toText] = [Error, TypeError, Promise, String];
  const method = <This, Args extends readonly unknown[], Result>(own: (this: This, ...args: Args) => Result) => (self: This, ...args: Args): Result => apply(own as never, self, args) as Result;
  const sliceText = method(String.prototype.slice);
  const indexIn = method(String.prototype.indexOf);
  const match = method(RegExp.prototype.exec);
  const join = (texts: readonly string[], between = ','): string => {
    let all = '';
    for (let at = 0; at < texts.length; at++) all += (at === 0 ? '' : between) + texts[at]!;
    return all;
  };
  /** A list that says itself how it is written: as what it is, whatever the script has added to all of them. */
  const plainList = (): unknown[] => defineProperty([] as unknown[], 'toJSON', withoutValue);
  const withoutValue = create(null) as PropertyDescriptor;
  withoutValue.value = undefined;
  const maxLogs = 1_000;
  const maxLogLength = 2_000;
  const maxMessageLength = 8_000;
  type Entry = { readonly place: number; readonly text: string; readonly more: string };
  let transform: ((input: unknown, context: unknown) => unknown) | undefined;
  let problem = '';
  let rows: unknown[] = [];
  let next = 0;
  let taken = 0;
  let outputs = plainList();
  /** Places of outputs whose payload is the text of JSON. */
  let texts: number[] = [];
  let errors: Entry[] = [];
  let logs: Entry[] = [];
  let logged = 0;
  let until = 0;
  let turn = 0;
  let waiting = false;
  let asText = false;
  let areColumns = false;
  /** The name under which the code of packages runs. */
  const bundle = 'patchbay-packages';
  let bundled = false;

  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'VMError', 'global', 'GLOBAL', 'root']) Reflect.deleteProperty(globalThis, name);

  // vm2 shows each frame as "CallSite {}". Frames of other files have no name here; they are left out, but for those of packages, which the parent knows by line.
  Error.prepareStackTrace = (error, sites) => {
    let stack = `${error.name}: ${error.message}`;
    for (let at = 0; at < sites.length; at++) {
      const site = sites[at]!;
      const place = site.getFileName();
      if (place !== file && place !== bundle) continue;
      stack += `\n    at ${site.getFunctionName() ?? '<anonymous>'} (${place}:${site.getLineNumber()}:${site.getColumnNumber()})`;
    }
    return stack;
  };

  /** QuickJS gives the frames alone, asks nobody how to show them, and counts the letters that stand before the user's first line. */
  const stackOf = ({ name, message, stack }: Error): string => {
    if (stack === undefined) return '';
    if (columnOffset === 0) return toText(stack);
    const lines: string[] = [`${toText(name)}: ${toText(message)}`];
    const text = toText(stack);
    for (let from = 0, end = 0; from < text.length && lines.length <= (bundled ? 30 : 10); from = end + 1) {
      end = indexIn(text, '\n', from);
      if (end === -1) end = text.length;
      const line = sliceText(text, from, end);
      const isBundle = indexIn(line, `${bundle}:`) !== -1;
      if (!isBundle && indexIn(line, `${file}:`) === -1) continue;
      const first = isBundle ? null : match(/:1:(\d+)\)?$/, line);
      lines[lines.length] = first === null ? line : `${sliceText(line, 0, first.index)}:1:${+first[1]! + columnOffset}${line[line.length - 1] === ')' ? ')' : ''}`;
    }
    return join(lines, '\n');
  };
  /** vm2 itself reads the names of frames with methods of texts, that a script may have spoilt. */
  const safeStackOf = (error: Error): string => {
    try {
      return stackOf(error);
    } catch {
      return '';
    }
  };
  /** Of what hosts have and the language has not. */
  const others = create(null) as Record<string, string>;
  others['URL'] = 'Take an address apart with a regular expression';
  others['URLSearchParams'] = 'Write a query with `encodeURIComponent`, and read one with `split` and `decodeURIComponent`';
  others['fetch'] = others['XMLHttpRequest'] = 'Send a request with `context.http`';
  others['atob'] = others['btoa'] = others['Buffer'] = 'Use `context.base64`';
  others['crypto'] = 'Use `context.hash`, `context.hmac` or `context.uuid`';
  others['structuredClone'] = 'Copy with `JSON.parse(JSON.stringify(value))`';
  others['setTimeout'] = others['setInterval'] = others['setImmediate'] = 'There are no timers: wait with the step `wait`';
  others['process'] = 'There is no environment: take what you need from `variables`';
  const insteadOf = (message: string): string => {
    const found = match(/^ReferenceError: '?([A-Za-z]{3,20})'? is not defined$/, message);
    const instead = found === null ? undefined : others[found[1]!];
    return instead === undefined ? '' : `. A script has the language alone, and no ${found![1]!}. ${instead}, or import an npm package that \`scripts.packages\` of patchbay.json names.`;
  };
  const silent = (thrown: string): string => `The script threw ${thrown}, which does not say why: throw an Error with a message.`;
  const describe = (thrown: unknown): { readonly message: string; readonly stack: string } => {
    try {
      if (typeof thrown === 'string' && thrown !== '') return { message: thrown, stack: '' };
      if (typeof thrown !== 'object' || thrown === null) return { message: silent(stringify(thrown) ?? toText(thrown)), stack: '' };
      if (!('message' in thrown)) return { message: stringify(thrown) ?? toText(thrown), stack: '' };
      const { name, message } = thrown as Error;
      const title = name === undefined || name === 'Error' ? '' : `${toText(name)}: `;
      const said = toText(message);
      const text = said === '' ? silent(name === undefined ? 'an error' : toText(name)) : title + said;
      return { message: sliceText(text + insteadOf(text), 0, maxMessageLength), stack: sliceText(safeStackOf(thrown as Error), 0, maxMessageLength) };
    } catch {
      return { message: 'The script threw something that cannot be shown.', stack: '' };
    }
  };

  const show = (value: unknown): string => {
    if (typeof value === 'string') return value;
    try {
      return value instanceof RealError ? stackOf(value) : (stringify(value) ?? toText(value));
    } catch {
      return toText(value);
    }
  };
  const write = (level: string) => (...values: unknown[]) => {
    if (++logged > maxLogs) return;
    const shown: string[] = [];
    for (let at = 0; at < values.length; at++) shown[at] = show(values[at]);
    const text = join(shown, ' ');
    logs[logs.length] = { place: next, text: level, more: text.length > maxLogLength ? `${sliceText(text, 0, maxLogLength)}…` : text };
    if (logged === maxLogs) logs[logs.length] = { place: next, text: 'warn', more: `The script wrote more than ${maxLogs} lines in one call; the rest is left out.` };
  };
  const { imul } = Math;
  const random = Math.random;
  const RealDate = Date;
  let fixedNow = -1;
  let seed = -1;
  let first = 0;
  let state = 0;
  const time = (): number => (fixedNow === -1 ? now() : fixedNow);
  // Mulberry32, begun anew for each input: an input that is done again sees the same numbers.
  const number = (): number => {
    if (seed === -1) return random();
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  Math.random = number;
  const SeenDate = function (...given: unknown[]): unknown {
    if (!new.target) return new RealDate(time()).toString();
    return construct(RealDate, given.length === 0 ? [time()] : given, new.target === SeenDate ? RealDate : new.target);
  } as unknown as DateConstructor;
  for (const name of ['UTC', 'parse'] as const) defineProperty(SeenDate, name, { value: RealDate[name], configurable: true, writable: true });
  defineProperty(SeenDate, 'now', { value: time, configurable: true, writable: true });
  defineProperty(SeenDate, 'prototype', { value: RealDate.prototype });
  defineProperty(SeenDate, 'name', { value: 'Date' });
  defineProperty(SeenDate, 'length', { value: 7 });
  defineProperty(RealDate.prototype, 'constructor', { value: SeenDate, configurable: true, writable: true });
  // Without a date these show the time of now, and ask no `Date` for it. QuickJS has none of them.
  if (typeof Intl === 'object') {
    const shown = Intl.DateTimeFormat.prototype;
    const { formatToParts } = shown;
    const formatOf = getOwnPropertyDescriptor(shown, 'format')!.get!;
    const dateOf = (given: unknown): unknown => (given === undefined ? time() : given);
    defineProperty(shown, 'format', { get(this: unknown) {
      const format = apply(formatOf, this, []) as (date: unknown) => string;
      return (date: unknown) => format(dateOf(date));
    } });
    defineProperty(shown, 'formatToParts', { value(this: unknown, date: unknown) { return apply(formatToParts, this, [dateOf(date)]); } });
  }
  /** What packages make ids of. From the numbers of the run, so nothing for keys. */
  const getRandomValues = <T extends ArrayLike<number>>(values: T): T => {
    for (let at = 0; at < values.length; at++) (values as unknown as number[])[at] = number() * 4294967296;
    return values;
  };
  defineProperty(globalThis, 'crypto', { value: freeze({ getRandomValues, randomUUID: () => uuid() }), configurable: true, writable: true });
  defineProperty(globalThis, 'Date', { value: SeenDate, configurable: true, writable: true });

  /** What is asked for, as JSON `[id, question, args]`, and from where on that has not been told yet. */
  let asked: string[] = [];
  let told = 0;
  type Waiter = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };
  let open = create(null) as Record<number, Waiter>;
  let opened = 0;
  let sent = 0;
  let questions = 0;
  const names = create(null) as Record<string, string>;
  names.http = 'context.http';
  names.lookup = 'context.lookup';
  names['cache-get'] = 'cache.get';
  names['cache-put'] = 'cache.put';
  names['cache-append'] = 'cache.append';
  names['cache-delete'] = 'cache.delete';
  names['pool-has'] = 'pool.has';
  names['pool-add'] = 'pool.add';
  /** What JSON would lose on the way out. Thrown at once, so that its stack is that of the call. */
  const refuseLoss = (question: string, args: readonly unknown[]): void => {
    const name = names[question];
    if (name === undefined) return;
    for (let at = 0; at < args.length; at++) {
      const problem = json.problemOf(name, args[at], at === 3 && (question === 'cache-put' || question === 'cache-append'));
      if (problem !== '') throw new RealTypeError(problem);
    }
    if (question !== 'http') return;
    const request = args[0];
    const { url, body } = (typeof request === 'object' && request !== null ? request : { url: request }) as { readonly url?: unknown; readonly body?: unknown };
    whole(name, url);
    whole(name, body);
  };
  const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
  /** The text itself, where it has bytes. */
  const whole = (name: string, text: unknown): unknown => {
    const found = typeof text === 'string' ? match(half, text) : null;
    if (found !== null) throw new RealTypeError(`\`${name}\` was given a text that was cut within a letter: character ${found.index + 1} (${stringify(found[0])}) is one half of two, and has no bytes in UTF-8. Cut texts by letters, as in \`Array.from(text).slice(0, 20).join('')\`.`);
    return text;
  };
  const encode = (value: unknown): string => base64.encode(whole('base64.encode', toText(value)));
  const ask = (question: string, ...args: unknown[]): Promise<unknown> => {
    refuseLoss(question, args);
    return put(question, args);
  };
  const put = (question: string, args: readonly unknown[]): Promise<unknown> => new RealPromise((resolve, reject) => {
    const texts: string[] = [];
    for (let at = 0; at < args.length; at++) texts[at] = stringify(args[at]) ?? 'null';
    const id = ++questions;
    open[id] = { resolve, reject };
    opened++;
    asked[asked.length] = `[${id},${stringify(question)},[${join(texts)}]]`;
  });
  const cache = (name: unknown, scope: unknown = 'flow') => freeze({
    get: (key: unknown) => ask('cache-get', name, scope, key),
    put: (key: unknown, value: unknown, options: unknown = {}) => ask('cache-put', name, scope, key, value, options),
    append: (key: unknown, value: unknown, options: unknown = {}) => ask('cache-append', name, scope, key, value, options),
    delete: (key: unknown) => ask('cache-delete', name, scope, key),
  });
  const pool = (name: unknown) => freeze({
    has: (values: unknown, entity: unknown) => ask('pool-has', name, values, entity),
    add: (values: unknown, options: unknown) => ask('pool-add', name, values, options),
  });
  const hash = (algorithm: unknown, text: unknown, encoding: unknown = 'hex') => ask('hash', algorithm, whole('context.hash', text), encoding);
  const hmac = (algorithm: unknown, key: unknown, text: unknown, encoding: unknown = 'hex') => ask('hmac', algorithm, whole('context.hmac', key), whole('context.hmac', text), encoding);
  const uuid = (): string => 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (letter) => (letter === 'x' ? number() * 16 | 0 : (number() * 4 | 0) + 8).toString(16));
  const log = freeze({ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') });
  const context = freeze({ log, http: (request: unknown) => ask('http', request), lookup: (name: unknown, value: unknown, columns: unknown = {}) => ask('lookup', name, value, columns), cache, pool, hash, hmac, base64: freeze({ encode, decode: base64.decode }), uuid });
  defineProperty(globalThis, 'console', { value: freeze({ ...log, log: log.info, trace: log.debug }), configurable: true, writable: true });

  const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

  /** Hosted scripts expect the payload as text and may give it back so. */
  const prepare = (row: unknown): unknown => {
    asText = false;
    if (contract !== 'hosted' || typeof row !== 'object' || row === null || !('payload' in row) || typeof row.payload === 'string') return row;
    asText = true;
    return { ...row, payload: stringify(row.payload) };
  };

  const fail = (thrown: unknown): void => {
    const { message, stack } = describe(thrown);
    errors[errors.length] = { place: next, text: message, more: stack };
    outputs[outputs.length] = null;
    next++;
  };
  /** The values with null where there is none; the same list where all are there. */
  const column = (values: readonly unknown[]): readonly unknown[] => {
    let copy: unknown[] | undefined;
    for (let at = 0; at < values.length; at++) {
      if (values[at] === undefined && !copy) {
        copy = plainList();
        for (let before = 0; before < at; before++) copy[before] = values[before];
      }
      if (copy) copy[at] = values[at] === undefined ? null : values[at];
    }
    return copy ?? values;
  };
  const finish = (output: unknown): void => {
    if (asText) texts[texts.length] = next;
    outputs[outputs.length] = areColumns && isArray(output) ? column(output) : output;
    next++;
  };

  const settle = async (promise: PromiseLike<unknown>, mine: number): Promise<void> => {
    try {
      const output = await promise;
      if (mine !== turn) return;
      waiting = false;
      finish(output);
    } catch (thrown) {
      if (mine !== turn) return;
      waiting = false;
      fail(thrown);
    }
    if (now() < until) advance(mine);
  };
  const advance = (mine: number): void => {
    while (next < rows.length) {
      state = (seed + imul(first + next, 0x9e3779b1)) | 0;
      let output: unknown;
      try {
        output = (transform as NonNullable<typeof transform>)(prepare(rows[next]), context);
        if (isThenable(output)) {
          waiting = true;
          void settle(output, mine);
          return;
        }
        finish(output);
      } catch (thrown) {
        fail(thrown);
      }
      if (now() >= until) return;
    }
  };

  const isFunction = (value: unknown): value is NonNullable<typeof transform> => typeof value === 'function';
  const found = (exported: unknown): unknown => (isFunction(exported) || typeof exported !== 'object' || exported === null ? exported : (exported as { default?: unknown }).default);
  const noPackage = (name: unknown): never => {
    throw new RealError(`A script cannot load ${show(name)}: it is one file, without modules of Node.js, and with those npm packages alone that \`scripts.packages\` of patchbay.json names.`);
  };
  /** What a package exports by a name. `misplaced`: where the script asks for one that there is not. */
  let misplaced = '';
  const named = (from: unknown, name: string, specifier: string, line: number, column: number): unknown => {
    const isObject = (typeof from === 'object' && from !== null) || typeof from === 'function';
    if (name === 'default' && !(isObject && (from as { __esModule?: unknown }).__esModule === true)) return from;
    if (isObject && name in (from as object)) return (from as Record<string, unknown>)[name];
    misplaced = `${file}:${line}:${column}`;
    throw new RealError(name === 'default' ? `The package "${specifier}" has no default export: import what you need of it by name.` : `The package "${specifier}" exports no "${name}"; for a type, write \`import type\`.`);
  };
  const start = async (module: unknown, packages: unknown): Promise<void> => {
    problem = stringify({ message: 'The top level of the script waits for a promise that nothing settles.', stack: '' });
    try {
      const require = isFunction(packages) ? (packages as (other: typeof noPackage) => typeof noPackage)(noPackage) : noPackage;
      const holder = { exports: {}, default: undefined as unknown, require, named };
      const run = module as (holder: object, exports?: object, require?: (name: unknown) => never) => unknown;
      await (contract === 'hosted' ? run(holder, holder.exports, require) : run(holder));
      const exported = contract === 'hosted' ? found(holder.exports) : holder.default;
      if (isFunction(exported)) {
        transform = exported;
        problem = '';
      } else problem = stringify({ message: 'The script does not export a function. Write `export default async function (input, context) { … }`.', stack: '' });
    } catch (thrown) {
      const { message, stack } = describe(thrown);
      problem = stringify({ message, stack: misplaced === '' ? stack : misplaced });
    }
  };

  /** The texts of as many outputs as fit. An output that is no JSON or too long becomes an error. */
  const fitting = (limit: number): string[] => {
    const fit: string[] = [];
    let length = 0;
    for (let at = 0; at < outputs.length; at++) {
      let problem = '';
      let text = 'null';
      try {
        problem = json.problem(outputs[at]);
        if (problem === '') text = stringify(outputs[at]) ?? 'null';
      } catch (error) {
        problem = `The script returned a value that cannot be written as JSON: ${describe(error).message}`;
      }
      if (text.length > limit) problem = `The script returned ${text.length} letters of JSON; ${limit} are possible.`;
      if (problem !== '') {
        errors[errors.length] = { place: taken + at, text: problem, more: '' };
        text = 'null';
      }
      if (at > 0 && length + text.length > limit) break;
      fit[at] = text;
      length += text.length + 1;
    }
    return fit;
  };
  const entries = (all: readonly Entry[]): string => {
    const texts: string[] = [];
    for (let at = 0; at < all.length; at++) texts[at] = `[${all[at]!.place - taken},${stringify(all[at]!.text)},${stringify(all[at]!.more)}]`;
    return `[${join(texts)}]`;
  };
  /** Takes the first outputs away: those of a list that are before the place `end`, and the others. */
  const parted = <T>(all: readonly T[], isBefore: (one: T) => boolean): { readonly before: T[]; readonly after: T[] } => {
    const parts = { before: [] as T[], after: [] as T[] };
    for (let at = 0; at < all.length; at++) {
      const part = isBefore(all[at]!) ? parts.before : parts.after;
      part[part.length] = all[at]!;
    }
    return parts;
  };

  return {
    load(module, packages) {
      bundled = isFunction(packages);
      // The call in the script may stand far below what a package does with it.
      if (bundled) RealError.stackTraceLimit = 30;
      void start(module, packages);
    },
    problem: () => problem,
    begin(inputs, firstPlace, given, givenSeed, areLists, long) {
      rows = parse(inputs) as unknown[];
      json.begin(long);
      first = firstPlace;
      fixedNow = given;
      seed = givenSeed;
      areColumns = areLists === 1;
      open = create(null) as Record<number, Waiter>;
      asked = [];
      errors = [];
      logs = [];
      texts = [];
      outputs = plainList();
      next = taken = logged = opened = sent = told = 0;
      waiting = false;
    },
    work(sliceMs) {
      until = now() + sliceMs;
      advance(++turn);
    },
    take(limit) {
      if (waiting && opened === 0) {
        waiting = false;
        turn++;
        fail({ message: 'The script waits for a promise that nothing settles. There are no timers in a script.' });
      }
      let list: string | undefined;
      try {
        const text = stringify(outputs);
        // What is written can be looked through without going round in circles.
        if (text.length <= limit && json.areHeld(outputs)) list = text;
      } catch {
        // One of them is no JSON; `fitting` finds it.
      }
      let count = outputs.length;
      if (list === undefined) {
        const fit = fitting(limit);
        count = fit.length;
        list = `[${join(fit)}]`;
      }
      const end = taken + count;
      const failed = parted(errors, ({ place }) => place < end);
      const asTexts = parted(texts, (place) => place < end);
      for (let at = 0; at < asTexts.before.length; at++) asTexts.before[at]! -= taken;
      const text = `{"outputs":${list},"texts":[${join(asTexts.before as unknown[] as string[])}],"errors":${entries(failed.before)},"logs":${entries(logs)}}`;
      errors = failed.after;
      texts = asTexts.after;
      logs = [];
      const rest = plainList();
      for (let at = count; at < outputs.length; at++) rest[at - count] = outputs[at];
      outputs = rest;
      taken = end;
      return text;
    },
    left: () => rows.length - taken,
    done: () => outputs.length,
    questions() {
      const now: string[] = [];
      for (; told < asked.length && sent < 16; told++, sent++) now[now.length] = asked[told]!;
      return `[${join(now)}]`;
    },
    answer(id, text) {
      const waiter = open[id];
      if (!waiter) return;
      delete open[id];
      opened--;
      sent--;
      const { value, error } = parse(text) as { value?: unknown; error?: { code?: string; message: string } };
      if (!error) return waiter.resolve(value);
      const thrown = new RealError(error.message) as Error & { code?: string };
      if (error.code !== undefined) thrown.code = error.code;
      waiter.reject(thrown);
    },
    waits: () => (!waiting ? 0 : opened > 0 ? 1 : 2),
  };
}
