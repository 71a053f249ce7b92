import type { ConnectorFile } from './connector.ts';
import type { Flow } from './flow.ts';
import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { compilePath } from './path.ts';
import { checkSchema } from './validate.ts';

type Place = readonly (string | number)[];
type Names = Readonly<Record<string, unknown>>;
type Endpoint = ConnectorFile['endpoints'][string];

/** Of one mock; the others are mostly wrong in the same way. */
const mostFaults = 5;

/** Answers of a mock that the endpoint, as its connector says it now, would not give: the test would pass while the flow fails. */
export function lintStaleMock(context: LintContext, steps: Flow['steps'] | undefined, { request, answer }: Names, place: Place): void {
  if (!isObject(request)) return;
  const found = endpointOf(context, steps, request);
  if (!found) return;
  const { endpoint, name, connector } = found;
  const method = 'method' in endpoint ? endpoint.method : undefined;
  if (typeof request['method'] === 'string' && method !== undefined && request['method'].toUpperCase() !== method.toUpperCase() && !('upsert' in endpoint && endpoint.upsert)) {
    stale(context, [...place, 'request', 'method'], `The endpoint ${JSON.stringify(name)} of ${connector} is asked by ${method}, so that this mock never answers.`, `Write ${JSON.stringify(method)}, or leave the method out.`);
  }
  const answers: readonly [Place, unknown][] = Array.isArray(answer) ? answer.map((one, index): [Place, unknown] => [[...place, 'answer', index], one]) : [[[...place, 'answer'], answer]];
  for (const [at, one] of answers) if (isObject(one)) lintAnswer(context, one, endpoint, `the endpoint ${JSON.stringify(name)} of ${connector}`, at);
}

function lintAnswer(context: LintContext, { status, json, fault }: Names, endpoint: Endpoint, words: string, place: Place): void {
  // What a table fills in is not known here, and refusals have no records.
  if (json === undefined || fault !== undefined || (typeof status === 'number' && status >= 300) || JSON.stringify(json).includes('{{')) return;
  if (endpoint.direction !== 'receive' || !('records' in endpoint || 'record' in endpoint)) return;
  const { records = '$', record, after, decoder } = endpoint as { readonly records?: string | readonly string[]; readonly record?: object; readonly after?: unknown; readonly decoder?: unknown };
  // A script or a converter makes something else of it.
  if (after !== undefined || decoder !== undefined) return;
  const paths = [records].flat();
  const all = paths.flatMap((path) => compilePath(path).all(json));
  if (all.length === 0) return stale(context, [...place, 'json'], `The answer has nothing at ${paths.join(', ')}, where ${words} has its records.`, 'Let the mock answer as the system does now: `patchbay try … --save`, or `patchbay test --save RUN`.');
  if (!record) return;
  const faults = all.flat(1).flatMap((one, index) => checkSchema(record, one).filter(({ code }) => code !== 'PLUGIN_FAILED').map(({ pointer, message }) => ({ index, pointer, message })));
  for (const { index, pointer, message } of faults.slice(0, mostFaults)) stale(context, [...place, 'json'], `The record ${index + 1} of the answer does not fit the record schema of ${words}${pointer === '' ? '' : ` at ${pointer}`}: ${message}`, 'Let the mock answer as the system does now, or bring the schema up to date.');
  if (faults.length > mostFaults) stale(context, [...place, 'json'], `And ${faults.length - mostFaults} more of the kind.`, 'Let the mock answer as the system does now, or bring the schema up to date.');
}

const stale = (context: LintContext, place: Place, message: string, fix: string): void => report(context, 'TEST_STALE', pointerOf(place), message, { severity: 'warning', fix });

/** The endpoint that the request is for: by its instance, its step, or the steps of the flow that call one of the name. */
function endpointOf({ world }: LintContext, steps: Flow['steps'] | undefined, request: Names): { readonly endpoint: Endpoint; readonly name: string; readonly connector: string } | undefined {
  const used = Object.entries(steps ?? {}).flatMap(([id, { settings }]) => (isObject(settings) && typeof settings['instance'] === 'string' && typeof settings['endpoint'] === 'string' ? [{ id, instance: settings['instance'], endpoint: settings['endpoint'] }] : []));
  const fitting = used.filter(({ id, instance, endpoint }) => (request['step'] ?? id) === id && (request['instance'] ?? instance) === instance && (request['endpoint'] ?? endpoint) === endpoint);
  const [instance, name] = [request['instance'] ?? fitting[0]?.instance, request['endpoint'] ?? fitting[0]?.endpoint];
  // A mock for several endpoints is none that could be checked.
  if (typeof instance !== 'string' || typeof name !== 'string' || (request['endpoint'] === undefined && new Set(fitting.map(({ endpoint }) => endpoint)).size !== 1)) return undefined;
  const id = world.instances[instance]?.connector ?? '';
  const endpoint = world.connectors[id]?.endpoints[name];
  return endpoint && { endpoint, name, connector: id };
}
