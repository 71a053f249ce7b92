import { everything, type PathKey } from './path-keys.ts';

/** The keys of the target of a rule, `lines[*]['unit price'][0]`; `undefined` where it is no place to write to. */
export function targetKeys(query: string): readonly PathKey[] | undefined {
  const text = query.replace(/^\$\.?/, '');
  const part = /\.?([^.[\]'"\s*][^.[\]]*)|\[(\d+)\]|(\[\*\])|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  const keys: PathKey[] = [];
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) return undefined;
    const [, name, index, star, single, double] = found;
    keys.push(star !== undefined ? everything : index !== undefined ? Number(index) : (name ?? single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return keys;
}
