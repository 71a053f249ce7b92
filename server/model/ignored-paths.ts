import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from './json.ts';
import { everything, pathKeys, type PathKey } from './path.ts';

/** The same value without the fields at these paths; items of lists become null, so that the others keep their numbers. Fails with `CONFIG_PATH` where a path is more than names, numbers and `*`. */
export const withoutPaths = (value: unknown, paths: readonly string[]): unknown => paths.reduce((rest, path) => without(rest, keysOf(path)), value);

function keysOf(path: string): readonly PathKey[] {
  const keys = pathKeys(path);
  if (!keys) throw new FlowError('CONFIG_PATH', `What is ignored is named by names, numbers and \`*\`; ${JSON.stringify(path)} has more.`);
  return keys;
}

function without(value: unknown, [key, ...others]: readonly PathKey[]): unknown {
  if (key === undefined) return null;
  if (Array.isArray(value)) return value.map((item, index) => (key === everything || key === index || (typeof key === 'number' && key === index - value.length) ? without(item, others) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, item]) => (key !== everything && key !== name ? [[name, item]] : others.length === 0 ? [] : [[name, without(item, others)]])));
}
