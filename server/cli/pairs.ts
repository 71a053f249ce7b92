import { parseJson } from '../../plugins/sdk/index.ts';
import { CommandError } from './exit-codes.ts';

/** `name=value` options as an object. */
export function pairsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new CommandError(`A name and a value are needed, as in name=value, not "${text}".`);
    return [text.slice(0, at), text.slice(at + 1)];
  }));
}

/** The same with JSON values, where no flow says what they are: what is no JSON is text. */
export const variablesOf = (texts: readonly string[], as: 'json' | 'text'): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(pairsOf(texts)).map(([name, text]) => [name, as === 'json' ? valueOf(text) : text]));

export function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
