/** What the child's own code calls inside the sandbox. Only texts and numbers cross. */
export interface SandboxApi {
  /** Takes the module function of the user's script, and that of its packages where it has some, and runs its top level. */
  load(module: unknown, packages?: unknown): void;
  /** Empty when the script is ready; else why it is not, as JSON `{message, stack}`. */
  problem(): string;
  /** Takes the inputs of a call, a JSON array, of which the first has that place among all. `now`, `seed`: see `ScriptWorld`; -1 for none. */
  begin(inputs: string, first: number, now: number, seed: number): void;
  /** Works on inputs for about so many milliseconds, at least on one; it may go on in microtasks. */
  work(sliceMs: number): void;
  /** Results since the last time, as JSON `{outputs, errors: [place, message, stack][], logs: [place, level, text][]}`, about `limit` letters long at most. Places count from the first of these outputs. */
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

/**
 * Runs inside vm2 or QuickJS, before the user's script: its text is evaluated there, so it must use nothing from outside its own body.
 * Nothing of it is a wall. A script that tampers with it harms its own results alone: all that leaves is text, checked on the other side.
 *
 * There is no function of ours inside that leads out. Results are asked for (`take`) when the queue of microtasks is empty; since there are no timers
 * and no input or output inside, a promise that is still open then will stay open.
 */
export function harness(file: string, contract: 'input' | 'hosted', columnOffset = 0): SandboxApi {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const toText = String;
  const maxLogs = 1_000;
  const maxLogLength = 2_000;
  const maxMessageLength = 8_000;
  type Place = number;
  let transform: ((input: unknown, context: unknown) => unknown) | undefined;
  let problem = '';
  let rows: unknown[] = [];
  let next = 0;
  let taken = 0;
  let outputs: unknown[] = [];
  let errors: [Place, string, string][] = [];
  let logs: [Place, string, string][] = [];
  let logged = 0;
  let until = 0;
  let turn = 0;
  let waiting = false;
  let asText = false;
  /** The name under which the code of packages runs. */
  const bundle = 'patchbay-packages';
  let bundled = false;

  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'VMError', 'global', 'GLOBAL', 'root']) Reflect.deleteProperty(globalThis, name);

  // vm2 shows each frame as "CallSite {}". Frames of other files have no name here; they are left out, but for those of packages, which the parent knows by line.
  Error.prepareStackTrace = (error, sites) => {
    let stack = `${error.name}: ${error.message}`;
    for (const site of sites) {
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
    const frames = toText(stack).split('\n').filter((line) => line.includes(`${file}:`) || line.includes(`${bundle}:`)).slice(0, bundled ? 30 : 10);
    return [`${toText(name)}: ${toText(message)}`, ...frames.map((line) => (line.includes(`${bundle}:`) ? line : line.replace(/:1:(\d+)\)?$/, (all, column: string) => `:1:${Number(column) + columnOffset}${all.endsWith(')') ? ')' : ''}`)))].join('\n');
  };
  const describe = (thrown: unknown): [message: string, stack: string] => {
    try {
      if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return [typeof thrown === 'string' ? thrown : (stringify(thrown) ?? toText(thrown)), ''];
      const { name, message } = thrown as Error;
      const title = name === undefined || name === 'Error' ? '' : `${toText(name)}: `;
      return [(title + toText(message)).slice(0, maxMessageLength), stackOf(thrown as Error).slice(0, maxMessageLength)];
    } catch {
      return ['The script threw something that cannot be shown.', ''];
    }
  };

  const show = (value: unknown): string => {
    if (typeof value === 'string') return value;
    try {
      return value instanceof Error ? stackOf(value) : (stringify(value) ?? toText(value));
    } catch {
      return toText(value);
    }
  };
  const write = (level: string) => (...values: unknown[]) => {
    if (++logged > maxLogs) return;
    const text = values.map(show).join(' ');
    logs.push([next, level, text.length > maxLogLength ? `${text.slice(0, maxLogLength)}…` : text]);
    if (logged === maxLogs) logs.push([next, 'warn', `The script wrote more than ${maxLogs} lines in one call; the rest is left out.`]);
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
    return Reflect.construct(RealDate, given.length === 0 ? [time()] : given, new.target === SeenDate ? RealDate : new.target);
  } as unknown as DateConstructor;
  for (const name of ['UTC', 'parse'] as const) Object.defineProperty(SeenDate, name, { value: RealDate[name], configurable: true, writable: true });
  Object.defineProperty(SeenDate, 'now', { value: time, configurable: true, writable: true });
  Object.defineProperty(SeenDate, 'prototype', { value: RealDate.prototype });
  Object.defineProperty(SeenDate, 'name', { value: 'Date' });
  Object.defineProperty(SeenDate, 'length', { value: 7 });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: SeenDate, configurable: true, writable: true });
  /** What packages make ids of. From the numbers of the run, so nothing for keys. */
  const getRandomValues = <T extends ArrayLike<number>>(values: T): T => {
    for (let at = 0; at < values.length; at++) (values as unknown as number[])[at] = number() * 4294967296;
    return values;
  };
  Object.defineProperty(globalThis, 'crypto', { value: Object.freeze({ getRandomValues, randomUUID: () => uuid() }), configurable: true, writable: true });
  Object.defineProperty(globalThis, 'Date', { value: SeenDate, configurable: true, writable: true });

  let asked: [id: number, question: string, args: unknown[]][] = [];
  let open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let sent = 0;
  let questions = 0;
  const ask = (question: string, ...args: unknown[]): Promise<unknown> => new Promise((resolve, reject) => {
    const id = ++questions;
    open.set(id, { resolve, reject });
    asked.push([id, question, args]);
  });
  const cache = (name: unknown, scope: unknown = 'flow') => Object.freeze({
    get: (key: unknown) => ask('cache-get', name, scope, key),
    put: (key: unknown, value: unknown, options: unknown = {}) => ask('cache-put', name, scope, key, value, options),
    append: (key: unknown, value: unknown, options: unknown = {}) => ask('cache-append', name, scope, key, value, options),
    delete: (key: unknown) => ask('cache-delete', name, scope, key),
  });
  const pool = (name: unknown) => Object.freeze({
    has: (values: unknown, entity: unknown) => ask('pool-has', name, values, entity),
    add: (values: unknown, options: unknown) => ask('pool-add', name, values, options),
  });
  const hash = (algorithm: unknown, text: unknown, encoding: unknown = 'hex') => ask('hash', algorithm, text, encoding);
  const hmac = (algorithm: unknown, key: unknown, text: unknown, encoding: unknown = 'hex') => ask('hmac', algorithm, key, text, encoding);
  const uuid = (): string => 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (letter) => (letter === 'x' ? number() * 16 | 0 : (number() * 4 | 0) + 8).toString(16));
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  /** The bytes of a text as letters from 0 to 255; what is no letter at all becomes U+FFFD. */
  const bytesOf = (text: string): string => unescape(encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')));
  const base64 = Object.freeze({
    encode(value: unknown): string {
      const bytes = bytesOf(toText(value));
      let text = '';
      for (let at = 0; at < bytes.length; at += 3) {
        const group = (bytes.charCodeAt(at) << 16) | ((bytes.charCodeAt(at + 1) || 0) << 8) | (bytes.charCodeAt(at + 2) || 0);
        const left = bytes.length - at;
        text += digits[group >> 18]! + digits[(group >> 12) & 63]! + (left > 1 ? digits[(group >> 6) & 63]! : '=') + (left > 2 ? digits[group & 63]! : '=');
      }
      return text;
    },
    decode(value: unknown): string {
      let bytes = '';
      let bits = 0;
      let held = 0;
      for (const letter of toText(value).replace(/-/g, '+').replace(/_/g, '/').replace(/[\s=]/g, '')) {
        const digit = digits.indexOf(letter);
        if (digit === -1) throw new TypeError(`${stringify(letter)} is no digit of Base64.`);
        held = ((held << 6) | digit) & 0xfff;
        bits += 6;
        if (bits >= 8) bytes += String.fromCharCode((held >> (bits -= 8)) & 255);
      }
      try {
        return decodeURIComponent(escape(bytes));
      } catch {
        throw new TypeError('The bytes are no text in UTF-8.');
      }
    },
  });
  const log = Object.freeze({ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') });
  const context = Object.freeze({ log, http: (request: unknown) => ask('http', request), lookup: (name: unknown, value: unknown, columns: unknown = {}) => ask('lookup', name, value, columns), cache, pool, hash, hmac, base64, uuid });
  Object.defineProperty(globalThis, 'console', { value: Object.freeze({ ...log, log: log.info, trace: log.debug }), configurable: true, writable: true });

  const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

  /** Hosted scripts expect the payload as text and may give it back so. */
  const prepare = (row: unknown): unknown => {
    asText = false;
    if (contract !== 'hosted' || typeof row !== 'object' || row === null || !('payload' in row) || typeof row.payload === 'string') return row;
    asText = true;
    return { ...row, payload: stringify(row.payload) };
  };
  const restore = (output: unknown): unknown => {
    if (!asText) return output;
    if (Array.isArray(output)) return output.map(restore);
    if (typeof output !== 'object' || output === null || !('payload' in output) || typeof output.payload !== 'string') return output;
    try {
      return { ...output, payload: parse(output.payload) };
    } catch {
      return output;
    }
  };

  const fail = (thrown: unknown): void => {
    const [message, stack] = describe(thrown);
    errors.push([next++, message, stack]);
    outputs.push(null);
  };
  const finish = (output: unknown): void => {
    const odd = oddPart(output);
    if (odd !== '') return fail({ message: odd });
    outputs.push(restore(output));
    next++;
  };
  /** JSON leaves such values out without a word. Deeper down that is what everybody expects of it. */
  const oddPart = (output: unknown): string => {
    if (typeof output === 'function' || typeof output === 'symbol') return `The script returned a ${typeof output}, which is no JSON.`;
    const payload = typeof output === 'object' && output !== null ? (output as { payload?: unknown }).payload : undefined;
    return typeof payload === 'function' || typeof payload === 'symbol' ? `The script returned a ${typeof payload} as the payload, which is no JSON.` : '';
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
    throw new Error(`A script cannot load ${show(name)}: it is one file, without modules of Node.js, and with those npm packages alone that \`scripts.packages\` of patchbay.json names.`);
  };
  const default_ = (from: unknown): unknown => (typeof from === 'object' && from !== null && (from as { __esModule?: unknown }).__esModule === true ? (from as { default?: unknown }).default : from);
  const start = async (module: unknown, packages: unknown): Promise<void> => {
    problem = stringify({ message: 'The top level of the script waits for a promise that nothing settles.', stack: '' });
    try {
      const require = isFunction(packages) ? (packages as (other: typeof noPackage) => typeof noPackage)(noPackage) : noPackage;
      const holder = { exports: {}, default: undefined as unknown, require, default_ };
      const run = module as (holder: object, exports?: object, require?: (name: unknown) => never) => unknown;
      await (contract === 'hosted' ? run(holder, holder.exports, require) : run(holder));
      const exported = contract === 'hosted' ? found(holder.exports) : holder.default;
      if (isFunction(exported)) {
        transform = exported;
        problem = '';
      } else problem = stringify({ message: 'The script does not export a function. Write `export default async function (input, context) { … }`.', stack: '' });
    } catch (thrown) {
      const [message, stack] = describe(thrown);
      problem = stringify({ message, stack });
    }
  };

  /** The texts of as many outputs as fit. An output that is no JSON or too long becomes an error. */
  const fitting = (limit: number): string[] => {
    const texts: string[] = [];
    let length = 0;
    for (const output of outputs) {
      let text: string | undefined;
      try {
        text = stringify(output) ?? 'null';
      } catch (error) {
        errors.push([taken + texts.length, `The script returned a value that cannot be written as JSON: ${describe(error)[0]}`, '']);
      }
      if (text !== undefined && text.length > limit) {
        errors.push([taken + texts.length, `The script returned ${text.length} letters of JSON; ${limit} are possible.`, '']);
        text = 'null';
      }
      text ??= 'null';
      if (texts.length > 0 && length + text.length > limit) break;
      texts.push(text);
      length += text.length + 1;
    }
    return texts;
  };

  return {
    load(module, packages) {
      bundled = isFunction(packages);
      // The call in the script may stand far below what a package does with it.
      if (bundled) Error.stackTraceLimit = 30;
      void start(module, packages);
    },
    problem: () => problem,
    begin(inputs, firstPlace, given, givenSeed) {
      rows = parse(inputs) as unknown[];
      [first, fixedNow, seed, asked, sent] = [firstPlace, given, givenSeed, [], 0];
      open = new Map();
      [next, taken, logged, outputs, errors, logs, waiting] = [0, 0, 0, [], [], [], false];
    },
    work(sliceMs) {
      until = now() + sliceMs;
      advance(++turn);
    },
    take(limit) {
      if (waiting && open.size === 0) {
        waiting = false;
        turn++;
        fail({ message: 'The script waits for a promise that nothing settles. There are no timers in a script.' });
      }
      let list: string | undefined;
      try {
        list = stringify(outputs);
      } catch {
        // One of them is no JSON; `fitting` finds it.
      }
      let count = outputs.length;
      if (list === undefined || list.length > limit) {
        const texts = fitting(limit);
        count = texts.length;
        list = `[${texts.join(',')}]`;
      }
      const end = taken + count;
      const text = `{"outputs":${list},"errors":${stringify(errors.filter(([at]) => at < end).map(([at, ...rest]) => [at - taken, ...rest]))},"logs":${stringify(logs.map(([at, ...rest]) => [at - taken, ...rest]))}}`;
      errors = errors.filter(([at]) => at >= end);
      logs = [];
      outputs = outputs.slice(count);
      taken = end;
      return text;
    },
    left: () => rows.length - taken,
    done: () => outputs.length,
    questions() {
      const now = asked.splice(0, 16 - sent);
      sent += now.length;
      return stringify(now.map(([id, question, args]) => [id, question, args.map((arg) => (arg === undefined ? null : arg))]));
    },
    answer(id, text) {
      const waiter = open.get(id);
      if (!waiter) return;
      open.delete(id);
      sent--;
      const { value, error } = parse(text) as { value?: unknown; error?: { code?: string; message: string } };
      if (error) waiter.reject(Object.assign(new Error(error.message), error.code !== undefined && { code: error.code }));
      else waiter.resolve(value);
    },
    waits: () => (!waiting ? 0 : open.size > 0 ? 1 : 2),
  };
}
