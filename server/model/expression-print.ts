import { binaryOperators, type Argument, type Expression, type Template } from './expression-syntax.ts';
import { quote } from './quote.ts';

/** The text of a template, in its plainest form. `parseTemplate` gives the same template again. */
export const printTemplate = (template: Template): string =>
  template.parts.map((part) => (part.kind === 'text' ? part.text : `{{ ${printExpression(part.expression)} }}`)).join('');

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'literal': return printLiteral(expression.value);
    case 'path': return expression.root + expression.path;
    case 'pipe': return `${inside(expression.input, 0)} | ${expression.transform}${Object.keys(expression.settings).length > 0 ? `(${printEntries(expression.settings)})` : ''}`;
    case 'default': return `${inside(expression.value, 0)} ?? ${inside(expression.fallback, 1)}`;
    case 'binary': {
      const level = levelOf(expression);
      return `${inside(expression.left, level)} ${expression.operator} ${inside(expression.right, level + 1)}`;
    }
    case 'unary':
      // A minus before a number would be read as part of the number.
      return expression.operand.kind === 'literal' && expression.operator === '-' ? `-(${printExpression(expression.operand)})` : expression.operator + inside(expression.operand, unaryLevel);
  }
}

const unaryLevel = binaryOperators.length + 1;

function levelOf(expression: Expression): number {
  if (expression.kind === 'pipe' || expression.kind === 'default') return 0;
  if (expression.kind === 'binary') return 1 + binaryOperators.findIndex((operators) => (operators as readonly string[]).includes(expression.operator));
  return unaryLevel;
}

const inside = (expression: Expression, level: number): string => (levelOf(expression) < level ? `(${printExpression(expression)})` : printExpression(expression));

function printLiteral(value: string | number | boolean | null): string {
  if (typeof value === 'string') return quote(value);
  if (Object.is(value, -0)) return '-0';
  // All its digits would say more than the number does.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? (value as number).toExponential() : String(value);
}

const printEntries = (entries: Readonly<Record<string, Argument>>): string =>
  Object.entries(entries).map(([name, value]) => `${/^[A-Za-z_$][\w$]*(?:-[\w$]+)*$/.test(name) ? name : quote(name)}: ${printArgument(value)}`).join(', ');

function printArgument(argument: Argument): string {
  if (argument.kind === 'list') return `[${argument.items.map(printArgument).join(', ')}]`;
  if (argument.kind === 'object') return `{${printEntries(argument.entries)}}`;
  return printExpression(argument);
}
