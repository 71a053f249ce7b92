import { isUtf8 } from 'node:buffer';
import { parseJson, type Payload } from '../../../plugins/sdk/index.ts';
import { bodyOf } from '../../engine/payload.ts';
import { isTextType } from '../../model/body-window.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import { countEvent, type PayloadHead, type RunEvent, type StepCounts } from '../../model/run-event.ts';
import { usualEntity, type ExpectedDocument, type ExpectedError, type ExpectedStep, type TestExpectation, type TestRequest } from '../../model/test-file.ts';
import { counted } from '../../model/words.ts';
import { mismatches } from './match.ts';
import { matchedRequests } from './matched-requests.ts';
import { unlike, type MadeRequest } from './made-request.ts';
import { ownerOf } from './case-state.ts';
import type { CaseRun } from './run-case.ts';
import { textOf } from '../output-file.ts';
import { contentOf, type TestFiles } from './test-files.ts';

/** What is otherwise than expected; `pointer` leads from the expectation. */
export interface Unexpected {
  readonly pointer: string;
  /** Another place of the file, as a whole pointer: that of a mock. */
  readonly at?: string;
  readonly message: string;
  readonly place?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly step?: string;
  readonly remedy?: string;
}

type Keys = readonly (string | number)[];

/** Compares what happened with what is expected. `file`: of the tests, for messages. */
export async function judge(expected: TestExpectation, run: CaseRun, files: TestFiles, file: string): Promise<Unexpected[]> {
  return new Judge(expected, run, files, file).all();
}

/** Sums per step, by the events of the run. */
export const stepCounts = (events: readonly RunEvent[]): Readonly<Record<string, StepCounts>> => events.reduce<Readonly<Record<string, StepCounts>>>(countEvent, {});

class Judge {
  readonly #expected: TestExpectation;
  readonly #run: CaseRun;
  readonly #files: TestFiles;
  readonly #file: string;
  readonly #found: Unexpected[] = [];

  constructor(expected: TestExpectation, run: CaseRun, files: TestFiles, file: string) {
    this.#expected = expected;
    this.#run = run;
    this.#files = files;
    this.#file = file;
  }

  async all(): Promise<Unexpected[]> {
    const { outputs, steps = {}, requests, failures, reply, logs, variables } = this.#expected;
    this.#status();
    if (this.#run.undied !== undefined) this.#say([], `The process did not die: the step was through with ${counted(this.#run.undied, 'payload')} at the end.`, { remedy: 'Name another step under `given.crash`, or fewer payloads.' });
    for (const { message, remedy, details } of this.#run.unanswered) this.#say([], message, { remedy, ...(typeof details['step'] === 'string' && { step: details['step'] }) });
    if (outputs) this.#documents(['outputs'], outputs, this.#run.outputs, 'payload leaves the flow', 'payloads leave the flow');
    const counts = stepCounts(this.#run.events);
    for (const [id, step] of Object.entries(steps)) this.#step(['steps', id], step, id, counts[id]);
    if (requests) this.#requests(requests);
    if (failures) this.#failures(failures);
    if (reply) this.#reply(reply);
    if (logs) this.#logs(logs);
    if (variables) this.#variables(variables);
    await this.#caches();
    await this.#pools();
    return this.#found;
  }

  #say(keys: Keys, message: string, more: Omit<Unexpected, 'pointer' | 'message'> = {}): void {
    this.#found.push({ pointer: pointerOf(keys), message, ...more });
  }

  #compare(keys: Keys, expected: unknown, actual: unknown, what: string, more: Pick<Unexpected, 'step'> = {}): void {
    for (const { pointer, message, ...values } of mismatches(expected, actual)) {
      this.#say(keys, `${what}${pointer === '' ? '' : ` at ${pointer}`}: ${message[0]!.toLowerCase()}${message.slice(1)}`, { place: pointer, ...values, ...more });
    }
  }

  #status(): void {
    const { status = 'success', error } = this.#expected;
    const { outcome } = this.#run;
    // What nobody answered is the reason, and is said by itself.
    if (outcome.status !== status && this.#run.unanswered.length === 0) {
      const at = outcome.error?.place?.file === this.#file ? outcome.error.place.pointer : undefined;
      const why = outcome.error ? `: ${outcome.error.step === undefined ? '' : `at the step ${JSON.stringify(outcome.error.step)}, `}${outcome.error.message}` : '';
      this.#say(['status'], `The run ends as ${outcome.status}, not as ${status}${why || '.'}`, { ...(at !== undefined ? { at } : { expected: status, actual: outcome.status }), ...(outcome.error?.step !== undefined && { step: outcome.error.step }), ...(outcome.error?.remedy !== undefined && { remedy: outcome.error.remedy }) });
    }
    if (!error) return;
    if (!outcome.error) this.#say(['error'], 'The run has no error.');
    else this.#error(['error'], error, outcome.error, 'The error of the run');
  }

