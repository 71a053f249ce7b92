import { FlowError } from '../../plugins/sdk/index.ts';
import { pathKeys, type PathKey } from './path.ts';

/** The keys of a path of names, indexes and wildcards; `undefined` for other paths, and for texts that are none. */
export function plainKeys(query: string): readonly PathKey[] | undefined {
  try {
    return pathKeys(query);
  } catch (error) {
    if (FlowError.is(error, 'CONFIG_PATH')) return undefined;
    throw error;
  }
}
