import { isDeepStrictEqual } from 'node:util';
import { FlowError, parseJson, type HttpRequest } from '../../plugins/sdk/index.ts';
import { createConnections } from '../engine/connections.ts';
import type { EngineHost, Transport } from '../engine/host.ts';
import { createPayload } from '../engine/payload.ts';
import { asFlowError } from '../engine/run-error.ts';
import { tryEndpoint } from '../engine/try-endpoint.ts';
import { encode } from '../mock/encode.ts';
import type { ConnectorManifest, EndpointExample, EndpointManifest } from '../model/connector.ts';
import { isObject, pointerOf } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import { checkSchema } from '../model/validate.ts';
import { exampleConnector, exampleInstance, exampleOrigins } from './example-connector.ts';

/** An example of a connector, run as a flow would call its endpoint. */
export interface ExampleCheck {
  readonly connector: string;
  readonly endpoint: string;
  readonly example: string;
  readonly file: string;
  readonly pointer: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** What is wrong, or why it was not run. */
  readonly messages: readonly string[];
}

export interface CheckedConnector {
  readonly id: string;
  readonly file: string;
  readonly manifest: ConnectorManifest;
}

/**
 * Runs the examples of a connector through the engine: each request is answered by its example, nobody else is asked, and nobody signs in or waits. An example
 * fails where its request cannot be made or is another one than it says, its answer is not understood or gives other records, or a record does not fit its schema.
 */
export async function checkExamples(host: EngineHost, connector: CheckedConnector, signal: AbortSignal): Promise<readonly ExampleCheck[]> {
  const checks: ExampleCheck[] = [];
  for (const [name, endpoint] of Object.entries(connector.manifest.endpoints)) {
    for (const [index, example] of (endpoint.examples ?? []).entries()) {
      signal.throwIfAborted();
      const said = { connector: connector.id, endpoint: name, example: example.title, file: connector.file, pointer: pointerOf(['endpoints', name, 'examples', index]) };
      const skipped = unchecked(endpoint);
      if (skipped !== undefined) checks.push({ ...said, result: 'skipped', messages: [skipped] });
      else {
        const messages = judge(endpoint, example, await callOf(host, connector, name, example, signal));
        checks.push({ ...said, result: messages.length > 0 ? 'failed' : 'passed', messages });
      }
    }
  }
  return checks;
}

/** Why an example of the endpoint cannot be run. */
const unchecked = ({ pagination }: EndpointManifest): string | undefined => (pagination?.type === 'async-job' ? 'A job takes several answers, and an example has one.' : undefined);

/** What calling an endpoint has come to. */
interface Called {
  readonly requests: readonly HttpRequest[];
  readonly records: readonly unknown[];
  readonly error: FlowError | undefined;
}

/** Waits, attempts and pages beyond it would be a fault of the connector: an example has one answer. */
const mostRequests = 20;

async function callOf(given: EngineHost, connector: CheckedConnector, name: string, example: EndpointExample, signal: AbortSignal): Promise<Called> {
  const manifest = exampleConnector(connector.manifest, name);
  const endpoint = manifest.endpoints[name]!;
  const requests: HttpRequest[] = [];
  const records: unknown[] = [];
  const clock = stoppedClock();
  const transport: Transport = {
    async send(request) {
      if (requests.push(request) > mostRequests) throw new FlowError('CONFIG_INVALID', `More than ${mostRequests} requests were made.`);
      const { status, headers = {}, body } = example.response;
      const answer = await encode(given, { status, headers: lowerCase(headers), body }, endpoint);
      const type = answer.headers['content-type'] ?? (answer.body === undefined ? undefined : typeof answer.body === 'string' ? 'text/plain' : 'application/json');
      return { status, headers: { ...answer.headers, ...(type !== undefined && { 'content-type': type }) }, body: new TextEncoder().encode(typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body)) };
    },
  };
  const instance = exampleInstance(connector.id, manifest);
  const host: EngineHost = {
    ...given, clock, transport, connections: createConnections(clock),
    workspace: { ...given.workspace, instance: (id) => (id === instance.id ? instance : undefined), connector: (id) => (id === connector.id ? manifest : undefined) },
  };
  try {
    const { params = {}, body = null } = example.request ?? {};
    const payload = createPayload({ id: 'example', body, ...(typeof body === 'string' && endpoint.body?.format !== 'json' && { mediaType: 'text/plain' }) });
    await tryEndpoint(host, { instance: instance.id, endpoint: name, params: { ...defaultsOf(endpoint), ...params }, payload, pages: 1, run: 'example', signal }, { exchange() {}, given() {}, lookUp() {}, refused() {}, note() {}, page: (page) => void records.push(...page.records) });
    return { requests, records, error: undefined };
  } catch (thrown) {
    signal.throwIfAborted();
    return { requests, records, error: asFlowError(thrown) };
  }
}

