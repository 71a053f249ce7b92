import { castTo } from './cast.ts';
import type { QuickFix } from './diagnostic.ts';
import type { MapFinding } from './map-check.ts';
import type { MapRule } from './map-rules.ts';
import { printPath } from './path.ts';
import type { Misfit } from './schema-fit.ts';
import { formatOf, requiredOf, typeList, typesOf, withoutNull, type JsonType } from './schema-types.ts';
import { listed } from './suggest.ts';

type Transform = { readonly type: string; readonly settings?: unknown };

/** `wanted`: at the target of the rule, which may be left out where it `isOptional`. */
export function fitFinding(rule: MapRule, wanted: { readonly schema: object; readonly isOptional: boolean }, misfit: Misfit): MapFinding {
  const isBelow = misfit.at.length > 0;
  const target = [rule.to, printPath(misfit.at)].filter((part) => part !== '').join(misfit.at[0] === undefined || typeof misfit.at[0] === 'string' ? '.' : '');
  const { kind, severity = 'warning', message, fix, transforms = [], defaults = [] } = told(JSON.stringify(target), misfit, wanted.schema);
  // What lies within a value that is taken as a whole needs rules of its own.
  const quickFixes = isBelow || !rule.place ? [] : [...(rule.map === undefined ? transforms.map((one) => setTransforms(rule, [...rule.transforms.map(plainTransform), one], `Add ${one.type}`)) : []), ...defaults.map((value) => setDefault(rule, value)), ...(misfit.kind === 'null' && wanted.isOptional ? leftOut(rule) : [])];
  return {
    severity, code: 'CONFIG_INVALID', kind, place: rule.place ? [...rule.place, 'to'] : ['map'], target, message,
    fix: isBelow ? `${printPath(misfit.at).startsWith('[') ? 'Take the items one by one' : 'Write its fields one by one'}, with rules for ${JSON.stringify(target)} and the others.` : fix, quickFixes,
  };
}

interface Told {
  readonly kind: MapFinding['kind'];
  readonly severity?: MapFinding['severity'];
  readonly message: string;
  readonly fix: string;
  /** Of which each by itself does it. */
  readonly transforms?: readonly Transform[];
  readonly defaults?: readonly unknown[];
}

function told(target: string, misfit: Misfit, schema: object): Told {
  switch (misfit.kind) {
    case 'type':
    case 'some-types': return ofTypes(target, misfit, schema);
    case 'null': return ofNull(target, schema);
    case 'fraction': return { kind: 'type-mismatch', message: `The target ${target} must be a whole number, and gets one that may have a fraction.`, fix: 'Add the transform round-number.', transforms: [{ type: 'round-number' }] };
    case 'values': return ofValues(target, misfit);
    case 'format': return ofFormat(target, misfit);
    case 'missing': return { kind: 'missing-target', message: `What is written to the target ${target} has no ${fieldsOf(misfit.names)}, which must be there.`, fix: 'Write the fields one by one.' };
    case 'unknown': return { kind: 'unknown-target', message: `What is wanted has no place for the ${fieldsOf(misfit.names)} of what is written to the target ${target}.`, fix: 'Write the fields one by one, or take them out with omit.', transforms: [{ type: 'omit', settings: { fields: misfit.names } }] };
  }
}

const fieldsOf = (names: readonly string[]): string => `${names.length === 1 ? 'field' : 'fields'} ${listed(names)}`;

function ofTypes(target: string, { kind, given, wanted }: Extract<Misfit, { readonly given: ReadonlySet<JsonType> }>, schema: object): Told {
  const cast = castFor(given, wanted, schema);
  return {
    kind: 'type-mismatch', message: `The target ${target} must be ${typeList(withoutNull(wanted))}, and ${kind === 'type' ? 'gets' : 'may get'} ${typeList(given)}.`, fix: cast === undefined ? 'Add a transform that gives what is wanted, or another source.' : `Add the transform ${cast.type}.`,
    transforms: cast === undefined ? [] : [cast],
  };
}

/** The usual transform that makes what is wanted of a given type. */
export function castFor(given: ReadonlySet<JsonType>, wanted: ReadonlySet<JsonType>, schema: object): Transform | undefined {
  const type = castTo(given, wanted);
  const reader = readerOf(formatOf(schema));
  return type === 'cast-to-string' && reader && given.size === 1 && given.has('number') ? reader : type === undefined ? undefined : { type };
}

