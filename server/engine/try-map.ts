import { FlowError, type Covered, type Payload, type Script, type StepContext } from '../../plugins/sdk/index.ts';
import { compileValue } from '../model/expression.ts';
import { isObject } from '../model/json.ts';
import type { EngineHost } from './host.ts';
import { converterOf } from './manifest.ts';
import { expressionEnv, openContext, openMap, openRuleTransform } from './open-context.ts';
import { bodyOf, createPayload } from './payload.ts';
import { seededRandom } from './random.ts';
import { trialContext } from './try-endpoint.ts';

/** A map step without a flow. */
export interface TriedMap extends AsyncDisposable {
  /** Makes a record of what the rules read. Fails as the step does. */
  map(record: unknown): Promise<unknown>;
}

/** What the rules read of a payload: its records, groups of them, or all of them as one. Fails as the step does. */
export async function mappedRecords(host: EngineHost, settings: unknown, body: unknown, options: TryMapOptions): Promise<readonly unknown[]> {
  const { records = '', groupBy = [], wrapInput = false } = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
  await using step = await openStep(host, { records, groupBy, wrapInput, rules: [], passThrough: true }, options);
  const made = await step.map(body);
  const isMany = Array.isArray(made) && (wrapInput !== true || (Array.isArray(groupBy) && groupBy.length > 0));
  return isMany ? (made as unknown[]) : [made];
}

/** Where a flow would give values of its own, expressions of the settings find these. */
export interface TryMapOptions {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly seed: number;
  /** Flow variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** See `StepContext.covered`. */
  readonly onCovered?: Covered;
}

/**
 * Opens the shape `map` with settings, for one record after the other: groups, and where in the payload the records are, do not count. Nothing that its transforms
 * could leave behind is left, since they have nothing to ask but scripts, lookups and caches. Fails as opening the step does.
 */
export const openTriedMap = (host: EngineHost, settings: unknown, options: TryMapOptions): Promise<TriedMap> =>
  openStep(host, { ...(isObject(settings) && settings), records: '', groupBy: [], wrapInput: true, wrapOutput: false, onError: 'fail-payload' }, options);

async function openStep(host: EngineHost, settings: Readonly<Record<string, unknown>>, { signal, now, seed, variables = {}, onCovered }: TryMapOptions): Promise<TriedMap> {
  const shape = await host.registry.find('shape', 'map');
  if (!shape) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', 'There is no shape "map".', { details: { kind: 'shape', type: 'map' } });
  const scripts: Script[] = [];
  const own = host.registry.complete(shape, settings);
  const run = await shape.open(own as never, { ...stepContext(host, scripts), ...(onCovered && { covered: onCovered }) });
  if (typeof run !== 'function') throw new FlowError('INTERNAL', 'The shape "map" has no end.');
  const template = await compileValue(own, expressionEnv(host), { schema: shape.settings as object });
  let count = 0;
  return {
    async map(record) {
      const payload = createPayload({ id: `try/${count++}`, body: record });
      const context = { ...trialContext(host, { payload, signal }, { note: () => undefined, refused: () => undefined }, () => undefined), now, startedAt: now, random: seededRandom(seed) };
      const resolved = await template.evaluate({ payload: record, meta: {}, flow: variables, env: host.workspace.env, run: { id: 'try', flow: 'try', trigger: 'manual' }, now: new Date(now).toISOString() }, context);
      for await (const { payload: made } of await run(payload, { ...context, settings: resolved as never })) return recordIn(made);
      return undefined;
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(scripts.map((script) => script[Symbol.asyncDispose]()));
    },
  };
}

function recordIn(payload: Payload): unknown {
  const body = bodyOf(payload);
  if (body.kind !== 'json' || body.value === undefined) return undefined;
  // As it is sent: of several sources one that is missing is null then.
  return JSON.parse(JSON.stringify(body.value)) as unknown;
}

function stepContext(host: EngineHost, scripts: Script[]): StepContext {
  const open = openContext(host);
  const place = { run: 'try', flow: 'try', step: 'try' };
  const refuse = (): never => {
    throw new FlowError('CONFIG_INVALID', 'A mapping that is tried out reaches no other systems.');
  };
  const context: StepContext = {
    ...open,
    step: { id: 'try', ports: ['out'], sources: [] }, run: { id: 'try', flow: 'try', isAwaited: false },
    async script(file) {
      const script = await host.workspace.script(file);
      scripts.push(script);
      return script;
    },
    ruleTransform: (type, settings) => openRuleTransform(host, context, type, settings),
    map: (name) => openMap(host, open, name),
    schema: (file) => host.workspace.schema(file), converter: converterOf(host), cache: (name, scope) => host.state.cache(name, scope, place),
    endpoint: refuse, pool: refuse, flow: refuse,
  };
  return context;
}
