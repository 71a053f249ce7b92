import { FlowError, type Page, type PageContext, type ValueContext } from '../../plugins/sdk/index.ts';
import { compileTemplate, type CompiledValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { pageRoots } from '../model/expression-roots.ts';
import { compilePath } from '../model/path.ts';
import { fieldSchema } from '../model/schema-walk.ts';

/** The context of paging in one call: `scope` holds what is the same for all of its pages. */
export interface PageContextOf {
  (scope: Scope, context: ValueContext): PageContext;
  /** Whether any of its paths and expressions reads the body of the answer. */
  readonly readsAnswer: boolean;
}

/**
 * Compiles the settings that are resolved for each page (`x-expression: 'page'`), and `more` beside them. Fails with `CONFIG_EXPRESSION`, whose pointer is
 * relative to the settings.
 */
export async function compilePageExpressions(settings: object, schema: object, env: ExpressionEnv, more: readonly string[] = []): Promise<PageContextOf> {
  const annotated = (annotation: string, value: string): [string, string][] => Object.entries(settings).filter(([name, text]) => typeof text === 'string' && (fieldSchema(schema, name) as Readonly<Record<string, unknown>>)[annotation] === value) as [string, string][];
  const own = annotated('x-expression', 'page');
  const entries = await Promise.all([...own.map(([name, text]) => [text, `/${name}`] as const), ...more.map((text) => [text, ''] as const)].map(async ([text, pointer]) => [text, await compile(text, env, pointer)] as const));
  const compiled = new Map(entries);
  const readsAnswer = annotated('x-path', 'response').length > 0 || [...compiled.values()].some(({ roots }) => roots.has('response'));
  const contextOf = (scope: Scope, context: ValueContext): PageContext => ({
    read: (document, path) => compilePath(path).get(document),
    evaluate: (text, page) => {
      const found = compiled.get(text);
      if (!found) throw new FlowError('INTERNAL', `${JSON.stringify(text)} is no setting that is resolved for each page.`);
      try {
        return found.evaluate(scopeOf(scope, page), context);
      } catch (error) {
        if (FlowError.is(error, 'DATA_MISSING')) return undefined;
        throw error;
      }
    },
  });
  return Object.assign(contextOf, { readsAnswer });
}

async function compile(text: string, env: ExpressionEnv, pointer: string): Promise<CompiledValue> {
  const found = await compileTemplate(text, { ...env, roots: pageRoots });
  if (!found.async) return found;
  throw new FlowError('CONFIG_EXPRESSION', `A pipe in ${JSON.stringify(text)} takes a setting from the page, which cannot be known when paging begins. Give the setting a fixed value.`, { place: { pointer } });
}

const scopeOf = (scope: Scope, { response, records, index, total, request, url }: Page): Scope => ({
  ...scope, response: response.body, headers: response.headers,
  ...(records.length > 0 && { record: records.at(-1) }),
  page: { ...request.variables, index, size: records.length, total, url, status: response.status },
});