const readerOf = (format: string | undefined): Transform | undefined => (format === 'date' ? { type: 'parse-date', settings: { dateOnly: true } } : format === 'date-time' ? { type: 'parse-date' } : undefined);

/** What stands for nothing of a type. */
const nothings: Readonly<Record<JsonType, unknown>> = { string: '', number: 0, boolean: false, array: [], object: undefined, null: undefined };

function ofNull(target: string, schema: object): Told {
  const [only, ...others] = typesOf(schema) ?? [];
  const isPlain = Object.keys(schema).every((key) => key === 'type' || key === 'title' || key === 'description' || key === 'items');
  const value = only !== undefined && others.length === 0 && isPlain && requiredOf(schema).length === 0 ? nothings[only] : undefined;
  return { kind: 'may-be-null', message: `The target ${target} must not be null, and its source may be.`, fix: 'Give the rule a default, or the condition that its source is not null.', defaults: value === undefined ? [] : [value] };
}

/** More than a person would look through are no quick fix. */
const mostValues = 50;

function ofValues(target: string, { allowed, unfit }: Extract<Misfit, { readonly kind: 'values' }>): Told {
  const names = allowed.filter((value) => value !== null).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const one = `it must be one of ${shortList(names)}`;
  if (!unfit) {
    const values = Object.fromEntries(names.map((name, at) => [name, allowed.filter((value) => value !== null)[at]]));
    return { kind: 'value-mismatch', message: `The target ${target} gets a value that may be any: ${one}.`, fix: 'Add map-values or a lookup that gives one of them for each.', transforms: names.length > mostValues ? [] : [{ type: 'map-values', settings: { values, otherwise: 'error' } }] };
  }
  const meant = unfit.map((value) => [String(value), allowed.find((other) => String(other).toLowerCase() === String(value).toLowerCase())] as const);
  const isMeant = meant.every(([, value]) => value !== undefined);
  return {
    kind: 'value-mismatch', message: `The target ${target} may get ${shortList(unfit.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))))}: ${one}.`, fix: 'Add map-values or a lookup that gives one of them for each.',
    transforms: isMeant ? [{ type: 'map-values', settings: { values: Object.fromEntries(meant) } }] : [],
  };
}

const shortList = (names: readonly string[]): string => (names.length <= 10 ? listed(names) : `${listed(names.slice(0, 10))} and ${names.length - 10} more`);

function ofFormat(target: string, { wanted, given }: Extract<Misfit, { readonly kind: 'format' }>): Told {
  const transform = readerOf(wanted);
  return {
    kind: 'type-mismatch', severity: given !== undefined || transform ? 'warning' : 'info', message: `The target ${target} must be ${formatWord(wanted)}, and gets ${given === undefined ? 'any text' : formatWord(given)}.`,
    fix: transform ? `Add the transform parse-date${wanted === 'date' ? ' with "dateOnly"' : ''}.` : given === undefined ? 'Make sure that the source holds one.' : 'Take another source.', transforms: transform && (given === undefined || isTime(given)) ? [transform] : [],
  };
}

const isTime = (format: string): boolean => format === 'date' || format === 'date-time';
const formatWord = (format: string): string => `a text of the format ${format}`;

export const plainTransform = ({ type, settings }: { readonly type: string; readonly settings: unknown }): object => ({ type, ...(settings !== undefined && { settings }) });

export const setTransforms = (rule: MapRule, transforms: readonly object[], title: string): QuickFix => ({ title, set: [{ path: [...rule.place!, 'transforms'], value: transforms.length > 0 ? transforms : undefined }] });

/** A single field can be asked for. */
const leftOut = ({ place, sources: [source, ...others], isConditional }: MapRule): QuickFix[] =>
  (source && others.length === 0 && !isConditional ? [{ title: 'Leave it out where its source is null', set: [{ path: [...place!, 'when'], value: [{ field: source.query, is: 'is-not-null' }] }] }] : []);

const setDefault = (rule: MapRule, value: unknown): QuickFix => ({ title: `Give it the default ${JSON.stringify(value)}`, set: [{ path: [...rule.place!, 'default'], value }] });
