import type { Flow } from './flow.ts';
import { isObject, pointerOf } from './json.ts';
import { checkName, report, reportUnknown, type LintContext, type NamedKind } from './lint-world.ts';
import { lintStaleMock, lintStaleRecording } from './lint-stale-mocks.ts';
import { closest } from './suggest.ts';
import { matchers } from './test-file.ts';
import { schemaFault } from './validate.ts';

type Place = readonly (string | number)[];
type Names = Readonly<Record<string, unknown>>;

/** Checks the tests of a flow as far as they name something: the flow, its steps and ports, instances, connectors, environments. */
export function lintTest(context: LintContext, id: string, tests: Names): void {
  const { world } = context;
  const flow = typeof tests['flow'] === 'string' ? tests['flow'] : id;
  const message = `There is no flow ${JSON.stringify(flow)}.`;
  // Without a name of its own it is about the flow that is called as it is.
  if (typeof tests['flow'] === 'string') checkName(context, { kind: 'flow', name: flow, pointer: '/flow', known: world.flows }, 'CONFIG_UNKNOWN_FLOW', message);
  else if (!world.flows.includes(flow)) reportUnknown(context, 'CONFIG_UNKNOWN_FLOW', '', message, flow, world.flows, { key: true });
  if (!world.flows.includes(flow)) return;
  const parts = new Parts(context, flow, world.flowOf?.(flow));
  parts.part(tests, []);
  for (const [name, one] of entriesOf(tests['cases'])) if (isObject(one)) { parts.part(one, ['cases', name]); lintGenerate(context, one, ['cases', name]); }
  if (entriesOf(tests['cases']).length === 0 && isObject(tests['cases'])) report(context, 'CONFIG_INVALID', '/cases', 'There are no cases: nothing is tested.', { severity: 'warning', fix: 'Add a case.' });
}

function lintGenerate(context: LintContext, { generate, expect, table }: Names, place: Place): void {
  if (!isObject(generate)) return;
  if (isObject(expect) && expect['snapshot'] !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...place, 'expect', 'snapshot']), 'What is made up has no snapshot: nothing would be compared.', { fix: 'Say what holds for all payloads ("outputs", "steps"), or give the payload in another case.' });
  const { schema } = generate;
  const wrong = isObject(schema) && table === undefined ? schemaFault(schema) : undefined;
  if (wrong !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...place, 'generate', 'schema']), `The JSON Schema is not valid: ${wrong}.`, { fix: 'Correct the schema.' });
}

class Parts {
  readonly #context: LintContext;
  readonly #flow: string;
  readonly #steps: Flow['steps'] | undefined;
  #asked: readonly string[] | undefined;

  constructor(context: LintContext, flow: string, value: Flow | undefined) {
    this.#context = context;
    this.#flow = flow;
    this.#steps = value?.steps;
  }

  part(part: Names, place: Place): void {
    const { expect } = part as { readonly expect?: unknown };
    this.#given(part['given'], [...place, 'given']);
    for (const [index, mock] of (Array.isArray(part['mocks']) ? part['mocks'] : []).entries()) if (isObject(mock)) this.#mock(mock, [...place, 'mocks', index], isObject(expect) && expect['status'] !== undefined && expect['status'] !== 'success');
    if (isObject(expect)) this.#expected(expect, [...place, 'expect']);
  }

