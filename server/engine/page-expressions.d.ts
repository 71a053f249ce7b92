import { type PageContext, type ValueContext } from '../../plugins/sdk/index.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
/** The context of paging in one call: `scope` holds what is the same for all of its pages. */
export type PageContextOf = (scope: Scope, context: ValueContext) => PageContext;
/**
 * Compiles the settings that are resolved for each page (`x-expression: 'page'`), and `more` beside them. Fails with `CONFIG_EXPRESSION`, whose pointer is
 * relative to the settings.
 */
export declare function compilePageExpressions(settings: object, schema: object, env: ExpressionEnv, more?: readonly string[]): Promise<PageContextOf>;
