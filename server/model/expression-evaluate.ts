import { calculate, compareNumbers, type CompiledTransform, describeValue, FlowError, isCount, isKeptNumber, type Operation, plainText, type ValueContext } from '../../plugins/sdk/index.ts';
import { isSame, isSomething } from './json.ts';
import { printExpression } from './expression-print.ts';
import { walkExpression, type Argument, type Binary, type Expression, type PathExpression, type Pipe, type Template } from './expression-syntax.ts';
import { compilePath } from './path.ts';

type Scope = Readonly<Record<string, unknown>>;
/** Gives `undefined` for a missing value: `??` catches it, every other operator hands it on. */
export type Run = (scope: Scope, context: ValueContext, calls: Calls) => unknown;
/** Transforms of the pipes whose settings come from the scope, in the order of their `DynamicCall`s. */
export type Calls = readonly ({ readonly transform: CompiledTransform; readonly error?: undefined } | { readonly error: unknown; readonly transform?: undefined })[];

export interface DynamicCall {
  readonly type: string;
  settings(scope: Scope): Readonly<Record<string, unknown>>;
}

export interface EvaluatorOptions {
  readonly pointer: string;
  /** Dynamic calls that are found are added here. */
  readonly calls: DynamicCall[];
  /** Most characters of each value in a text. */
  readonly longest?: number;
  transform(type: string, settings: unknown): CompiledTransform | Promise<CompiledTransform>;
}

/** Compiles a parsed text. A text that is one expression gives its value, others a text. Never gives `undefined`: fails with `DATA_MISSING`. */
export async function evaluator(text: string, template: Template, options: EvaluatorOptions): Promise<Run> {
  const parts = await Promise.all(template.parts.map(async (part) => (part.kind === 'text' ? part.text : required(part.expression, await compile(part.expression, options), options.pointer))));
  const [only] = parts;
  const { longest = Infinity } = options;
  if (parts.length === 1 && typeof only === 'function' && longest === Infinity) return only;
  return (scope, context, calls) => parts.map((part) => (typeof part === 'string' ? part : cut(textOf(part(scope, context, calls)), longest))).join('');
}

/** How a value is written in a text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : typeof value === 'number' ? plainText(value) : String(value));

// A pair of two halves is one character.
const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : text);

function required(expression: Expression, run: Run, pointer: string): Run {
  return (scope, context, calls) => {
    const value = run(scope, context, calls);
    if (value !== undefined) return value;
    const text = printExpression(expression);
    const missing = findMissing(expression, scope) ?? text;
    throw new FlowError('DATA_MISSING', `The expression {{ ${text} }} has no value: ${missing} is missing.`, { details: { expression: text, missing }, ...(pointer && { place: { pointer } }) });
  };
}

/** The first path without a value; of it the part up to the first name that is not there. */
function findMissing(expression: Expression, scope: Scope): string | undefined {
  let missing: PathExpression | undefined;
  walkExpression(expression, (part) => {
    if (!missing && part.kind === 'path' && readPath(part)(scope) === undefined) missing = part;
  });
  return missing && missing.root + missing.path;
}

async function compile(expression: Expression, options: EvaluatorOptions): Promise<Run> {
  switch (expression.kind) {
    case 'literal': return () => expression.value;
    case 'path': return readPath(expression);
    case 'pipe': return compilePipe(expression, options);
    case 'default': {
      const [value, fallback] = await Promise.all([compileFound(expression.value, options), compile(expression.fallback, options)]);
      return (scope, context, calls) => value(scope, context, calls) ?? fallback(scope, context, calls);
    }
    case 'unary': {
      const operand = await compile(expression.operand, options);
      const apply = expression.operator === '!' ? (value: unknown) => !isSomething(value) : (value: unknown) => 0 - numberOf(value, expression);
      return (scope, context, calls) => {
        const value = operand(scope, context, calls);
        return value === undefined ? undefined : apply(value);
      };
    }
    case 'binary': {
      const [left, right] = await Promise.all([compile(expression.left, options), compile(expression.right, options)]);
      return compileBinary(expression, left, right);
    }
  }
}

