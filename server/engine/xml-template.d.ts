import { type ExpressionEnv } from '../model/expression.ts';
import { type OptionalTemplate } from './optional-template.ts';
/** Compiles a text of XML: whatever an expression in it gives is text there, never an element. What is missing is an error, unless `??` follows. */
export declare function compileXmlText(text: string, env: ExpressionEnv): Promise<OptionalTemplate>;
