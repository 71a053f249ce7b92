import { FlowError } from '../../plugins/sdk/index.ts';
import { withValueAt } from '../model/debug-values.ts';
import { printPath } from '../model/path.ts';
import type { DebuggedRun } from './debug.ts';
import { bodyOf } from './payload.ts';
import type { Item } from './recorder.ts';

type Path = readonly (string | number)[];

/** The payload with something else at a place of it. That somebody has changed it stands in the log of the run; what begins with it is recorded as it is. */
export function changedItem({ scope: { recorder } }: DebuggedRun, item: Item, root: 'payload' | 'meta', path: Path, value: unknown, step: string): Item {
  const { payload } = item;
  const changed = root === 'meta' ? payload.with({ meta: { [String(path[0])]: value as string } }) : payload.with({ body: bodyWith(item, path, value), ...(path.length > 0 && { mediaType: payload.mediaType }) });
  recorder.log('warn', `Somebody has changed the payload in front of this step, in the debugger: ${[root, printPath(path)].filter((part) => part !== '').join(' ')}.`, { debugger: true, changed: printPath([root, ...path]) }, step, payload.id);
  return { ...recorder.itemOf(changed), ...(item.from && { from: item.from }) };
}

export function typedMeta(value: unknown): string {
  if (typeof value === 'object' && value !== null) throw new FlowError('DATA_INVALID', 'Metadata are texts.', { remedy: 'Give a text.' });
  return String(value);
}

function bodyWith({ payload }: Item, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const body = bodyOf(payload);
  if (body.kind !== 'json') throw new FlowError('DATA_INVALID', `The payload is ${payload.mediaType}: it has no fields that could be changed.`, { remedy: 'Change the payload as a whole.' });
  return withValueAt(body.value, path, value);
}