/** Values that a form would offer for what a step leaves out. */
const defaultsOf = ({ params = {} }: EndpointManifest): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(params).flatMap(([name, param]) => ('default' in param ? [[name, param.default]] : [])));

/** Always the same time: nobody waits, and time limits never come. */
const stoppedClock = (): EngineHost['clock'] => ({
  now: () => Date.UTC(2026, 0, 1),
  sleep: async (_ms, signal) => signal.throwIfAborted(),
  alarm: (_ms, signal) => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  }),
});

function judge(endpoint: EndpointManifest, example: EndpointExample, { requests, records, error }: Called): string[] {
  const { request = {}, response } = example;
  const [made] = requests;
  if (!made) return [error ? `No request was made: ${error.code}: ${error.message}` : 'No request was made.'];
  const wrong = requestFaults(request, made);
  if (example.error !== undefined && error?.code !== example.error) wrong.push(error ? `The call failed with ${error.code}, not ${example.error}: ${error.message}` : `The call did not fail with ${example.error}.`);
  if (example.error === undefined && error && (response.status < 400 || error.code.startsWith('CONFIG_'))) wrong.push(`The call failed with ${error.code}: ${error.message}`);
  if (!error && endpoint.direction === 'receive') wrong.push(...recordFaults(endpoint, example, records));
  if (endpoint.direction === 'send' && endpoint.record && request.body !== undefined) wrong.push(...schemaFaults(endpoint.record, sentRecords(endpoint, request.body), 'that is sent'));
  return wrong;
}

function requestFaults({ path, headers = {}, sent }: NonNullable<EndpointExample['request']>, made: HttpRequest): string[] {
  const wrong: string[] = [];
  const origin = exampleOrigins.find((base) => made.url.startsWith(base)) ?? new URL(made.url).origin;
  const madePath = made.url.slice(origin.length).replace(/^(?!\/)/, '/');
  if (path !== undefined && madePath !== path.replace(/^(?!\/)/, '/')) wrong.push(`The request goes to ${madePath}, not ${path}.`);
  for (const [name, value] of Object.entries(headers)) {
    const found = made.headers[name.toLowerCase()];
    if (found !== value) wrong.push(found === undefined ? `The request has no header ${name}.` : `The header ${name} of the request is ${JSON.stringify(found)}, not ${JSON.stringify(value)}.`);
  }
  if (sent !== undefined) {
    const text = made.body === undefined ? undefined : typeof made.body === 'string' ? made.body : new TextDecoder().decode(made.body);
    const value = typeof sent === 'string' ? text : parsed(text);
    if (!isDeepStrictEqual(value, sent)) wrong.push(`The request sends ${short(value)}, not ${short(sent)}.`);
  }
  return wrong;
}

function recordFaults(endpoint: EndpointManifest, { response, records: expected }: EndpointExample, records: readonly unknown[]): string[] {
  const { body, status } = response;
  const wrong: string[] = [];
  const paths = [endpoint.records ?? '$'].flat();
  if (typeof body === 'object' && body !== null && status < 300 && !endpoint.after && records.length === 0) {
    for (const path of paths) if (compilePath(path).all(body).length === 0) wrong.push(`The path of the records, ${path}, leads to nothing in the response.`);
  }
  if (typeof expected === 'number' && expected !== records.length) wrong.push(`${records.length} records were read, not ${expected}.`);
  if (typeof expected === 'object' && !isDeepStrictEqual(records, expected)) wrong.push(`The records ${short(records)} were read, not ${short(expected)}.`);
  if (endpoint.record && status < 300) wrong.push(...schemaFaults(endpoint.record, records, 'that is read'));
  return wrong;
}

const mostFaults = 3;

function schemaFaults(schema: object, records: readonly unknown[], which: string): string[] {
  const faults = records.flatMap((record, index) => checkSchema(schema, record).map(({ pointer, message }) => `The record ${index + 1} ${which} does not fit its schema${pointer === '' ? '' : ` at ${pointer}`}: ${message}`));
  return faults.length > mostFaults ? [...faults.slice(0, mostFaults), `${faults.length - mostFaults} more of this kind.`] : faults;
}

/** The schema is that of a record where an endpoint takes records one by one or in batches, else of the payload. */
const sentRecords = ({ per = 'payload', record }: EndpointManifest, body: unknown): readonly unknown[] => (Array.isArray(body) && (per !== 'payload' || !isArraySchema(record)) ? (body as unknown[]) : [body]);
const isArraySchema = (schema: unknown): boolean => isObject(schema) && (schema['type'] === 'array' || isObject(schema['items']));

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text;
};

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parseJson(text);
  } catch {
    return text;
  }
}
