import { compileValue, parseTemplate, type ExpressionEnv } from '../model/expression.ts';
import { asText, type OptionalTemplate } from './optional-template.ts';

/** Compiles a text of XML: whatever an expression in it gives is text there, never an element. What is missing is an error, unless `??` follows. */
export async function compileXmlText(text: string, env: ExpressionEnv): Promise<OptionalTemplate> {
  const parts = await Promise.all(parseTemplate(text).parts.map(async (part) => (part.kind === 'text' ? part.text : compileValue(text.slice(part.start, part.end), env))));
  return {
    roots: new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [...part.roots]))),
    evaluate: async (scope, context) => {
      const texts = await Promise.all(parts.map(async (part) => (typeof part === 'string' ? part : inXml(asText(await part.evaluate(scope, context))))));
      return texts.join('');
    },
  };
}

/** A text as it may stand in an element or an attribute. A character that XML cannot carry is replaced. */
const inXml = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\ufffd').replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
