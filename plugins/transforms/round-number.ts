import { asNumber, checkedResult, defineTransform, movePoint } from '../sdk/index.ts';

export default defineTransform({
  type: 'round-number',
  title: 'Round number',
  summary: 'Rounds a number to decimal places.',
  description: 'Works on the decimal digits that people see, so 1.005 rounds to 1.01. Text that is a number is taken too. Null and a missing value stay as they are; anything else is an error, and so is a result beyond 9,007,199,254,740,991.',
  takes: ['number', 'string', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      places: { type: 'integer', minimum: -15, maximum: 15, default: 0, title: 'Places', description: 'Digits after the decimal point; -2 rounds to hundreds.' },
      mode: {
        type: 'string', enum: ['half-up', 'half-even', 'up', 'down', 'ceiling', 'floor'], default: 'half-up', title: 'Mode', description: 'Which way to round.',
        enumDescriptions: ['To the nearest, halves away from zero.', 'To the nearest, halves to the even digit.', 'Away from zero.', 'Towards zero.', 'To the greater number.', 'To the smaller number.'],
      },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the tax of a line, in cents', settings: { places: 2 }, input: '7.96722689', output: 7.97 },
    { title: 'A price', settings: { places: 2 }, input: 1.005, output: 1.01 },
    { title: 'A loss is rounded away from zero', settings: { places: 1 }, input: -2.25, output: -2.3 },
    { title: "Bankers' rounding", settings: { mode: 'half-even' }, input: 2.5, output: 2 },
    { title: 'Whole cartons', settings: { mode: 'ceiling' }, input: '4.1', output: 5 },
    { title: 'To hundreds', settings: { places: -2 }, input: 1250, output: 1300 },
    { title: 'A tiny number', settings: { places: 2 }, input: 1e-9, output: 0 },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'Empty text', settings: {}, input: '', error: 'DATA_INVALID' },
    { title: 'A number that is too large to have places', settings: { places: 2 }, input: 1e308, output: 1e308 },
    { title: 'One whose rounding is too large', settings: { places: -15, mode: 'up' }, input: 9_007_199_254_740_991, error: 'DATA_INVALID' },
    { title: 'A word', settings: {}, input: 'many', error: 'DATA_INVALID' },
  ],
  compile: ({ places, mode }) => (value) => {
    if (value === null || value === undefined) return value;
    const number = asNumber(value, 'round-number');
    if (places >= 0 && Number.isInteger(number)) return number;
    const magnitude = movePoint(Math.abs(number), places);
    const moved = movePoint(round(magnitude, number < 0, mode), -places);
    const rounded = Number.isInteger(moved) ? checkedResult(moved, 'round-number') : moved;
    return number < 0 && rounded !== 0 ? -rounded : rounded;
  },
});

function round(magnitude: number, isNegative: boolean, mode: string): number {
  const floor = Math.floor(magnitude);
  const rest = magnitude - floor;
  if (rest === 0) return floor;
  if (mode === 'up' || mode === (isNegative ? 'floor' : 'ceiling')) return floor + 1;
  if (mode === 'down' || mode === (isNegative ? 'ceiling' : 'floor')) return floor;
  if (mode === 'half-even' && rest === 0.5) return floor + (floor % 2);
  return rest >= 0.5 ? floor + 1 : floor;
}