/** Before `??`, a path that may name several places is missing where it finds nothing; elsewhere that is an empty list. */
async function compileFound(expression: Expression, options: EvaluatorOptions): Promise<Run> {
  if (expression.kind === 'default') {
    const [value, fallback] = await Promise.all([compileFound(expression.value, options), compileFound(expression.fallback, options)]);
    return (scope, context, calls) => value(scope, context, calls) ?? fallback(scope, context, calls);
  }
  const run = await compile(expression, options);
  if (expression.kind !== 'path' || compilePath(`$${expression.path}`).singular) return run;
  return (scope, context, calls) => {
    const found = run(scope, context, calls) as readonly unknown[] | undefined;
    return found?.length === 0 ? undefined : found;
  };
}

function readPath({ root, path }: PathExpression): (scope: Scope) => unknown {
  const compiled = compilePath(`$${path}`);
  const read = compiled.singular ? compiled.get : compiled.all;
  return (scope) => {
    if (!Object.hasOwn(scope, root)) return undefined;
    const value = scope[root];
    return value === undefined ? undefined : read(value);
  };
}

async function compilePipe(pipe: Pipe, options: EvaluatorOptions): Promise<Run> {
  const input = await compile(pipe.input, options);
  const isDynamic = Object.values(pipe.settings).some(hasPath);
  if (!isDynamic) {
    const transform = await options.transform(pipe.transform, readSettings(pipe, {}));
    return (scope, context, calls) => {
      const value = input(scope, context, calls);
      return value === undefined ? undefined : transform(value, context);
    };
  }
  const index = options.calls.push({ type: pipe.transform, settings: (scope) => readSettings(pipe, scope) }) - 1;
  return (scope, context, calls) => {
    const value = input(scope, context, calls);
    if (value === undefined) return undefined;
    const call = calls[index]!;
    if (!call.transform) throw call.error;
    return call.transform(value, context);
  };
}

const hasPath = (argument: Argument): boolean =>
  argument.kind === 'path' || (argument.kind === 'list' && argument.items.some(hasPath)) || (argument.kind === 'object' && Object.values(argument.entries).some(hasPath));

const readSettings = (pipe: Pipe, scope: Scope): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(pipe.settings).map(([name, argument]) => [name, readArgument(argument, pipe, scope)]));

function readArgument(argument: Argument, pipe: Pipe, scope: Scope): unknown {
  switch (argument.kind) {
    case 'literal': return argument.value;
    case 'list': return argument.items.map((item) => readArgument(item, pipe, scope));
    case 'object': return Object.fromEntries(Object.entries(argument.entries).map(([name, entry]) => [name, readArgument(entry, pipe, scope)]));
    case 'path': {
      const value = readPath(argument)(scope);
      if (value !== undefined) return value;
      const text = printExpression(pipe);
      const missing = argument.root + argument.path;
      throw new FlowError('DATA_MISSING', `The expression {{ ${text} }} has no value: ${missing}, a setting of ${pipe.transform}, is missing.`, { details: { expression: text, missing } });
    }
  }
}

function compileBinary(expression: Binary, left: Run, right: Run): Run {
  const { operator } = expression;
  if (operator === '&&') return (scope, context, calls) => {
    const value = left(scope, context, calls);
    return value !== undefined && isSomething(value) ? right(scope, context, calls) : value;
  };
  if (operator === '||') return (scope, context, calls) => {
    const value = left(scope, context, calls);
    return value === undefined || isSomething(value) ? value : right(scope, context, calls);
  };
  if (isNull(expression.left) || isNull(expression.right)) {
    // The one question that a missing value can answer.
    if (operator === '==') return (scope, context, calls) => (left(scope, context, calls) ?? null) === (right(scope, context, calls) ?? null);
    if (operator === '!=') return (scope, context, calls) => (left(scope, context, calls) ?? null) !== (right(scope, context, calls) ?? null);
  }
  const apply = operations[operator];
  return (scope, context, calls) => {
    const a = left(scope, context, calls);
    const b = right(scope, context, calls);
    return a === undefined || b === undefined ? undefined : apply(a, b, expression);
  };
}

