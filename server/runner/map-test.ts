import type * as fastCheck from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { TriedMap } from '../engine/try-map.ts';
import { toRunError } from '../engine/run-error.ts';
import { createCache } from '../model/lru.ts';
import type { MapFault, MapTest } from '../model/map-report.ts';
import { isOpen } from '../model/schema-types.ts';
import { checkSchema } from '../model/validate.ts';
import { schemaValues } from './schema-values.ts';

export interface MapTestOptions {
  readonly source: object;
  readonly target: object;
  readonly inputs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Longest search for a smaller input, so that a caller need not wait for ever. */
const mostMs = 30_000;

/** Maps inputs that fit the source until one fails or gives what does not fit the target, then looks for the smallest such. Fails with `DATA_INVALID` where no inputs can be made. */
export async function testMap(mapping: TriedMap, { source, target, inputs, seed, signal }: MapTestOptions): Promise<Pick<MapTest, 'inputs' | 'counterexample'>> {
  const fc: typeof fastCheck = await import('fast-check');
  let mapped = 0;
  const property = fc.asyncProperty(schemaValues(fc, source), async (input) => {
    signal.throwIfAborted();
    // A filter would look for ever where nothing can fit.
    fc.pre(checkSchema(source, input).length === 0);
    mapped += 1;
    const { faults, error } = await outcomeOf(mapping, input, target);
    return !error && faults.length === 0;
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns: inputs, seed, interruptAfterTimeLimit: mostMs });
  signal.throwIfAborted();
  if (!failed) return { inputs: mapped };
  if (!counterexample) throw mapped > 0 && errorInstance ? errorInstance : noInputs();
  const [input] = counterexample;
  return { inputs: mapped, counterexample: { input, ...(await outcomeOf(mapping, input, target)) } };
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

const noInputs = (): FlowError => new FlowError('DATA_INVALID', 'No inputs can be made that fit the schema of the source.', { remedy: 'Correct the schema: it may ask for what cannot be.' });
