import { FlowError } from '../../plugins/sdk/index.ts';

/** A text with expressions in it. Offsets (`start`, `end`) count characters of the text from 0. */
export interface Template {
  readonly parts: readonly (TextPart | ExpressionPart)[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface TextPart extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `{{ … }}`, braces included. */
export interface ExpressionPart extends Span {
  readonly kind: 'expression';
  readonly expression: Expression;
}

export type Expression = Literal | PathExpression | Pipe | Default | Binary | Unary;

export interface Literal extends Span {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}

/** `payload.items[0].sku`: the root is `payload`, the path `.items[0].sku`. */
export interface PathExpression extends Span {
  readonly kind: 'path';
  readonly root: string;
  readonly path: string;
}

/** `input | transform(name: setting)`. `name` is the place of the transform's name. */
export interface Pipe extends Span {
  readonly kind: 'pipe';
  readonly input: Expression;
  readonly transform: string;
  readonly name: Span;
  readonly settings: Readonly<Record<string, Argument>>;
}

/** Literals and paths, and lists and objects of them. */
export type Argument =
  | Literal
  | PathExpression
  | (Span & { readonly kind: 'list'; readonly items: readonly Argument[] })
  | (Span & { readonly kind: 'object'; readonly entries: Readonly<Record<string, Argument>> });

/** `value ?? fallback`. */
export interface Default extends Span {
  readonly kind: 'default';
  readonly value: Expression;
  readonly fallback: Expression;
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '!' | '-';
  readonly operand: Expression;
}

/** Operators by precedence, the weakest first. `|` and `??` are weaker than all of them. */
export const binaryOperators = [['||'], ['&&'], ['==', '!='], ['<=', '<', '>=', '>'], ['+', '-'], ['*', '/', '%']] as const;
export type BinaryOperator = (typeof binaryOperators)[number][number];

export const invalid = (text: string, start: number, end: number, problem: string): FlowError =>
  new FlowError('CONFIG_EXPRESSION', `The expression in ${JSON.stringify(text.length > 200 ? `${text.slice(0, 199)}…` : text)} is not valid at character ${start + 1}: ${problem}.`, { details: { text, start, end } });

/** Calls `visit` for every part of an expression, the whole first. */
export function walkExpression(expression: Expression | Argument, visit: (part: Expression | Argument) => void): void {
  visit(expression);
  for (const child of childrenOf(expression)) walkExpression(child, visit);
}

/** The parts of which a part is made, as they stand. */
export function childrenOf(node: Expression | Argument): readonly (Expression | Argument)[] {
  switch (node.kind) {
    case 'pipe': return [node.input, ...Object.values(node.settings)];
    case 'default': return [node.value, node.fallback];
    case 'binary': return [node.left, node.right];
    case 'unary': return [node.operand];
    case 'list': return node.items;
    case 'object': return Object.values(node.entries);
    default: return [];
  }
}

/** Every part of every expression of a template. */
export function partsOf(template: Template): readonly (Expression | Argument)[] {
  const found: (Expression | Argument)[] = [];
  for (const part of template.parts) if (part.kind === 'expression') walkExpression(part.expression, (node) => void found.push(node));
  return found;
}
