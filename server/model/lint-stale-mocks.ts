import type { ConnectorFile } from './connector.ts';
import { canBeAsked, endpointAddresses } from './endpoint-addresses.ts';
import type { Flow } from './flow.ts';
import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { compilePath } from './path.ts';
import { isProtocol } from './protocol.ts';
import { unsentBody } from './sent-body.ts';
import type { TestRecording } from './test-file.ts';
import { checkSchema } from './validate.ts';

type Place = readonly (string | number)[];
type Names = Readonly<Record<string, unknown>>;
type Endpoint = ConnectorFile['endpoints'][string];

interface FoundEndpoint {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly instance: string;
  readonly connector: string;
}

/** Of one mock; the others are mostly wrong in the same way. */
const mostFaults = 5;
const asNow = 'Let the mock answer as the system does now, or bring the schema up to date.';

/** Mocks that never answer, or that answer what the endpoint, as its connector says it now, would not give: the test would pass while the flow fails, or the other way round. */
export function lintStaleMock(context: LintContext, steps: Flow['steps'] | undefined, { request, answer }: Names, place: Place): void {
  if (!isObject(request)) return;
  const found = endpointOf(context, steps, request);
  if (!found) return lintAddress(context, steps, request, place);
  const { endpoint, name, connector } = found;
  const words = `the endpoint ${JSON.stringify(name)} of ${connector}`;
  const addresses = endpointAddresses(found.instance, [name], context.world);
  if (typeof request['url'] === 'string' && addresses && !isAsked(request['url'], addresses)) return stale(context, [...place, 'request', 'url'], `${capital(words)} is not asked at this address, so that this mock never answers: it is at ${shown(addresses)}.`, 'Write its address as it is now, or leave it out.');
  const method = 'method' in endpoint ? endpoint.method : undefined;
  const isOneRequest = !('upsert' in endpoint && endpoint.upsert);
  if (typeof request['method'] === 'string' && method !== undefined && request['method'].toUpperCase() !== method.toUpperCase() && isOneRequest) {
    stale(context, [...place, 'request', 'method'], `${capital(words)} is asked by ${method}, so that this mock never answers.`, `Write ${JSON.stringify(method)}, or leave the method out.`);
  }
  if (isOneRequest) lintBody(context, request, found, words, place);
  const answers: readonly [Place, unknown][] = Array.isArray(answer) ? answer.map((one, index): [Place, unknown] => [[...place, 'answer', index], one]) : [[[...place, 'answer'], answer]];
  for (const [at, one] of answers) if (isObject(one)) lintAnswer(context, one, endpoint, words, at);
}

/** The same of the answers of a run that were kept. */
export function lintStaleRecording(context: LintContext, steps: Flow['steps'] | undefined, { exchanges = [] }: Partial<TestRecording>, place: Place): void {
  if (!steps || Object.values(steps).some(({ shape }) => shape === 'run-flow')) return;
  const faults = new Set<string>();
  for (const { step, method, url, status = 200, body, base64, fault, error } of exchanges) {
    if (step === undefined) continue;
    if (!steps[step]) { faults.add(`It answers the step ${JSON.stringify(step)}, which the flow does not have.`); continue; }
    const found = endpointOf(context, steps, { step });
    if (!found) continue;
    const words = `the endpoint ${JSON.stringify(found.name)} of ${found.connector}`;
    const addresses = endpointAddresses(found.instance, [found.name], context.world);
    if (addresses && !isAsked(url, addresses)) faults.add(`It answers ${method} ${url.split('?', 1)[0]} for the step ${JSON.stringify(step)}, but ${words} is at ${shown(addresses)}.`);
    else if (status < 300 && fault === undefined && error === undefined && body !== undefined && !base64 && addresses && isOwnAddress(found, url, context)) for (const text of recordFaults(parsed(body), found.endpoint, words, `${method} ${url.split('?', 1)[0]}`)) faults.add(text);
  }
  tell(context, [...faults].map((text) => `The recording is not as the connectors are now. ${text}`), [...place, 'recording'], 'Run the flow again, and keep it by `patchbay test --save RUN`.');
}

const isOwnAddress = ({ instance, name, endpoint }: FoundEndpoint, url: string, { world }: LintContext): boolean => !('upsert' in endpoint && endpoint.upsert) && !('slices' in endpoint && endpoint.slices) && canBeAsked(url, endpointAddresses(instance, [name], world) ?? []);

/** Of a mock that may be for any endpoint of the flow: whether one of them is where it waits. */
function lintAddress(context: LintContext, steps: Flow['steps'] | undefined, request: Names, place: Place): void {
  const { url, instance, endpoint } = request;
  if (typeof url !== 'string' || url.includes('{{') || endpoint !== undefined || !steps || Object.values(steps).some(asksItself)) return;
  const instances = typeof instance === 'string' ? [instance] : [...new Set(callsOf(steps).map((call) => call.instance))];
  const all = instances.map((id) => endpointAddresses(id, undefined, context.world));
  if (all.length === 0 || all.includes(undefined) || isAsked(url, all.flatMap((addresses) => addresses ?? []))) return;
  const connectors = instances.map((id) => context.world.instances[id]?.connector);
  stale(context, [...place, 'request', 'url'], `No endpoint of ${connectors.join(' or ')} is asked at this address, so that this mock never answers.`, 'Name the endpoint ("instance", "endpoint") instead, or write its address as it is now.');
}

