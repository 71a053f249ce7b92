import { wordsOf } from '../model/words.ts';

export const slugOf = (text: string): string => wordsOf(text).join('-');

/** The first sentence of a text, without markup, at most 200 characters. */
export function sentenceOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[*`#]+/g, '').trim();
  const paragraph = plain.split(/\n\s*\n/, 1)[0]!.replaceAll(/\s+/g, ' ').trim();
  const sentence = /^.{20,}?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph;
  if (sentence === '') return undefined;
  return sentence.length > 200 ? `${sentence.slice(0, 199).toWellFormed().trimEnd()}…` : sentence;
}

/** A text as a template that gives it: braces of others are no expression of ours. */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/** The expression of a param. */
export const paramExpression = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? `{{ params.${name} }}` : `{{ params[${JSON.stringify(name)}] }}`);
