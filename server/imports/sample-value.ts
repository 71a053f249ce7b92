import { sample, stringMatching } from 'fast-check';
import { isObject } from '../model/json.ts';
import { schemaOf } from '../model/param-schema.ts';
import { checkSchema } from '../model/validate.ts';
import { isPattern, merged, plainSchema, type SchemaSource } from './plain-schema.ts';
import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';
import { createResolve } from './references.ts';

/** A value that is made of a schema without those of its examples that contradict it: many published examples are older than their schemas. */
export const madeSample = (source: SchemaSource, schema: unknown, depth: number): unknown =>
  sampleValue(source, schema, depth, (part, example) => fits(plainSchema(source, part, 4), [example]));

export const fits = (schema: object, samples: readonly unknown[]): boolean => samples.every((sample) => checkSchema(schema, sample).length === 0);

/** Says that an example was replaced. */
export const tellUnfit = ({ report }: SchemaSource, what: string): void => report.skip(`The example of ${what}`, 'It contradicts its own schema: one that is made of the schema stands instead.');

/** A value that fits a schema: its own example where it has one that is taken, else one that is made up, so many levels deep. */
export function sampleValue(source: SchemaSource, given: unknown, depth: number, isTaken: (schema: unknown, example: unknown) => boolean = () => true): unknown {
  const schema = merged(source, source.resolve(given), 3);
  const examples: unknown = schema['examples'];
  const [shown] = [schema['example'], Array.isArray(examples) ? examples[0] : undefined, schema['default']].filter((example) => example !== undefined && isTaken(schema, example));
  if (shown !== undefined) return shown;
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0];
  const branches: unknown = [schema['oneOf'], schema['anyOf']].find((all) => Array.isArray(all) && all.length > 0);
  if (Array.isArray(branches)) {
    const [branch] = branches as readonly unknown[];
    // Beside fields a branch says more of the same object: often only which of them must be there.
    if (isObject(schema['properties'])) return sampleValue(source, { ...schema, oneOf: undefined, anyOf: undefined, allOf: [branch] }, depth, isTaken);
    return depth > 0 || isScalar(source.resolve(branch)) ? sampleValue(source, branch, depth - 1, isTaken) : {};
  }
  const type: unknown = Array.isArray(schema['type']) ? (schema['type'] as unknown[]).find((name) => name !== 'null') : schema['type'];
  if (type === 'array' || (type === undefined && isObject(schema['items']))) {
    const least = typeof schema['minItems'] === 'number' ? Math.min(schema['minItems'], 10) : 0;
    return Array.from({ length: depth > 0 && isObject(schema['items']) ? Math.max(least, 1) : least }, () => sampleValue(source, schema['items'], depth - 1, isTaken));
  }
  if (type === 'object' || (type === undefined && isObject(schema['properties']))) {
    const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
    const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
    // Deep inside only what must be there is there; what must hold itself has an end all the same.
    const shown = depth > 0 ? properties.filter(([name], index) => index < 30 || required.includes(name)) : depth > -3 ? properties.filter(([name]) => required.includes(name)) : [];
    return Object.fromEntries(shown.map(([name, part]) => [name, sampleValue(source, part, depth - 1, isTaken)]));
  }
  if (type === 'integer' || type === 'number') return sampleNumber(schema);
  if (type === 'boolean') return true;
  return textSample(schema);
}

function sampleNumber({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Json): number {
  if (typeof minimum === 'number') return exclusiveMinimum === true ? minimum + 1 : minimum;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1;
  const most = typeof maximum === 'number' ? (exclusiveMaximum === true ? maximum - 1 : maximum) : typeof exclusiveMaximum === 'number' ? exclusiveMaximum - 1 : 1;
  return Math.min(1, most);
}

/** What an example gives for the params that must be given, where there are any. */
export function exampleRequest(report: Report, params: Readonly<Record<string, object>>): { readonly request?: { readonly params: Json } } {
  const source = { report, resolve: createResolve({}, report) };
  const needed = Object.entries(params).filter(([, param]) => (param as { readonly required?: unknown }).required === true);
  return needed.length > 0 ? { request: { params: Object.fromEntries(needed.map(([name, param]) => [name, sampleValue(source, schemaOf(param), 3)])) } } : {};
}

const isScalar = ({ type, anyOf, oneOf }: Json): boolean => typeof type === 'string' && !['object', 'array'].includes(type) && anyOf === undefined && oneOf === undefined;

const texts: Readonly<Record<string, string>> = { 'date-time': '2024-01-31T12:00:00Z', date: '2024-01-31', time: '12:00:00Z', email: 'ada@example.com', uri: 'https://example.com/', uuid: '00000000-0000-4000-8000-000000000000' };
/** Of what texts with a pattern often are, readable ones before those that are only made to fit. */
const common = ['1', 'A', 'A1', 'en', 'en-GB', 'EUR', '1.0', '12:00', '#000000', '+441632960000', 'https://example.com/', 'example.com', '00000000-0000-4000-8000-000000000000'];

function textSample({ format, minLength, maxLength, pattern }: Json): string {
  const plain = typeof format === 'string' && Object.hasOwn(texts, format) ? texts[format]! : 'text'.padEnd(typeof minLength === 'number' && minLength <= 100 ? minLength : 0, ' text');
  if (typeof pattern !== 'string') return plain;
  const isFit = (text: string): boolean => fits({ type: 'string', pattern, ...(typeof minLength === 'number' && { minLength }), ...(typeof maxLength === 'number' && { maxLength }) }, [text]);
  return [plain, ...common].find(isFit) ?? madeText(pattern).find(isFit) ?? plain;
}

/** Texts for a pattern, the same each time; none where only matchers understand it, or nobody here does: counts within counts have a limit there, and would be made in full here. */
function madeText(pattern: string): readonly string[] {
  if (!isPattern(pattern)) return [];
  try {
    return sample(stringMatching(new RegExp(pattern, 'u'), { size: 'xsmall' }), { seed: 1, numRuns: 20 });
  } catch {
    return [];
  }
}
