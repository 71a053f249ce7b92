import type { BoundText, ValueContext } from '../../plugins/sdk/index.ts';
import { checkRoots, compileTemplate, parseTemplate, type ExpressionEnv, type Scope } from './expression.ts';
import { walkExpression, type Expression } from './expression-syntax.ts';

/** A text whose expressions give values beside it. */
export interface BoundTemplate {
  readonly roots: ReadonlySet<string>;
  /** Of each value, all names in the paths of its expression, from the last one back; the root where there are none. */
  readonly names: readonly (readonly [string, ...string[]])[];
  bind(scope: Scope, context: ValueContext): Promise<Pick<BoundText, 'texts' | 'values'>>;
}

/** Fails with `CONFIG_EXPRESSION`. */
export async function compileBound(text: string, env: ExpressionEnv): Promise<BoundTemplate> {
  const template = parseTemplate(text);
  checkRoots(text, template, env.roots);
  const texts = [''];
  const sources: string[] = [];
  const names: BoundTemplate['names'][number][] = [];
  for (const part of template.parts) {
    if (part.kind === 'text') texts[texts.length - 1] += part.text;
    else {
      sources.push(text.slice(part.start, part.end));
      names.push(namesIn(part.expression));
      texts.push('');
    }
  }
  const values = await Promise.all(sources.map((source) => compileTemplate(source, env)));
  return {
    names, roots: new Set(values.flatMap(({ roots }) => [...roots])),
    bind: async (scope, context) => ({ texts, values: await Promise.all(values.map((value) => value.evaluate(scope, context))) }),
  };
}

function namesIn(expression: Expression): readonly [string, ...string[]] {
  const names: string[] = [];
  const roots: string[] = [];
  walkExpression(expression, (part) => {
    if (part.kind !== 'path') return;
    roots.push(part.root);
    names.push(...(part.path.match(/[\p{L}_][\p{L}\p{N}_-]*/gu) ?? []).toReversed());
  });
  const [first = roots[0] ?? 'value', ...others] = names;
  return [first, ...others];
}
