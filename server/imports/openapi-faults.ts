import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { printPath } from '../model/path.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`);

/** Names the parts of a description that are something else than they must be. Fails with `DATA_INVALID` where that leaves nothing of it. */
export function tellFaults({ report, resolve }: SchemaSource, { paths }: Json): void {
  if (paths !== undefined && !isObject(paths)) throw new FlowError('DATA_INVALID', `The description has no operations: $.paths is ${kindOf(paths)}, where an object of paths is wanted.`, { place: { pointer: '/paths' }, remedy: 'Correct that place, or get the description anew where it was published.' });
  const tell = (place: readonly (string | number)[], value: unknown, wanted: string): void => report.skip(`$.${printPath(['paths', ...place])}`, `It is ${kindOf(value)}, where ${wanted} is wanted.`);
  const checkParameters = (place: readonly string[], given: unknown): void => {
    if (given === undefined) return;
    if (!Array.isArray(given)) return tell(place, given, 'a list of parameters');
    for (const [index, entry] of (given as unknown[]).entries()) if (!isObject(entry)) tell([...place, index], entry, 'a parameter with its name and place');
  };
  for (const [path, given] of Object.entries(paths ?? {})) {
    if (path.startsWith('x-')) continue;
    if (!isObject(given)) {
      tell([path], given, 'an object of operations');
      continue;
    }
    const item = resolve(given);
    checkParameters([path, 'parameters'], item['parameters']);
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      if (!isObject(operation)) {
        tell([path, method], operation, 'an operation');
        continue;
      }
      const { parameters, responses } = resolve(operation);
      checkParameters([path, method, 'parameters'], parameters);
      if (responses !== undefined && !isObject(responses)) tell([path, method, 'responses'], responses, 'an object of answers by their status');
    }
  }
}
