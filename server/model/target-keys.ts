import { readPlace } from '../../plugins/sdk/index.ts';
import { everything, type PathKey } from './path-keys.ts';

/** The keys of the target of a rule, `lines[*]['unit price'][0]`; `undefined` where it is no place to write to. */
export function targetKeys(query: string): readonly PathKey[] | undefined {
  const { steps, end } = readPlace(query);
  return end < query.length ? undefined : steps.map(({ key }) => key ?? everything);
}
