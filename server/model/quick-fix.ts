import type { Catalog } from './catalog.ts';
import type { QuickFix } from './diagnostic.ts';
import { fileEdits } from './file-edit.ts';
import { fileSchemas } from './file-schemas.ts';
import type { FlowChange, TextEdit } from './flow-edit.ts';
import { editFlow } from './flow-edit-apply.ts';
import { withValue, type Json } from './json-change.ts';
import { propertyOrder, schemaAt } from './schema-walk.ts';
import type { FileKind } from './workspace.ts';

/** The edits of a file that carry out a quick fix of one of its findings. Fails as `editFlow` does, also where the file has changed so that it does not fit any more. */
export function quickFixEdits(kind: FileKind, text: string, { set }: QuickFix, catalog: Catalog): TextEdit[] {
  if (kind === 'flow') return editFlow(text, set.map(changeOf), catalog);
  const order = (place: readonly (string | number)[]): readonly string[] => propertyOrder(schemaAt(fileSchemas[kind], place));
  return fileEdits(kind, text, (file) => set.reduce<Json>((made, { path, value }) => withValue(made, path, value, order, () => false), file));
}

/** What takes the place of a marked text where another name was meant; `undefined` where no name is marked, as where the text has changed since. */
export function meantText(marked: string, meant: string): string | undefined {
  const written = JSON.stringify(meant);
  if (/^"(?:[^"\\\n]|\\.)*"$/.test(marked)) return written;
  return /["{}\n]/.test(marked) ? undefined : written.slice(1, -1);
}

function changeOf({ path, value }: QuickFix['set'][number]): FlowChange {
  const [first, step, ...below] = path;
  return first === 'steps' && typeof step === 'string' ? { op: 'set', step, path: below, value } : { op: 'set-flow', path, value };
}
