import { asNumber, calculate, checkedResult, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'math',
  title: 'Calculate',
  summary: 'Adds, subtracts, multiplies or divides fields and a constant.',
  description: 'With several sources the values are taken from left to right, then the constant. Digits count as people see them, so that 0.1 + 0.2 is 0.3, and 100.3 − 100.2 is 0.1. A result with more digits than a number holds is rounded to 15 of them; from 10,000,000,000,000 on it is an error, as is one beyond 9,007,199,254,740,991. Where a value is null, or one of several missing, the result is null; where there is none at all, it is missing, too. Text that is a number is taken; other values and a division by zero are errors.',
  takes: ['number', 'string', 'array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      operation: { type: 'string', enum: ['add', 'subtract', 'multiply', 'divide'], title: 'Operation', description: 'What to do with the values.', enumDescriptions: ['a + b', 'a − b', 'a × b', 'a ÷ b'] },
      with: { type: 'number', title: 'Constant', description: 'A number that comes after the values of the sources.' },
    },
    required: ['operation'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the net price of a line with 19 % tax', settings: { operation: 'divide', with: 1.19 }, input: '49.90', output: 41.9327731092437 },
    { title: 'A line total', settings: { operation: 'multiply' }, input: [3, '19.99'], output: 59.97 },
    { title: 'A price with 20 % tax', settings: { operation: 'multiply', with: 1.2 }, input: 9.99, output: 11.988 },
    { title: 'No rounding errors', settings: { operation: 'add' }, input: [0.1, 0.2], output: 0.3 },
    { title: 'Stock less what is reserved', settings: { operation: 'subtract' }, input: [10, 3, 2], output: 5 },
    { title: 'A value is missing', settings: { operation: 'add' }, input: [1, null], output: null },
    { title: 'Null stays null', settings: { operation: 'add', with: 1 }, input: null, output: null },
    { title: 'No values', settings: { operation: 'add' }, input: [], output: null },
    { title: 'Division by zero', settings: { operation: 'divide', with: 0 }, input: 1, error: 'DATA_INVALID' },
    { title: 'A text that is too long for a number', settings: { operation: 'add', with: 1 }, input: '9007199254740993', error: 'DATA_INVALID' },
    { title: 'No rounding errors of a small rest', settings: { operation: 'subtract' }, input: [1_234_567_890.12, 1_234_567_890.11], output: 0.01 },
    { title: 'Cents that no number of this size holds', settings: { operation: 'add' }, input: [99_999_999_999_999.98, 0.01], error: 'DATA_INVALID' },
    { title: 'Pence of a large amount', settings: { operation: 'add' }, input: [12_345_678_901_234.56, '0.01'], output: 12_345_678_901_234.57 },
    { title: 'A result whose digits no number holds', settings: { operation: 'multiply', with: 10 }, input: 9_007_199_254_740_991, error: 'DATA_INVALID' },
    { title: 'A word', settings: { operation: 'add', with: 1 }, input: 'many', error: 'DATA_INVALID' },
  ],
  compile: (settings) => {
    const operands = settings.with === undefined ? [] : [settings.with];
    const work = operations[settings.operation];
    const { with: constant } = settings;
    return (value) => {
      if (value === undefined) return undefined;
      if (!Array.isArray(value) && constant !== undefined) return value === null ? null : work(asNumber(value, 'math'), constant);
      const values = [...(Array.isArray(value) ? value : [value]), ...operands];
      if (values.length === 0 || values.some((operand) => operand === null || operand === undefined)) return null;
      return checked(values.map((operand) => asNumber(operand, 'math')).reduce(work));
    };
  },
});

const operations = {
  add: (left: number, right: number) => checked(calculate('add', left, right)),
  subtract: (left: number, right: number) => checked(calculate('subtract', left, right)),
  multiply: (left: number, right: number) => checked(calculate('multiply', left, right)),
  divide: (left: number, right: number) => {
    if (right === 0) throw new FlowError('DATA_INVALID', `The transform "math" cannot divide ${left} by zero.`, { details: { transform: 'math' } });
    return checked(calculate('divide', left, right));
  },
};

const checked = (number: number | undefined): number => checkedResult(number, 'math');
