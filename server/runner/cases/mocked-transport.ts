import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { FlowError, parseJson, type ErrorCode, type HttpRequest } from '../../../plugins/sdk/index.ts';
import type { EngineHost, RawResponse, Transport } from '../../engine/host.ts';
import { DEFAULT_TIMEOUT_MS } from '../../engine/http.ts';
import type { Plan, PlannedStep } from '../../engine/plan.ts';
import { waitsHeader } from '../../mock/addresses.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import type { ConnectorMock, HttpMock, RecordingMock, TestAnswer, TestMock, TestRecording } from '../../model/test-file.ts';
import { unlike, type MadeRequest } from './made-request.ts';
import { missOf, type NearMiss } from './near-miss.ts';
import { contentOf, mediaTypeOf, type Place, type TestFiles } from './test-files.ts';

export interface MockedTransport {
  /** That of a flow: its steps say whom a request is for. */
  of(plan: Pick<Plan, 'flowId' | 'steps'>): Transport;
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
  /** Lets time pass, without waiting. */
  readonly sleep: EngineHost['clock']['sleep'];
  /** The process of the case has died: nothing reaches anybody any more. */
  readonly isDead: () => boolean;
}

interface Answerer {
  answer(request: MadeRequest, asked: HttpRequest, how: Parameters<Transport['send']>[1]): (() => RawResponse | Promise<RawResponse>) | undefined;
  /** Why it does not answer; `distance`: in how many ways. `undefined`: it has nothing to do with the request. */
  miss?(request: MadeRequest): NearMiss | undefined;
}

/** Answers requests from mocks, and nothing else. What none of them answers fails with `TEST_UNMOCKED`, and says how to mock it. */
export function mockedTransport(options: MockedTransportOptions): MockedTransport {
  const { mocks, files, mockOrigins, real, sleep, isDead } = options;
  const made: MadeRequest[] = [];
  const unanswered: FlowError[] = [];
  const answerers = mocks.flatMap(({ mock, place }): Answerer[] => ('request' in mock ? [httpAnswerer(mock, files, place)] : 'recording' in mock ? [recordedAnswerer(mock, files, place)] : mockOrigins.has(mock) ? [connectorAnswerer(mockOrigins.get(mock)!, { real, sleep })] : []));
  // The port of a connector's mock is another each time; what is asked is to look the same.
  const named = new Map([...mockOrigins].map(([mock, origin]) => [origin, `http://${(mock as ConnectorMock).connector}.mock`]));
  return {
    made, unanswered,
    of: ({ flowId, steps }) => ({
      async send(request, how) {
        how.signal.throwIfAborted();
        if (isDead()) return new Promise<never>(() => undefined);
        const { origin } = new URL(request.url);
        const name = named.get(origin);
        const asked = madeRequest({ ...request, url: name === undefined ? request.url : name + request.url.slice(origin.length) }, steps.find(({ id }) => id === how.step));
        const one: MadeRequest = { ...asked, flow: flowId, ...(how.payload !== undefined && { payload: how.payload }) };
        made.push(one);
        for (const { answer } of answerers) {
          const found = answer(one, request, how);
          if (found) return found();
        }
        const error = unmocked(one, nearestOf(one, answerers));
        unanswered.push(error);
        throw error;
      },
    }),
  };
}

function madeRequest({ method, url, headers, body }: HttpRequest, step: PlannedStep | undefined): Omit<MadeRequest, 'flow' | 'payload'> {
  const settings = isObject(step?.settings) ? step.settings : {};
  const text = body === undefined ? undefined : typeof body === 'string' ? body : isUtf8(body) ? Buffer.from(body).toString('utf8') : Buffer.from(body).toString('base64');
  const json = text === undefined ? undefined : parsed(text);
  return {
    ...(step && { step: step.id }), ...(typeof settings['instance'] === 'string' && { instance: settings['instance'] }), ...(typeof settings['endpoint'] === 'string' && { endpoint: settings['endpoint'] }),
    method, url, headers, ...(text !== undefined && { text }), ...(json !== undefined && { json }),
  };
}

