import type * as fastCheck from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { TriedMap } from '../engine/try-map.ts';
import { toRunError } from '../engine/run-error.ts';
import { createCache } from '../model/lru.ts';
import type { Aims } from '../model/map-aims.ts';
import { mapTestSeconds, type MapFault, type MapTest } from '../model/map-report.ts';
import { isOpen } from '../model/schema-types.ts';
import { checkSchema } from '../model/validate.ts';
import { schemaValues } from './schema-values.ts';

export interface MapTestOptions {
  readonly source: object;
  readonly target: object;
  /** Some inputs aim at each of them, some at none. */
  readonly aims?: readonly Aims[];
  readonly inputs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Longest time for all inputs and the search for a smaller one, so that a caller need not wait for ever. */
const mostMs = mapTestSeconds * 1000;

/** Maps inputs that fit the source until one fails or gives what does not fit the target, then looks for the smallest such. Fails with `DATA_INVALID` where no inputs can be made. */
export async function testMap(mapping: TriedMap, { source, target, aims = [], inputs, seed, signal, now }: MapTestOptions): Promise<Omit<MapTest, 'source' | 'target' | 'seed' | 'unreached'>> {
  const fc: typeof fastCheck = await import('fast-check');
  const end = now() + mostMs;
  const property = fc.asyncProperty(valuesOf(fc, source, aims), async (input) => {
    signal.throwIfAborted();
    if (now() >= end) throw new fc.PreconditionFailure(true);
    // A filter would look for ever where nothing can fit.
    fc.pre(checkSchema(source, input).length === 0);
    const { faults, error } = await outcomeOf(mapping, input, target);
    return !error && faults.length === 0;
  });
  // Its own limit is for a mapping that does not end.
  const { counterexample, numRuns, numSkips, interrupted } = await fc.check(property, { numRuns: inputs, seed, interruptAfterTimeLimit: mostMs });
  signal.throwIfAborted();
  const tried = { inputs: numRuns, asked: inputs, ...(interrupted && { ended: 'time' as const }) };
  if (counterexample) return { ...tried, counterexample: { input: counterexample[0], ...(await outcomeOf(mapping, counterexample[0], target)) } };
  if (interrupted || numRuns === inputs) return tried;
  if (numRuns === 0) throw noInputs(`None of ${numSkips} values that were made up fits the schema of the source.`);
  return { ...tried, ended: 'unfit' };
}

function valuesOf(fc: typeof fastCheck, source: object, aims: readonly Aims[]): fastCheck.Arbitrary<unknown> {
  try {
    const plain = schemaValues(fc, source);
    return aims.length > 0 ? fc.oneof({ withCrossShrink: true }, plain, ...aims.map((tree) => schemaValues(fc, source, undefined, tree))) : plain;
  } catch (cause) {
    throw noInputs('No inputs can be made that fit the schema of the source.', cause);
  }
}

async function outcomeOf(mapping: TriedMap, input: unknown, target: object): Promise<Omit<NonNullable<MapTest['counterexample']>, 'input'>> {
  try {
    const output = await mapping.map(input);
    return { output, faults: faultsOf(output, target) };
  } catch (error) {
    return { faults: [], error: toRunError(error) };
  }
}

/** What a schema says against a document. */
export const faultsOf = (output: unknown, target: object): MapFault[] => (isOpen(target) ? [] : checkSchema(sameSchema(target), output).map(({ pointer, message }) => ({ pointer, message })));

/** While a mapping is written each try brings its schema anew, and compiling one takes longer than mapping with it. */
function sameSchema(schema: object): object {
  const text = JSON.stringify(schema);
  return schemas.get(text) ?? schemas.add(text, schema);
}

const schemas = createCache<object>(16);

const noInputs = (message: string, cause?: unknown): FlowError => new FlowError('DATA_INVALID', message, { cause, remedy: 'Correct the schema where it asks for what cannot be; or give a simpler one as the source.' });
