import { asNumber, calculate, checkedResult, defineTransform, FlowError, withoutNoise } from '../sdk/index.ts';

const tables = {
  length: { mm: 0.001, cm: 0.01, dm: 0.1, m: 1, km: 1000, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1609.344 },
  mass: { mg: 0.000001, g: 0.001, kg: 1, t: 1000, oz: 0.028349523125, lb: 0.45359237, st: 6.35029318 },
  volume: { ml: 0.001, cl: 0.01, l: 1, m3: 1000, cm3: 0.001, in3: 0.016387064, ft3: 28.316846592, 'us-gal': 3.785411784, 'us-fl-oz': 0.0295735295625, 'uk-gal': 4.54609, 'uk-pt': 0.56826125 },
  area: { mm2: 0.000001, cm2: 0.0001, m2: 1, ha: 10000, km2: 1000000, in2: 0.00064516, ft2: 0.09290304, acre: 4046.8564224 },
  time: { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400 },
  data: { B: 1, kB: 1000, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1048576, GiB: 1073741824 },
} as const;
const temperatures = ['C', 'F', 'K'] as const;
const units = [...Object.values(tables).flatMap((table) => Object.keys(table)), ...temperatures];

export default defineTransform({
  type: 'convert-unit',
  title: 'Convert unit',
  summary: 'Converts lengths, masses, volumes, areas, temperatures, times and amounts of data.',
  description: 'By the international definitions of the units; those of volume that differ between countries are named with theirs. The result has at most 15 significant digits; one beyond 9,007,199,254,740,991 is an error, and so is a temperature below absolute zero. Text that is a number is taken too. Null and a missing value stay as they are; anything else is an error.',
  takes: ['number', 'string', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', enum: units, title: 'From', description: 'Unit of the value.' },
      to: { type: 'string', enum: units, title: 'To', description: 'Unit of the result.' },
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the weight on a customs form', settings: { from: 'oz', to: 'g' }, input: '12.5', output: 354.3690390625 },
    { title: 'The weight of a parcel', settings: { from: 'lb', to: 'kg' }, input: 2, output: 0.90718474 },
    { title: 'Its height', settings: { from: 'cm', to: 'in' }, input: '25.4', output: 10 },
    { title: 'A gallon of the USA', settings: { from: 'us-gal', to: 'l' }, input: 1, output: 3.785411784 },
    { title: 'A cool store', settings: { from: 'F', to: 'C' }, input: 39.2, output: 4 },
    { title: 'Freezing water', settings: { from: 'C', to: 'F' }, input: 0, output: 32 },
    { title: 'Absolute zero', settings: { from: 'K', to: 'F' }, input: 0, output: -459.67 },
    { title: 'Below absolute zero', settings: { from: 'K', to: 'C' }, input: -5, error: 'DATA_INVALID' },
    { title: 'Below absolute zero in degrees', settings: { from: 'C', to: 'F' }, input: '-273.16', error: 'DATA_INVALID' },
    { title: 'Null stays null', settings: { from: 'm', to: 'km' }, input: null, output: null },
    { title: 'A word', settings: { from: 'm', to: 'km' }, input: 'far', error: 'DATA_INVALID' },
    { title: 'A length is no mass', settings: { from: 'm', to: 'kg' }, input: 1, error: 'CONFIG_INVALID' },
    { title: 'Empty text', settings: { from: 'cm', to: 'in' }, input: '', error: 'DATA_INVALID' },
  ],
  compile: ({ from, to }) => {
    const convert = converter(from, to);
    return (value) => (value === null || value === undefined ? value : convert(asNumber(value, 'convert-unit')));
  },
});

const of = (number: number | undefined): number => checkedResult(number, 'convert-unit');

/** From 10^13 on digit by digit. */
function scaled(value: number, own: number, other: number): number {
  const plain = (value * own) / other;
  return Math.abs(plain) < 1e13 ? withoutNoise(plain) : of(calculate('divide', of(calculate('multiply', value, own)), other));
}

function converter(from: string, to: string): (value: number) => number {
  for (const table of Object.values(tables) as Readonly<Record<string, number>>[]) {
    const [own, other] = [table[from], table[to]];
    if (own !== undefined && other !== undefined) return (value) => scaled(value, own, other);
  }
  if (from in scales && to in scales) return (value) => degrees(value, from, to);
  throw new FlowError('CONFIG_INVALID', `${from} cannot be converted to ${to}: they measure different things.`, { place: { pointer: '/to' } });
}

/** Where 0 °C and absolute zero lie, and how many steps a difference of 5 °C has. */
const scales: Readonly<Record<string, { readonly zero: number; readonly least: number; readonly steps: number }>> = { C: { zero: 0, least: -273.15, steps: 5 }, K: { zero: 273.15, least: 0, steps: 5 }, F: { zero: 32, least: -459.67, steps: 9 } };

function degrees(value: number, from: string, to: string): number {
  const [own, other] = [scales[from]!, scales[to]!];
  if (value < own.least) throw new FlowError('DATA_INVALID', `The transform "convert-unit" cannot take ${value} ${from}: nothing is colder than ${own.least} ${from}.`, { details: { transform: 'convert-unit' } });
  const steps = of(calculate('divide', of(calculate('multiply', of(calculate('subtract', value, own.zero)), other.steps)), own.steps));
  return of(withoutNoise(of(calculate('add', steps, other.zero))));
}
