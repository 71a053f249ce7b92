import { isUtf8 } from 'node:buffer';
import { FlowError, parseJson, type HttpRequest } from '../../../plugins/sdk/index.ts';
import type { RawResponse, Transport } from '../../engine/host.ts';
import type { Plan, PlannedStep } from '../../engine/plan.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import { firstGroup } from '../../model/pattern.ts';
import type { ConnectorMock, HttpMock, RecordingMock, TestAnswer, TestMock, TestRecording, TestRequest } from '../../model/test-file.ts';
import { matches } from './match.ts';
import { contentOf, mediaTypeOf, type Place, type TestFiles } from './test-files.ts';

/** A request that a case has made. */
export interface MadeRequest {
  readonly step?: string;
  readonly instance?: string;
  readonly endpoint?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that are no text as Base64. */
  readonly text?: string;
  /** The body where it is JSON. */
  readonly json?: unknown;
}

export interface MockedTransport {
  /** That of a flow: its steps say whom a request is for. */
  of(plan: Pick<Plan, 'steps'>): Transport;
  /** All requests, in the order in which they were made. */
  readonly made: readonly MadeRequest[];
  /** Requests that nobody answered. */
  readonly unanswered: readonly FlowError[];
}

/** Mocks with their place in the file. */
export interface PlacedMock {
  readonly mock: TestMock;
  readonly place: Place;
}

export interface MockedTransportOptions {
  readonly mocks: readonly PlacedMock[];
  readonly files: TestFiles;
  /** Origins of connectors' mocks on this machine, which are really asked, by their mocks. */
  readonly mockOrigins: ReadonlyMap<TestMock, string>;
  readonly real: Transport;
  /** The process of the case has died: nothing reaches anybody any more. */
  readonly isDead: () => boolean;
}

interface Answerer {
  answer(request: MadeRequest, asked: HttpRequest, how: Parameters<Transport['send']>[1]): (() => RawResponse | Promise<RawResponse>) | undefined;
}

/** Answers requests from mocks, and nothing else. What none of them answers fails with `TEST_UNMOCKED`, and says how to mock it. */
export function mockedTransport(options: MockedTransportOptions): MockedTransport {
  const { mocks, files, mockOrigins, real, isDead } = options;
  const made: MadeRequest[] = [];
  const unanswered: FlowError[] = [];
  const answerers = mocks.flatMap(({ mock, place }): Answerer[] => ('request' in mock ? [httpAnswerer(mock, files, place)] : 'recording' in mock ? [recordedAnswerer(mock, files, place)] : mockOrigins.has(mock) ? [connectorAnswerer(mockOrigins.get(mock)!, real)] : []));
  // The port of a connector's mock is another each time; what is asked is to look the same.
  const named = new Map([...mockOrigins].map(([mock, origin]) => [origin, `http://${(mock as ConnectorMock).connector}.mock`]));
  return {
    made, unanswered,
    of: ({ steps }) => ({
      async send(request, how) {
        how.signal.throwIfAborted();
        if (isDead()) return new Promise<never>(() => undefined);
        const { origin } = new URL(request.url);
        const one = madeRequest({ ...request, url: (named.get(origin) ?? origin) + request.url.slice(origin.length) }, steps.find(({ id }) => id === how.step));
        made.push(one);
        for (const { answer } of answerers) {
          const found = answer(one, request, how);
          if (found) return found();
        }
        const error = unmocked(one);
        unanswered.push(error);
        throw error;
      },
    }),
  };
}

function madeRequest({ method, url, headers, body }: HttpRequest, step: PlannedStep | undefined): MadeRequest {
  const settings = isObject(step?.settings) ? step.settings : {};
  const text = body === undefined ? undefined : typeof body === 'string' ? body : isUtf8(body) ? Buffer.from(body).toString('utf8') : Buffer.from(body).toString('base64');
  const json = text === undefined ? undefined : parsed(text);
  return {
    ...(step && { step: step.id }), ...(typeof settings['instance'] === 'string' && { instance: settings['instance'] }), ...(typeof settings['endpoint'] === 'string' && { endpoint: settings['endpoint'] }),
    method, url, headers, ...(text !== undefined && { text }), ...(json !== undefined && { json }),
  };
}

