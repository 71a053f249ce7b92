import { RE2JS } from 're2js';
import { createCache } from './lru.ts';

/** The first group of a pattern in a text (the whole match where it has none); `undefined` where it does not fit. Takes no time that grows with more than the text: it may come from anywhere. */
export function firstGroup(pattern: string, text: string): string | undefined {
  const matcher = (known.get(pattern) ?? known.add(pattern, RE2JS.compile(pattern))).matcher(text);
  if (!matcher.find()) return undefined;
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()) ?? undefined;
}

const known = createCache<RE2JS>(200);
