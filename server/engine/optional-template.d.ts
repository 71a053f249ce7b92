import { type ValueContext } from '../../plugins/sdk/index.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
/** A value of a manifest, compiled. `undefined`: leave it out. */
export interface OptionalTemplate {
    readonly roots: ReadonlySet<string>;
    evaluate(scope: Scope, context: ValueContext): Promise<unknown>;
}
/**
 * Compiles a value in which a part that needs an optional param, a value of a page or the bound of a cursor is left out when that is absent: a text as a whole, a field of an
 * object, an item of a list. Everything else that is missing is an error.
 */
export declare function compileOptional(value: unknown, env: ExpressionEnv): Promise<OptionalTemplate>;
export interface PathTemplate {
    readonly roots: ReadonlySet<string>;
    evaluate(scope: Scope, context: ValueContext): Promise<string>;
}
/**
 * Compiles the path of an endpoint: what an expression gives is one part of the path, whatever characters it holds. Always begins with `/`.
 * `writerOf`: how what an expression gives is written, encoded, where not as one text.
 */
export declare function compileUrlPath(path: string, env: ExpressionEnv, place: string, writerOf?: (expression: string) => ((value: unknown) => string) | undefined): Promise<PathTemplate>;
/** The text of a value in a URL, a header or a form; objects and lists as JSON. */
export declare const asText: (value: unknown) => string;
/** Half of a character, as cutting a text may leave, has no place in an address: U+FFFD stands for it, as it does in a body. */
export declare const inUrl: (text: string) => string;
