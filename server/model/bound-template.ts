import type { BoundText, ValueContext } from '../../plugins/sdk/index.ts';
import { checkRoots, compileTemplate, parseTemplate, type ExpressionEnv, type Scope } from './expression.ts';

/** A text whose expressions give values beside it. */
export interface BoundTemplate {
  readonly roots: ReadonlySet<string>;
  bind(scope: Scope, context: ValueContext): Promise<BoundText>;
}

/** Fails with `CONFIG_EXPRESSION`. */
export async function compileBound(text: string, env: ExpressionEnv): Promise<BoundTemplate> {
  const template = parseTemplate(text);
  checkRoots(text, template, env.roots);
  const texts = [''];
  const sources: string[] = [];
  for (const part of template.parts) {
    if (part.kind === 'text') texts[texts.length - 1] += part.text;
    else {
      sources.push(text.slice(part.start, part.end));
      texts.push('');
    }
  }
  const values = await Promise.all(sources.map((source) => compileTemplate(source, env)));
  return {
    roots: new Set(values.flatMap(({ roots }) => [...roots])),
    bind: async (scope, context) => ({ texts, values: await Promise.all(values.map((value) => value.evaluate(scope, context))) }),
  };
}
