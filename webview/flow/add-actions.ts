import { snap, type Point } from '../../server/model/picture/geometry.ts';
import { isMark } from '../../server/model/picture/marks.ts';
import type { DroppedStep } from '../protocol/dropped-step.ts';
import { addStep, placeAfter, type AddPlace } from './changes.ts';
import { addDropped, droppedSteps } from './dropped.ts';
import type { Edit } from './edit.ts';
import type { Stage } from './stage.ts';
import type { Effect, PortEnd } from './tools/tool.ts';

/** Asks for a shape and adds a step. */
export async function add(stage: Stage, place: AddPlace): Promise<void> {
  if (stage.store.readOnly) return;
  const shape = await stage.host.pickShape();
  if (shape === undefined) return void stage.canvas?.focusNode();
  const edit = addStep(stage.store.flow, shape, place);
  if (await editAndGo(stage, edit)) stage.announce(`Added ${edit.select?.[0]}.`);
}

/** Rows of a tree become steps: in a link, behind a step, or where they are dropped. */
export async function drop(stage: Stage, { hit, at }: Extract<Effect, { readonly kind: 'drop' }>): Promise<void> {
  const { store } = stage;
  if (store.readOnly) return;
  const steps = droppedSteps(await stage.host.dragged());
  if (steps.length === 0) return;
  const edge = hit.kind === 'edge' || hit.kind === 'insert' ? store.scene.edges.get(hit.key) : undefined;
  const isOnStep = (hit.kind === 'node' || hit.kind === 'port') && !isMark(store.scene.nodes.get(hit.id)!);
  const place = edge ? placeBehind(stage, { id: edge.from, port: edge.port }) : isOnStep ? placeAfter(store.scene, store.flow, hit.id) : { at: { x: snap(at.x), y: snap(at.y) } };
  const edit = addDropped(store.flow, steps, place);
  if (await editAndGo(stage, edit)) stage.announce(`Added ${edit.select!.join(', ')}.`);
}

/** Rows of a tree become steps behind the one that is selected. */
export async function addRows(stage: Stage, rows: readonly DroppedStep[]): Promise<void> {
  const { store } = stage;
  const steps = droppedSteps(rows);
  if (steps.length === 0) return;
  if (store.readOnly) return stage.announce('This flow cannot be changed here.');
  const edit = addDropped(store.flow, steps, placeOfNext(stage));
  if (await editAndGo(stage, edit)) stage.announce(`Added ${edit.select!.join(', ')}.`);
}

/** Where a step goes that is added without a place: into the link that is selected, else behind the step. */
export function placeOfNext(stage: Stage): AddPlace {
  const { store } = stage;
  const [id] = store.selected;
  const edge = store.selected.size === 1 ? store.scene.edges.get(id!) : undefined;
  return edge ? placeBehind(stage, { id: edge.from, port: edge.port }) : placeAfter(store.scene, store.flow, store.only ?? store.current);
}

/** The focus goes to what is new. */
export async function editAndGo(stage: Stage, edit: Edit): Promise<boolean> {
  if (!(await stage.store.edit(edit))) return false;
  await stage.canvas?.updateComplete;
  await stage.canvas?.focusNode(edit.select?.[0]);
  return true;
}

/** Behind a port; before the first step where it is a trigger's. */
export function placeBehind(stage: Stage, from: PortEnd, at?: Point): AddPlace {
  const node = stage.store.scene.nodes.get(from.id);
  if (node?.kind !== 'step') return { first: true };
  return { after: { step: from.id, port: from.port }, at: at && { x: snap(at.x), y: snap(at.y - 30) } };
}
