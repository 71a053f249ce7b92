import type { AnyNode, Function as FunctionNode, Program } from 'acorn';

/** Whether nothing in a function returns a value: somebody has forgotten to. */
export const returnsNothing = ({ body }: FunctionNode): boolean => body.type === 'BlockStatement' && !returnsValue(body);

/** The function that a script exports, where its text says which one. */
export function exportedFunction(program: Program): FunctionNode | undefined {
  for (const node of program.body) {
    if (node.type === 'ExportDefaultDeclaration') return functionIn(node.declaration as AnyNode, program);
    if (node.type === 'ExportNamedDeclaration') {
      const own = node.specifiers.find(({ exported }) => exported.type === 'Identifier' && exported.name === 'default');
      if (own) return functionIn(own.local as AnyNode, program);
    }
    if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression' && isExports(node.expression.left as AnyNode)) return functionIn(node.expression.right as AnyNode, program);
  }
  return undefined;
}

/** `module.exports` and `exports.default`. */
const isExports = (node: AnyNode): boolean =>
  node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.property.type === 'Identifier' && ['module.exports', 'exports.default'].includes(`${node.object.name}.${node.property.name}`);

/** The function that an expression is, or that has the name that it is. */
function functionIn(node: AnyNode, program: Program): FunctionNode | undefined {
  if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression') return node;
  if (node.type !== 'Identifier') return undefined;
  for (const one of program.body) {
    if (one.type === 'FunctionDeclaration' && one.id.name === node.name) return one;
    if (one.type !== 'VariableDeclaration' || one.kind !== 'const') continue;
    const own = one.declarations.find(({ id, init }) => id.type === 'Identifier' && id.name === node.name && init && init.type !== 'Identifier');
    if (own?.init) return functionIn(own.init, program);
  }
  return undefined;
}

function returnsValue(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(returnsValue);
  if (typeof node !== 'object' || node === null) return false;
  const { type, argument } = node as { readonly type?: string; readonly argument?: unknown };
  if (type === 'ReturnStatement') return argument !== null;
  // What stands in another function is returned by that.
  if (type !== undefined && /Function|^Class/.test(type)) return false;
  return Object.values(node).some(returnsValue);
}