const nearestOf = (made: MadeRequest, answerers: readonly Answerer[]): NearMiss | undefined => answerers.flatMap(({ miss }) => miss?.(made) ?? []).toSorted((one, other) => one.distance - other.distance)[0];

const connectorAnswerer = (origin: string, { real, sleep }: Pick<MockedTransportOptions, 'real' | 'sleep'>): Answerer => ({
  answer: (made, asked, how) => (new URL(asked.url).origin === origin ? async () => {
    const { headers: { [waitsHeader]: waits, ...headers }, ...answer } = await real.send(asked, how);
    if (waits === undefined) return { headers, ...answer };
    if (waits === 'time-out' || Number(waits) >= (asked.timeoutMs ?? DEFAULT_TIMEOUT_MS)) throw faultError('time-out', made);
    await sleep(Number(waits), how.signal);
    return { headers, ...answer };
  } : undefined),
});

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
    miss: (made) => missOf(request, made, place, answers && given >= answers.length ? answers.length : undefined),
  };
}

function recordedAnswerer({ recording }: RecordingMock, files: TestFiles, place: Place): Answerer {
  const { exchanges = [] } = files.json(recording, place) as Partial<TestRecording>;
  const given = new Set<(typeof exchanges)[number]>();
  const withoutQuery = (url: string): string => url.split('?', 1)[0]!;
  return {
    answer(made, { body: sent = '' }) {
      const left = exchanges.filter((one) => !given.has(one) && one.method === made.method && (one.step === undefined || one.step === made.step) && withoutQuery(one.url) === withoutQuery(made.url));
      const alike = left.filter(({ url }) => url === made.url);
      const known = alike.length > 1 && alike.some((one) => one.sent !== undefined) ? createHash('sha256').update(sent).digest('hex') : undefined;
      // Several may be under way at once: each gets its own answer, whichever is made first.
      const found = alike.find((one) => one.sent === known) ?? alike.find((one) => one.sent === undefined) ?? alike[0] ?? left[0];
      if (!found) return undefined;
      given.add(found);
      const { status = 200, headers = {}, body = '', base64, fault, error } = found;
      if (error) return () => { throw new FlowError(error.code as ErrorCode, error.message, { details: error.details ?? {} }); };
      if (fault !== undefined) return () => { throw faultError(fault, made); };
      return () => ({ status, headers, body: Buffer.from(body, base64 ? 'base64' : 'utf8') });
    },
    miss(made) {
      const own = exchanges.filter((one) => one.method === made.method && withoutQuery(one.url) === withoutQuery(made.url));
      if (own.length === 0) return undefined;
      const other = own.find((one) => !given.has(one));
      return { distance: 1, text: other ? `The recording ${recording} has an answer to it for the step ${JSON.stringify(other.step)} alone.` : `The recording ${recording} has no further answer to it: it holds ${own.length}.` };
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
  const host = new URL(url).host || url;
  return fault === 'time-out' ? new FlowError('REMOTE_TIMEOUT', `${host} did not answer in time, as the test says.`, { details: { host } }) : new FlowError('REMOTE_UNREACHABLE', `Cannot reach ${host}, as the test says.`, { details: { host } });
}

/** With a mock to begin with. */
function unmocked({ step, instance, endpoint, method, url }: MadeRequest, nearest: NearMiss | undefined): FlowError {
  const known = { ...(instance !== undefined && { instance }), ...(endpoint !== undefined && { endpoint }), method, url: new URL(url).pathname };
  const mock = JSON.stringify({ request: known, answer: { json: {} } });
  return new FlowError('TEST_UNMOCKED', `Nobody answers ${method} ${url.slice(0, 300)}${step === undefined ? '' : ` of the step ${JSON.stringify(step)}`}: a test asks no other system.${nearest ? ` ${nearest.text}` : ''}`, {
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
