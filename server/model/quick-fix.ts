import type { Catalog } from './catalog.ts';
import type { QuickFix } from './diagnostic.ts';
import type { FlowChange, TextEdit } from './flow-edit.ts';
import { editFlow } from './flow-edit-apply.ts';

/** The edits of a flow file that carry out a quick fix of one of its findings. Fails as `editFlow` does, also where the file has changed so that it does not fit any more. */
export const quickFixEdits = (text: string, { set }: QuickFix, catalog: Catalog): TextEdit[] => editFlow(text, set.map(changeOf), catalog);

function changeOf({ path, value }: QuickFix['set'][number]): FlowChange {
  const [first, step, ...below] = path;
  return first === 'steps' && typeof step === 'string' ? { op: 'set', step, path: below, value } : { op: 'set-flow', path, value };
}