/** The parts of a request in which it is not what a mock or an expectation says. */
export function unlike(wanted: TestRequest, made: MadeRequest): readonly (keyof TestRequest)[] {
  const { searchParams } = new URL(made.url);
  const inQuery = (name: string): unknown => {
    const all = searchParams.getAll(name);
    return all.length > 1 ? all : all[0];
  };
  const checks: Readonly<Record<keyof TestRequest, () => boolean>> = {
    instance: () => wanted.instance === made.instance,
    endpoint: () => wanted.endpoint === made.endpoint,
    step: () => wanted.step === made.step,
    method: () => wanted.method!.toUpperCase() === made.method,
    url: () => isAddress(wanted.url!, made.url),
    query: () => Object.entries(wanted.query!).every(([name, value]) => matches(typeof value === 'number' || typeof value === 'boolean' ? String(value) : value, inQuery(name))),
    headers: () => Object.entries(wanted.headers!).every(([name, value]) => matches(value, made.headers[name.toLowerCase()])),
    json: () => matches(wanted.json, made.json),
    text: () => matches(wanted.text, made.text),
  };
  return (Object.keys(wanted) as (keyof TestRequest)[]).filter((key) => wanted[key] !== undefined && checks[key] && !checks[key]());
}

/** `wanted` may begin with the path, and may hold `*`. */
function isAddress(wanted: string, url: string): boolean {
  const { pathname, search, origin } = new URL(url);
  const whole = `${wanted.startsWith('/') ? '' : origin}${pathname}${wanted.includes('?') ? search : ''}`;
  return firstGroup(`^${wanted.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, whole) !== undefined;
}

const connectorAnswerer = (origin: string, real: Transport): Answerer => ({ answer: (_made, asked, how) => (new URL(asked.url).origin === origin ? () => real.send(asked, how) : undefined) });

function httpAnswerer({ request, answer }: HttpMock, files: TestFiles, place: Place): Answerer {
  const answers = Array.isArray(answer) ? (answer as readonly TestAnswer[]) : undefined;
  let given = 0;
  return {
    answer(made) {
      if (unlike(request, made).length > 0 || (answers && given >= answers.length)) return undefined;
      const index = given++;
      const one = answers ? answers[index]! : (answer as TestAnswer);
      return () => responseOf(one, files, { ...place, pointer: `${place.pointer ?? ''}${pointerOf(answers ? ['answer', index] : ['answer'])}` }, made);
    },
  };
}

function recordedAnswerer({ recording }: RecordingMock, files: TestFiles, place: Place): Answerer {
  const { exchanges = [] } = files.json(recording, place) as Partial<TestRecording>;
  const given = new Set<(typeof exchanges)[number]>();
  const withoutQuery = (url: string): string => url.split('?', 1)[0]!;
  return {
    answer(made) {
      const left = exchanges.filter((one) => !given.has(one) && one.method === made.method && (one.step === undefined || one.step === made.step));
      const found = left.find(({ url }) => url === made.url) ?? left.find(({ url }) => withoutQuery(url) === withoutQuery(made.url));
      if (!found) return undefined;
      given.add(found);
      const { status = 200, headers = {}, body = '', base64, fault } = found;
      if (fault !== undefined) return () => { throw faultError(fault, made); };
      return () => ({ status, headers, body: Buffer.from(body, base64 ? 'base64' : 'utf8') });
    },
  };
}

function responseOf(answer: TestAnswer, files: TestFiles, place: Place, made: MadeRequest): RawResponse {
  const { status = 200, headers = {}, fault } = answer;
  if (fault !== undefined) throw faultError(fault, made);
  // A file is answered as it is, whatever its encoding.
  if (answer.file !== undefined) return { status, headers: { 'content-type': answer.mediaType ?? mediaTypeOf(answer.file), ...lowerCase(headers) }, body: files.bytes(answer.file, place) };
  const content = contentOf(answer, files, place);
  const own = lowerCase(headers);
  if (!content) return { status, headers: own, body: new Uint8Array() };
  const { body, mediaType } = content;
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' && answer.json === undefined ? body : JSON.stringify(body));
  return { status, headers: { 'content-type': mediaType, ...own }, body: bytes };
}

const lowerCase = <T>(headers: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function faultError(fault: string, { url }: MadeRequest): FlowError {
  const { host } = new URL(url);
  return fault === 'time-out' ? new FlowError('REMOTE_TIMEOUT', `${host} did not answer in time, as the test says.`, { details: { host } }) : new FlowError('REMOTE_UNREACHABLE', `Cannot reach ${host}, as the test says.`, { details: { host } });
}

/** With a mock to begin with. */
function unmocked({ step, instance, endpoint, method, url }: MadeRequest): FlowError {
  const known = { ...(instance !== undefined && { instance }), ...(endpoint !== undefined && { endpoint }), method, url: new URL(url).pathname };
  const mock = JSON.stringify({ request: known, answer: { json: {} } });
  return new FlowError('TEST_UNMOCKED', `Nobody answers ${method} ${url.slice(0, 300)}${step === undefined ? '' : ` of the step ${JSON.stringify(step)}`}: a test asks no other system.`, {
    remedy: `Add a mock: ${mock}`, details: { method, url, ...(step !== undefined && { step }) },
  });
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
