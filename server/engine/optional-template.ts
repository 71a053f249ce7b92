import { FlowError, scalarText, type ValueContext } from '../../plugins/sdk/index.ts';
import { compileValue, hasExpression, parseTemplate, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { isObject } from '../model/json.ts';

/** A value of a manifest, compiled. `undefined`: leave it out. */
export interface OptionalTemplate {
  readonly roots: ReadonlySet<string>;
  evaluate(scope: Scope, context: ValueContext): Promise<unknown>;
}

/**
 * Compiles a value in which a part that needs an optional param, a value of a page or the bound of a cursor is left out when that is absent: a text as a whole, a field of an
 * object, an item of a list. Everything else that is missing is an error.
 */
export async function compileOptional(value: unknown, env: ExpressionEnv): Promise<OptionalTemplate> {
  if (!hasExpression(value)) return { roots: new Set(), evaluate: async () => value };
  if (typeof value === 'string') {
    const { roots, evaluate } = await compileValue(value, env);
    return { roots, evaluate: async (scope, context) => {
      try {
        return await evaluate(scope, context);
      } catch (error) {
        if (FlowError.is(error, 'DATA_MISSING') && /^(params|page|cursor)\b/.test(String(error.details['missing']))) return undefined;
        throw error;
      }
    } };
  }
  if (Array.isArray(value)) {
    const items = await Promise.all(value.map((item) => compileOptional(item, env)));
    return { roots: union(items), evaluate: async (scope, context) => (await Promise.all(items.map((item) => item.evaluate(scope, context)))).filter((item) => item !== undefined) };
  }
  const fields = await Promise.all(Object.entries(value as object).map(async ([name, field]) => ({ name, template: await compileOptional(field, env) })));
  return {
    roots: union(fields.map(({ template }) => template)),
    evaluate: async (scope, context) => {
      const values = await Promise.all(fields.map(async ({ name, template }) => [name, await template.evaluate(scope, context)] as const));
      return Object.fromEntries(values.filter(([, field]) => field !== undefined));
    },
  };
}

export interface PathTemplate {
  readonly roots: ReadonlySet<string>;
  evaluate(scope: Scope, context: ValueContext): Promise<string>;
}

/**
 * Compiles the path of an endpoint: what an expression gives is one part of the path, whatever characters it holds. Always begins with `/`.
 * `writerOf`: how what an expression gives is written, encoded, where not as one text.
 */
export async function compileUrlPath(path: string, env: ExpressionEnv, place: string, writerOf: (expression: string) => ((value: unknown) => string) | undefined = () => undefined): Promise<PathTemplate> {
  const parts = await Promise.all(parseTemplate(path).parts.map(async (part) => {
    if (part.kind === 'text') return part.text;
    const expression = path.slice(part.start, part.end);
    const isInQuery = path.slice(0, part.start).includes('?');
    return { ...(await compileValue(expression, env)), write: writerOf(expression) ?? ((value: unknown) => inUrl(isInQuery ? asText(value) : partOf(value, expression, { path, place }))) };
  }));
  const roots = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [...part.roots])));
  const isFixed = parts.every((part) => typeof part === 'string');
  return {
    roots,
    evaluate: async (scope, context) => {
      const texts = await Promise.all(parts.map(async (part) => (typeof part === 'string' ? part : part.write(await part.evaluate(scope, context)))));
      const joined = texts.join('');
      // A value that is empty or a dot would name another address: DELETE /orders/ instead of /orders/7.
      const lost = isFixed ? undefined : joined.split('?', 1)[0]!.split('/').find((segment, index, all) => /^\.{1,2}$/.test(segment) || (segment === '' && index > 0 && index < all.length - 1) || (segment === '' && index > 0 && !path.endsWith('/')));
      if (lost !== undefined) throw new FlowError('DATA_INVALID', `The path of ${place} would become ${JSON.stringify(joined)}: a value in it is empty or only dots.`, { details: { path } });
      return joined.startsWith('/') ? joined : `/${joined}`;
    },
  };
}

/** A list or an object in a path is seldom meant, and no server reads it as JSON. */
function partOf(value: unknown, expression: string, { path, place }: { readonly path: string; readonly place: string }): string {
  if (!isObject(value) && !Array.isArray(value)) return asText(value);
  throw new FlowError('DATA_INVALID', `A part of the path of ${place} cannot be written: ${expression} gives ${Array.isArray(value) ? 'a list' : 'an object'}.`, {
    details: { path }, remedy: 'Name the one value in it that is meant. Where the whole is meant, say how it is written: by a param with "in": "path" and a "style", such as "style": "simple" (commas).',
  });
}

/** The text of a value in a URL, a header or a form; objects and lists as JSON. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : value === null || value === undefined ? '' : isObject(value) || Array.isArray(value) ? JSON.stringify(value) : scalarText(value));

/** Half of a character, as cutting a text may leave, has no place in an address: U+FFFD stands for it, as it does in a body. */
export const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

const union = (templates: readonly { readonly roots: ReadonlySet<string> }[]): ReadonlySet<string> => new Set(templates.flatMap(({ roots }) => [...roots]));