  #error(keys: Keys, expected: ExpectedError, { code, step, message }: { readonly code: string; readonly step?: string; readonly message: string }, what: string): void {
    if (expected.code !== undefined) this.#compare([...keys, 'code'], expected.code, code, `${what}, its code`);
    if (expected.step !== undefined) this.#compare([...keys, 'step'], expected.step, step, `${what}, its step`);
    if (expected.message !== undefined) this.#compare([...keys, 'message'], expected.message, message, `${what}, its message`);
  }

  #documents(keys: Keys, expected: readonly ExpectedDocument[], actual: readonly (Payload | undefined)[], one: string, several: string, step?: string): void {
    const more = step === undefined ? {} : { step };
    expected.slice(0, actual.length).forEach((document, index) => this.#document([...keys, index], document, actual[index], more));
    if (expected.length !== actual.length) this.#say(keys, `${counted(actual.length, one, several)}, not ${expected.length}.`, { expected: expected.length, actual: actual.slice(0, 20).map(shown), ...more });
  }

  #document(keys: Keys, expected: ExpectedDocument, payload: Payload | undefined, more: Pick<Unexpected, 'step'>): void {
    const what = `Payload ${String(keys.at(-1))}`;
    if (!payload) {
      this.#say(keys, `${what} was a stream, whose body nobody has kept.`, more);
      return;
    }
    const { json, text, file, mediaType, meta = {} } = expected;
    if (mediaType !== undefined) this.#compare([...keys, 'mediaType'], mediaType, payload.mediaType, `${what}, its media type`, more);
    for (const [name, value] of Object.entries(meta)) this.#compare([...keys, 'meta', name], value, payload.meta[name], `${what}, its metadata ${name}`, more);
    if (json !== undefined) this.#compare([...keys, 'json'], json, jsonIn(payload), what, more);
    if (text !== undefined) this.#compare([...keys, 'text'], text, textIn(payload), what, more);
    if (file !== undefined) {
      const { body, mediaType: type } = contentOf({ file }, this.#files, { file: this.#file, pointer: pointerOf(keys) })!;
      if (!(body instanceof Uint8Array)) this.#compare([...keys, 'file'], body, jsonIn(payload), what, more);
      else {
        const [wanted, found] = [Buffer.from(body), bytesIn(payload)];
        const how = isTextType(type) && isUtf8(wanted) && isUtf8(found) ? 'utf8' : 'base64';
        this.#compare([...keys, 'file'], wanted.toString(how), found.toString(how), what, more);
      }
    }
  }

  #step(keys: Keys, { inputs, outputs = {}, ...wanted }: ExpectedStep, id: string, counts: StepCounts | undefined): void {
    for (const [name, value] of Object.entries(wanted)) {
      const actual = (counts?.[name as keyof StepCounts] as number | undefined) ?? 0;
      if (actual !== value) this.#say([...keys, name], `The step ${JSON.stringify(id)} has ${counted(actual, ...(words[name] ?? [name, name]))}, not ${String(value)}.`, { expected: value, actual, step: id });
    }
    const { events } = this.#run;
    const payloads = (these: readonly { readonly step: string; readonly payload: PayloadHead }[]): (Payload | undefined)[] => this.#run.sorted(these).map(({ payload }) => this.#run.payload(payload));
    if (inputs) this.#documents([...keys, 'inputs'], inputs, payloads(events.flatMap((event) => (event.type === 'payload-in' && event.step === id && event.attempt === 1 ? [event] : []))), 'payload comes', 'payloads come', id);
    for (const [port, documents] of Object.entries(outputs)) {
      this.#documents([...keys, 'outputs', port], documents, payloads(events.flatMap((event) => (event.type === 'payload-out' && event.step === id && event.port === port ? [event] : []))), `payload leaves at ${port}`, `payloads leave at ${port}`, id);
    }
  }

  #requests(expected: readonly TestRequest[]): void {
    const { requests } = this.#run;
    const matched = matchedRequests(expected, requests);
    expected.forEach((wanted, index) => {
      const made = matched[index];
      if (!made) return;
      for (const part of unlike(wanted, made)) {
        const actual = part === 'query' ? Object.fromEntries(new URL(made.url).searchParams) : part === 'headers' ? made.headers : made[part as keyof MadeRequest];
        this.#compareRequest(['requests', index, part], part === 'headers' ? lowerCase(wanted.headers!) : part === 'query' ? asTexts(wanted.query!) : wanted[part], actual, `Request ${index}, ${made.method} ${made.url}, its ${part}`, made.step);
      }
    });
    if (expected.length !== requests.length) this.#say(['requests'], `${counted(requests.length, 'request is made', 'requests are made')}, not ${expected.length}.`, { expected: expected.length, actual: requests.slice(0, 20).map(({ method, url }) => `${method} ${url}`) });
  }

  #compareRequest(keys: Keys, expected: unknown, actual: unknown, what: string, step: string | undefined): void {
    const before = this.#found.length;
    // Only what is said of it counts.
    this.#compare(keys, isObject(expected) && keys.at(-1) !== 'json' ? { $has: expected } : expected, actual, what, step === undefined ? {} : { step });
    if (this.#found.length === before) this.#say(keys, `${what}: it is another value.`, { expected, actual, ...(step !== undefined && { step }) });
  }

  #failures(expected: NonNullable<TestExpectation['failures']>): void {
    const failed = this.#run.sorted(this.#run.events.filter((event) => event.type === 'payload-failed')).map(({ error, step, caughtBy }) => ({ ...error, step, caughtBy }));
    expected.slice(0, failed.length).forEach((wanted, index) => {
      this.#error(['failures', index], wanted, failed[index]!, `Failure ${index}`);
      if (wanted.caughtBy !== undefined) this.#compare(['failures', index, 'caughtBy'], wanted.caughtBy, failed[index]!.caughtBy, `Failure ${index}, who takes it`);
    });
    if (expected.length !== failed.length) this.#say(['failures'], `${counted(failed.length, 'payload fails', 'payloads fail')}, not ${expected.length}.`, { expected: expected.length, actual: failed.slice(0, 20).map(({ step, code, message }) => ({ step, code, message })) });
  }

  #reply({ status, headers = {}, ...document }: NonNullable<TestExpectation['reply']>): void {
    const { reply } = this.#run;
    if (!reply) {
      this.#say(['reply'], 'The flow gives no answer.');
      return;
    }
    if (status !== undefined) this.#compare(['reply', 'status'], status, reply.status, 'The answer, its status');
    const lower = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), value]));
    for (const [name, value] of Object.entries(headers)) this.#compare(['reply', 'headers', name], value, lower[name.toLowerCase()], `The answer, its header ${name}`);
    this.#document(['reply'], document, reply.payload, {});
  }

  #logs(expected: NonNullable<TestExpectation['logs']>): void {
    const entries = this.#run.events.flatMap((event) => (event.type === 'log' ? [event] : []));
    let at = 0;
    expected.forEach((wanted, index) => {
      const found = entries.findIndex((entry, place) => place >= at && (wanted.step ?? entry.step) === entry.step && (wanted.level ?? entry.level) === entry.level && (wanted.message === undefined || mismatches(wanted.message, entry.message).length === 0));
      if (found < 0) this.#say(['logs', index], `The log has no such entry${at > 0 ? ' after the one before' : ''}.`, { expected: wanted, actual: entries.slice(-20).map(({ step, level, message }) => ({ step, level, message })) });
      else at = found + 1;
    });
  }

  #variables(expected: Readonly<Record<string, unknown>>): void {
    const defaults = Object.fromEntries(Object.entries(this.#run.plan.flow.variables ?? {}).map(([name, variable]) => [name, (variable as { readonly default?: unknown }).default]));
    const values: Record<string, unknown> = { ...defaults, ...this.#run.variables };
    for (const event of this.#run.events) if (event.type === 'variable') values[event.name] = event.value;
    for (const [name, value] of Object.entries(expected)) this.#compare(['variables', name], value, values[name], `The variable ${name}`);
  }

  async #caches(): Promise<void> {
    const { caches } = this.#run.state;
    for (const [name, keys] of Object.entries(this.#expected.caches ?? {})) {
      for (const [key, value] of Object.entries(keys)) {
        const all = await Promise.all([...this.#run.scopes(name)].map((scope) => caches.get({ name, scope, owner: ownerOf(scope, this.#run.plan) }, key)));
        const documents = all.find((found) => found.length > 0) ?? [];
        const bodies = documents.map(({ body, mediaType }) => (body instanceof Uint8Array ? (textOf(body, mediaType) ?? body) : body));
        const actual = bodies.length > 1 ? { $all: bodies } : bodies[0];
        this.#compare(['caches', name, key], isObject(value) && Array.isArray(value['$all']) ? value['$all'] : value, isObject(value) && Array.isArray(value['$all']) ? bodies : actual, `The cache ${name}, its key ${key}`);
      }
    }
  }

  async #pools(): Promise<void> {
    for (const [name, expected] of Object.entries(this.#expected.pools ?? {})) {
      const actual: { value: string; entity: string }[] = [];
      for await (const { value, entity } of this.#run.state.pools.all(name)) actual.push({ value, entity });
      const sorted = (values: readonly { readonly value: string; readonly entity: string }[]) => values.map(({ value, entity }) => (entity === usualEntity ? value : `${entity}: ${value}`)).toSorted();
      this.#compare(['pools', name], sorted(expected.map((one) => (typeof one === 'string' ? { value: one, entity: usualEntity } : one))), sorted(actual), `The pool ${name}`);
    }
  }
}

const lowerCase = (headers: Readonly<Record<string, unknown>>): Record<string, unknown> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const asTexts = (query: Readonly<Record<string, unknown>>): Record<string, unknown> => Object.fromEntries(Object.entries(query).map(([name, value]) => [name, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value]));

const words: Readonly<Record<string, readonly [one: string, many: string]>> = {
  in: ['payload in', 'payloads in'], out: ['payload out', 'payloads out'], failed: ['failed payload', 'failed payloads'], records: ['record', 'records'], requests: ['request', 'requests'], pages: ['page', 'pages'],
};

/** The body of a payload as JSON; a text where it is none. */
export function jsonIn(payload: Payload): unknown {
  const body = bodyOf(payload);
  if (body.kind === 'json') return body.value;
  const text = textIn(payload);
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function textIn(payload: Payload): string {
  const body = bodyOf(payload);
  return body.kind === 'text' ? body.text : body.kind === 'bytes' ? Buffer.from(body.bytes).toString('utf8') : body.kind === 'json' ? JSON.stringify(body.value) : '';
}

function bytesIn(payload: Payload): Buffer {
  const body = bodyOf(payload);
  return body.kind === 'bytes' ? Buffer.from(body.bytes) : Buffer.from(textIn(payload));
}

const shown = (payload: Payload | undefined): unknown => (payload ? jsonIn(payload) : undefined);
