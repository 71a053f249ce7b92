import type { Payload } from '../../plugins/sdk/index.ts';
import { compilePath } from '../model/path.ts';
import { AttemptContext } from './payload-context.ts';
import type { DebuggedRun } from './debug.ts';
import { shownBody } from './debug-run.ts';
import { Recorder } from './recorder.ts';
import type { RunScope } from './run-scope.ts';
import { resolveSettings } from './step-settings.ts';
import type { StepWork } from './step.ts';
import { mappedRecords, openTriedMap, type TryMapOptions } from './try-map.ts';

export interface MapRule {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly when?: unknown;
}

/**
 * A map step, rule by rule. Rules have no effects, so they are gone through in front of the step, as it would: the step itself then does it once more, as always.
 */
export interface MapWalk {
  readonly rules: readonly MapRule[];
  readonly records: readonly unknown[];
  /** What the rules before this one have made of a record, and what this one reads. Fails as the step does. */
  at(record: number, rule: number): Promise<{ readonly target: unknown; readonly sources: unknown }>;
}

// Scripts of the rules stop in the step itself.
const withoutDebug = (options: RunScope['options']): RunScope['options'] => Object.create(options, { debug: { value: undefined } }) as RunScope['options'];

export async function walkMap({ scope }: DebuggedRun, step: StepWork, payload: Payload): Promise<MapWalk> {
  const silent = Object.create(scope, { recorder: { value: new Recorder(scope.host, () => undefined, scope.loop) }, options: { value: withoutDebug(scope.options) } }) as RunScope;
  const context = new AttemptContext({ run: silent, step: step.id, payload: payload.id, hasPayload: true, meta: payload.meta, attempt: 1, variables: step.variables, resumed: undefined, onCheckpoint() {}, onFail() {} }, scope.host.clock.now());
  const settings = (await resolveSettings(silent, step.planned, payload, context)) as { readonly rules?: readonly MapRule[] };
  const { rules = [] } = settings;
  const options: TryMapOptions = { signal: scope.signal, now: context.now, seed: scope.options.seed, variables: scope.variables };
  const records = await mappedRecords(scope.host, settings, shownBody(payload), options);
  return {
    rules, records,
    async at(record, rule) {
      await using map = await openTriedMap(scope.host, { ...settings, rules: rules.slice(0, rule) }, options);
      const { from } = rules[rule]!;
      const read = (path: string): unknown => {
        const found = compilePath(path).all(records[record]);
        return found.length > 1 ? found : found[0];
      };
      return { target: await map.map(records[record]), sources: from === undefined ? undefined : typeof from === 'string' ? read(from) : from.map(read) };
    },
  };
}
