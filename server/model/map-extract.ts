import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from './json.ts';
import type { MapChange } from './map-edit.ts';
import type { MapFile } from './map-file.ts';

/** A mapping file made of the rules of a step, and the changes by which the step takes them from there. */
export interface Extraction {
  readonly file: MapFile;
  readonly changes: readonly MapChange[];
}

/**
 * Takes the rules of a map step out into a mapping file. Fails with `CONFIG_INVALID` where there are none, where the
 * step has a mapping file already, whose rules would come in another order, and where an expression asks for what a file does not see.
 */
export function extractMap(settings: unknown, name: string, title?: string): Extraction {
  const { rules, map, passThrough, source, target } = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new FlowError('CONFIG_INVALID', `A mapping cannot be called ${JSON.stringify(name)}.`, { remedy: 'Take lower-case letters and digits, with hyphens between them.' });
  if (!Array.isArray(rules) || rules.length === 0) throw new FlowError('CONFIG_INVALID', 'There are no rules that could be put into a file.', { place: { pointer: '/rules' } });
  if (map !== undefined) throw new FlowError('CONFIG_INVALID', `The step takes rules from ${JSON.stringify(map)} already.`, { place: { pointer: '/map' }, remedy: 'Put its own rules into that file, or take that file out first.' });
  const expression = (rules as unknown[]).findIndex((rule) => JSON.stringify(rule).includes('{{'));
  if (expression >= 0) throw new FlowError('CONFIG_INVALID', `Rule ${expression + 1} has an expression, which a mapping file cannot have.`, { place: { pointer: `/rules/${expression}` }, remedy: 'Give it what it depends on as a further source.' });
  const taken = { ...(passThrough === true && { passThrough }), ...(typeof source === 'string' && { source }), ...(typeof target === 'string' && { target }) };
  return {
    file: { version: 1, ...(title !== undefined && { title }), rules: rules as unknown[], ...taken },
    changes: [{ op: 'set', path: ['map'], value: name }, ...['rules', ...Object.keys(taken)].map((key) => ({ op: 'set', path: [key], value: undefined }) as const)],
  };
}