const isNull = (expression: Expression): boolean => expression.kind === 'literal' && expression.value === null;

const operations = {
  '==': (a: unknown, b: unknown) => isSame(a, b),
  '!=': (a: unknown, b: unknown) => !isSame(a, b),
  '<': (a: unknown, b: unknown, at: Binary) => compare(a, b, at) < 0,
  '<=': (a: unknown, b: unknown, at: Binary) => compare(a, b, at) <= 0,
  '>': (a: unknown, b: unknown, at: Binary) => compare(a, b, at) > 0,
  '>=': (a: unknown, b: unknown, at: Binary) => compare(a, b, at) >= 0,
  '+': (a: unknown, b: unknown, at: Binary) => (typeof a === 'string' && typeof b === 'string' ? joined(a, b, at) : checked('add', a, b, at)),
  '-': (a: unknown, b: unknown, at: Binary) => checked('subtract', a, b, at),
  '*': (a: unknown, b: unknown, at: Binary) => checked('multiply', a, b, at),
  '/': (a: unknown, b: unknown, at: Binary) => checked('divide', a, b, at),
  '%': (a: unknown, b: unknown, at: Binary) => checked('remainder', a, b, at),
} as const;

/** Two numbers that are texts of their digits would be joined where others are added. */
function joined(left: string, right: string, at: Binary): string {
  if (!isKeptNumber(left) || !isKeptNumber(right)) return left + right;
  throw new FlowError('DATA_INVALID', `The expression {{ ${printExpression(at)} }} adds ${describeValue(left)} and ${describeValue(right)}, numbers of more digits than a number holds. To join their digits, write one behind the other in a text.`, { details: { expression: printExpression(at) }, remedy: `Write {{ ${printExpression(at.left)} }}{{ ${printExpression(at.right)} }} to join them; calculate with such numbers in a script, with BigInt.` });
}

function compare(a: unknown, b: unknown, at: Binary): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (isCount(a) && isCount(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw new FlowError('DATA_INVALID', `The expression {{ ${printExpression(at)} }} compares ${describeValue(a)} with ${describeValue(b)}: "${at.operator}" needs two numbers or two texts. Use a cast-to-… transform.`, { details: { expression: printExpression(at) } });
}

function numberOf(value: unknown, at: Expression): number {
  if (typeof value === 'number') return value;
  if (isKeptNumber(value)) throw new FlowError('DATA_INVALID', `The expression {{ ${printExpression(at)} }} calculates with ${describeValue(value)}, which has more digits than a number holds. No expression and no transform calculates with such numbers.`, { details: { expression: printExpression(at) }, remedy: 'Leave it a text where nothing has to be calculated; calculate in a script, with BigInt (amounts as whole numbers of their smallest unit).' });
  throw new FlowError('DATA_INVALID', `The expression {{ ${printExpression(at)} }} calculates with ${describeValue(value)}, which is no number. Use the transform cast-to-number.`, { details: { expression: printExpression(at) } });
}

function checked(operation: Operation, left: unknown, right: unknown, at: Binary): number {
  const value = calculate(operation, numberOf(left, at), numberOf(right, at));
  if (value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new FlowError('DATA_INVALID', `The expression {{ ${printExpression(at)} }} ${value === undefined ? 'has a result with more digits than a number holds' : Number.isFinite(value) ? 'has a result beyond 9007199254740991, of which digits would be lost' : 'has no finite result: it divides by zero or grows too large'}.`, { details: { expression: printExpression(at) } });
}