/** Requests of scripts go anywhere, and those of another flow are not looked at here. */
const asksItself = ({ shape, settings }: Flow['steps'][string]): boolean => shape === 'script' || shape === 'run-flow' || JSON.stringify(settings ?? {}).includes('"script');

const isAsked = (url: string, addresses: readonly string[]): boolean => url.includes('{{') || canBeAsked(url, addresses);
const shown = (addresses: readonly string[]): string => addresses.slice(0, 3).join(', ');
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** A body that the endpoint never sends. */
function lintBody(context: LintContext, { json }: Names, { endpoint, connector }: FoundEndpoint, words: string, place: Place): void {
  const manifest = context.world.connectors[connector];
  if (json === undefined || endpoint.direction !== 'send' || !('method' in endpoint) || !manifest || isProtocol(manifest) || JSON.stringify(json).includes('{{')) return;
  const found = unsentBody({ ...manifest.defaults, ...endpoint }, json);
  if (found) stale(context, [...place, 'request', 'json', ...found.keys], `${capital(words)} ${found.message}, so that this mock never answers.`, 'Write the body as it is sent now, or leave it out.');
}

function lintAnswer(context: LintContext, { status, json, fault }: Names, endpoint: Endpoint, words: string, place: Place): void {
  // What a table fills in is not known here, and refusals have no records.
  if (json === undefined || fault !== undefined || (typeof status === 'number' && status >= 300) || JSON.stringify(json).includes('{{')) return;
  tell(context, recordFaults(json, endpoint, words, 'the answer'), [...place, 'json'], asNow);
}

function recordFaults(json: unknown, endpoint: Endpoint, words: string, answer: string): readonly string[] {
  if (json === undefined || endpoint.direction !== 'receive' || !('records' in endpoint || 'record' in endpoint)) return [];
  const { records = '$', record, after, decoder } = endpoint as { readonly records?: string | readonly string[]; readonly record?: object; readonly after?: unknown; readonly decoder?: unknown };
  // A script or a converter makes something else of it.
  if (after !== undefined || decoder !== undefined) return [];
  const paths = [records].flat();
  const all = paths.flatMap((path) => compilePath(path).all(json));
  if (all.length === 0) return [`${capital(answer)} has nothing at ${paths.join(', ')}, where ${words} has its records.`];
  if (!record) return [];
  return all.flat(1).flatMap((one, index) => checkSchema(record, one).filter(({ code }) => code !== 'PLUGIN_FAILED').map(({ pointer, message }) => `The record ${index + 1} of ${answer} does not fit the record schema of ${words}${pointer === '' ? '' : ` at ${pointer}`}: ${message}`));
}

function tell(context: LintContext, faults: readonly string[], place: Place, fix: string): void {
  for (const message of faults.slice(0, mostFaults)) stale(context, place, message, fix);
  if (faults.length > mostFaults) stale(context, place, `And ${faults.length - mostFaults} more of the kind.`, fix);
}

const stale = (context: LintContext, place: Place, message: string, fix: string): void => report(context, 'TEST_STALE', pointerOf(place), message, { severity: 'warning', fix });

const callsOf = (steps: Flow['steps'] | undefined): readonly { readonly id: string; readonly instance: string; readonly endpoint: string }[] =>
  Object.entries(steps ?? {}).flatMap(([id, { settings }]) => (isObject(settings) && typeof settings['instance'] === 'string' && typeof settings['endpoint'] === 'string' ? [{ id, instance: settings['instance'], endpoint: settings['endpoint'] }] : []));

/** The endpoint that the request is for: by its instance, its step, or the steps of the flow that call one of the name. */
function endpointOf({ world }: LintContext, steps: Flow['steps'] | undefined, request: Names): FoundEndpoint | undefined {
  const fitting = callsOf(steps).filter(({ id, instance, endpoint }) => (request['step'] ?? id) === id && (request['instance'] ?? instance) === instance && (request['endpoint'] ?? endpoint) === endpoint);
  const [instance, name] = [request['instance'] ?? fitting[0]?.instance, request['endpoint'] ?? fitting[0]?.endpoint];
  // A mock for several endpoints is none that could be checked.
  if (typeof instance !== 'string' || typeof name !== 'string' || (request['endpoint'] === undefined && new Set(fitting.map(({ endpoint }) => endpoint)).size !== 1)) return undefined;
  const id = world.instances[instance]?.connector ?? '';
  const endpoint = world.connectors[id]?.endpoints[name];
  return endpoint && { endpoint, name, instance, connector: id };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