  #given(given: unknown, place: Place): void {
    if (!isObject(given)) return;
    this.#name('CONFIG_NOT_FOUND', 'environment', given['environment'], [...place, 'environment'], Object.keys(this.#context.world.environments));
    for (const key of ['from', 'until']) this.#step(given[key], [...place, key]);
    if (isObject(given['crash'])) this.#step(given['crash']['step'], [...place, 'crash', 'step']);
    for (const id of Object.keys(entriesAsObject(given['cursors']))) this.#step(id, [...place, 'cursors', id], true);
    for (const name of Object.keys(entriesAsObject(given['variables']))) this.#variable(name, [...place, 'variables', name]);
  }

  /** `mayBeBroken`: the case wants to see what becomes of answers that are wrong. */
  #mock(mock: Names, place: Place, mayBeBroken: boolean): void {
    const kinds = mockKinds.filter((kind) => mock[kind] !== undefined);
    const words = 'A mock has one of "request", "step", "flow", "connector" and "recording"; this one has';
    if (kinds.length > 1) report(this.#context, 'CONFIG_INVALID', pointerOf(place), `${words} ${kinds.map((kind) => JSON.stringify(kind)).join(' and ')}.`, { fix: 'Make a mock of each.' });
    // A name that is mistyped is told by the schema.
    else if (kinds.length === 0 && !Object.keys(mock).some((name) => closest(name, mockKinds) !== undefined)) report(this.#context, 'CONFIG_INVALID', pointerOf(place), `${words} none.`, { fix: 'Say in whose place it answers, such as {"connector": "shop"}.' });
    else if (kinds[0] === 'request' && mock['answer'] === undefined) report(this.#context, 'CONFIG_INVALID', pointerOf(place), 'Nothing says what is answered.', { fix: 'Add an "answer": `{"json": {}}`.' });
    this.#step(mock['step'], [...place, 'step']);
    this.#name('CONFIG_UNKNOWN_FLOW', 'flow', mock['flow'], [...place, 'flow'], this.#context.world.flows);
    this.#name('CONFIG_UNKNOWN_CONNECTOR', 'connector', mock['connector'], [...place, 'connector'], Object.keys(this.#context.world.connectors));
    this.#faults(mock, place);
    if (isObject(mock['request'])) this.#request(mock['request'], [...place, 'request']);
    if (!mayBeBroken) lintStaleMock(this.#context, this.#steps, mock, place);
    const recording = typeof mock['recording'] === 'string' ? this.#context.world.recordingOf?.(mock['recording']) : undefined;
    if (recording && !mayBeBroken) lintStaleRecording(this.#context, this.#steps, recording, place);
    const step = typeof mock['step'] === 'string' ? this.#steps?.[mock['step']] : undefined;
    if (!step) return;
    for (const [index, output] of (Array.isArray(mock['outputs']) ? mock['outputs'] : []).entries()) {
      const port = isObject(output) ? (output['port'] ?? 'out') : undefined;
      if (typeof port === 'string' && step.next) this.#port(port, [...place, 'outputs', index, 'port'], String(mock['step']), Object.keys(step.next), false);
    }
  }

  #request(request: Names, place: Place): void {
    const { flow } = request;
    const flows = [this.#flow, ...calledFlows(this.#flow, this.#context.world)];
    this.#name('CONFIG_UNKNOWN_FLOW', 'flow', flow, [...place, 'flow'], flows, { among: ` among this one and those that it calls (${flows.join(', ')})` });
    this.#asking(request['step'], [...place, 'step'], typeof flow === 'string' && flows.includes(flow) && flow !== this.#flow ? flow : undefined);
    this.#name('CONFIG_UNKNOWN_INSTANCE', 'instance', request['instance'], [...place, 'instance'], Object.keys(this.#context.world.instances));
    this.#endpoint(request, [...place, 'endpoint']);
    this.#matchers(request, place);
  }

  /** Without an instance it is one of any connector that the flow asks, as far as that is known. */
  #endpoint({ instance, endpoint }: Names, place: Place): void {
    const { instances, connectors } = this.#context.world;
    const asked = typeof instance === 'string' ? [instance] : (this.#asked ??= askedInstances(this.#flow, this.#context.world) ?? []);
    const owners = [...new Set(asked.map((id) => instances[id]?.connector ?? ''))];
    const manifests = owners.map((id) => connectors[id]);
    if (owners.length === 0 || typeof endpoint !== 'string' || !manifests.every((manifest) => manifest !== undefined)) return;
    const owner = owners.find((_id, index) => Object.hasOwn(manifests[index]!.endpoints, endpoint)) ?? owners[0]!;
    this.#name('CONFIG_UNKNOWN_ENDPOINT', 'endpoint', endpoint, place, [...new Set(manifests.flatMap(({ endpoints }) => Object.keys(endpoints)))], { owner, ...(instance === undefined && { among: ` in what the flow asks (${owners.join(', ')})` }) });
  }

  #faults({ connector, faults }: Names, place: Place): void {
    const manifest = typeof connector === 'string' ? this.#context.world.connectors[connector] : undefined;
    if (!manifest || !Array.isArray(faults)) return;
    for (const [index, fault] of faults.entries()) if (isObject(fault)) this.#name('CONFIG_UNKNOWN_ENDPOINT', 'endpoint', fault['endpoint'], [...place, 'faults', index, 'endpoint'], Object.keys(manifest.endpoints), { owner: String(connector) });
  }

  #expected(expected: Names, place: Place): void {
    for (const [id, step] of entriesOf(expected['steps'])) {
      this.#step(id, [...place, 'steps', id], true);
      for (const port of isObject(step) ? Object.keys(entriesAsObject(step['outputs'])) : []) {
        if (this.#steps?.[id]) this.#port(port, [...place, 'steps', id, 'outputs', port], id, Object.keys(this.#steps[id].next ?? {}), true);
      }
    }
    for (const [index, request] of (Array.isArray(expected['requests']) ? expected['requests'] : []).entries()) if (isObject(request)) this.#request(request, [...place, 'requests', index]);
    if (isObject(expected['error'])) this.#asking(expected['error']['step'], [...place, 'error', 'step']);
    for (const list of ['logs', 'failures']) {
      for (const [index, entry] of (Array.isArray(expected[list]) ? expected[list] : []).entries()) {
        for (const key of ['step', 'caughtBy']) if (isObject(entry)) this.#asking(entry[key], [...place, list, index, key]);
      }
    }
    this.#matchers({ ...expected, requests: undefined }, place);
  }

  /** A matcher with a word that is none would be a value that nothing equals. */
  #matchers(value: unknown, place: Place): void {
    if (Array.isArray(value)) value.forEach((item, index) => this.#matchers(item, [...place, index]));
    else if (isObject(value)) {
      const [first, ...others] = Object.keys(value);
      // Data has such names as well (`$oid`, `$ref`): only what looks like a slip is one.
      if (first?.startsWith('$') && others.length === 0 && !(matchers as readonly string[]).includes(first) && first !== '$all' && closest(first, matchers) !== undefined) {
        reportUnknown(this.#context, 'CONFIG_INVALID', pointerOf([...place, first]), `${JSON.stringify(first)} is no matcher.`, first, matchers, { key: true, severity: 'warning' });
      }
      if (first === '$is' && others.length === 0) return;
      for (const [key, item] of Object.entries(value)) this.#matchers(item, [...place, key]);
    }
  }

  #step(id: unknown, place: Place, key = false): void {
    if (typeof id !== 'string' || !this.#steps) return;
    checkName(this.#context, { kind: 'step', name: id, owner: this.#flow, pointer: pointerOf(place), ...(key && { key }), known: Object.keys(this.#steps) }, 'CONFIG_UNKNOWN_STEP', `The flow ${JSON.stringify(this.#flow)} has no step ${JSON.stringify(id)}.`);
  }

  /** A step of which something is told: one of the flow, or of a flow that it calls. */
  #asking(id: unknown, place: Place, called?: string): void {
    const { world } = this.#context;
    const steps = called === undefined ? undefined : world.flowOf?.(called)?.steps;
    if (called !== undefined && steps && typeof id === 'string') {
      checkName(this.#context, { kind: 'step', name: id, owner: called, pointer: pointerOf(place), known: Object.keys(steps) }, 'CONFIG_UNKNOWN_STEP', `The flow ${JSON.stringify(called)} has no step ${JSON.stringify(id)}.`);
      return;
    }
    const owner = typeof id !== 'string' || !this.#steps || Object.hasOwn(this.#steps, id) ? undefined : calledFlows(this.#flow, world).find((flow) => Object.hasOwn(world.flowOf?.(flow)?.steps ?? {}, id));
    if (owner === undefined) return this.#step(id, place);
    // It is there: what names it is renamed with it.
    checkName(this.#context, { kind: 'step', name: String(id), owner, pointer: pointerOf(place), known: Object.keys(world.flowOf!(owner)!.steps) }, 'CONFIG_UNKNOWN_STEP', '');
  }

  #port(port: string, place: Place, step: string, next: readonly string[], key: boolean): void {
    const naming = { kind: 'port', name: port, owner: this.#flow, pointer: pointerOf(place), ...(key && { key }), known: [...new Set([...next, 'out'])] } as const;
    checkName(this.#context, naming, 'CONFIG_UNKNOWN_PORT', `The step ${JSON.stringify(step)} leads nowhere from a port ${JSON.stringify(port)}.`, { severity: 'warning' });
  }

  #variable(name: string, place: Place): void {
    const known = this.#context.world.flowOf?.(this.#flow)?.variables;
    if (known) checkName(this.#context, { kind: 'variable', name, owner: this.#flow, pointer: pointerOf(place), key: true, known: Object.keys(known) }, 'CONFIG_INVALID', `The flow ${JSON.stringify(this.#flow)} has no variable ${JSON.stringify(name)}.`);
  }

  #name(code: 'CONFIG_NOT_FOUND' | 'CONFIG_UNKNOWN_FLOW' | 'CONFIG_UNKNOWN_CONNECTOR' | 'CONFIG_UNKNOWN_INSTANCE' | 'CONFIG_UNKNOWN_ENDPOINT', kind: NamedKind, given: unknown, place: Place, known: readonly string[], { owner, among = '' }: { readonly owner?: string; readonly among?: string } = {}): void {
    if (typeof given === 'string' && !given.includes('{{')) checkName(this.#context, { kind, name: given, ...(owner !== undefined && { owner }), pointer: pointerOf(place), known }, code, `There is no ${kind} ${JSON.stringify(given)}${among}.`);
  }
}

const mockKinds = ['request', 'step', 'flow', 'connector', 'recording'] as const;

/** The flows that a flow calls, and those that these call, as far as the files say it. */
function calledFlows(flow: string, world: LintContext['world']): readonly string[] {
  const found = new Set([flow]);
  for (const one of found) for (const { shape, settings = {} } of Object.values(world.flowOf?.(one)?.steps ?? {})) if (shape === 'run-flow' && typeof (settings as Names)['flow'] === 'string') found.add(String((settings as Names)['flow']));
  return [...found].slice(1);
}

/** The instances that a flow and those that it calls ask; `undefined` where the files do not say it. */
function askedInstances(flow: string, world: LintContext['world'], seen = new Set<string>()): readonly string[] | undefined {
  if (seen.has(flow)) return [];
  seen.add(flow);
  const steps = world.flowOf?.(flow)?.steps;
  if (!steps) return undefined;
  const found = Object.values(steps).map(({ shape, settings = {} }) => {
    const { instance, flow: called } = settings as Names;
    if (shape === 'run-flow') return typeof called === 'string' ? askedInstances(called, world, seen) : undefined;
    if (shape !== 'connector') return [];
    return typeof instance === 'string' && world.instances[instance] ? [instance] : undefined;
  });
  return found.every((one) => one !== undefined) ? found.flat() : undefined;
}

const entriesOf = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);
const entriesAsObject = (value: unknown): Names => (isObject(value) ? value : {});
