import type { Point } from '../../server/model/picture/geometry.ts';
import type { SceneNode } from '../../server/model/picture/scene.ts';
import { formatCount } from '../shared/format.ts';
import { visible } from './camera.ts';
import { addNote, groupSteps, setGroupTitle, setNoteText } from './marks.ts';
import { chosen, type Stage } from './stage.ts';

/** A new note, which is written at once. `at`: its corner, where it is not to stand near the step that is selected. */
export async function newNote(stage: Stage, at?: Point): Promise<void> {
  const { store, canvas } = stage;
  if (store.readOnly || !canvas) return;
  const edit = addNote(store.flow, store.scene, store.only ?? store.current, visible(canvas.camera, canvas.viewSize), at);
  const id = edit.select![0]!;
  if (!(await store.edit(edit))) return;
  stage.editing = { id, text: '' };
  await showNote(stage, id);
}

/** A note is written where it stands. */
export async function editNote(stage: Stage, node: SceneNode): Promise<void> {
  if (stage.store.readOnly) return;
  stage.editing = { id: node.id, text: node.note!.text };
  await showNote(stage, node.id);
}

// Far away there is a picture of it only.
async function showNote({ canvas }: Stage, id: string): Promise<void> {
  if (!canvas) return;
  if (canvas.far) canvas.zoomTo(1);
  await canvas.updateComplete;
  canvas.reveal(id);
}

/** The text of a note is done; `undefined`: as it was. */
export async function finishNote(stage: Stage, text: string | undefined, isLeft: boolean): Promise<void> {
  const { editing, store } = stage;
  const node = editing && store.scene.nodes.get(editing.id);
  // A text area that goes is left once more.
  if (!editing) return;
  stage.editing = undefined;
  if (node && text !== undefined) await store.edit(setNoteText(node, text));
  if (!isLeft) await stage.canvas?.focusNode(editing.id);
}

/** Gives the chosen steps a frame, or takes them into the group that is chosen with them. */
export async function group(stage: Stage): Promise<void> {
  const { store } = stage;
  const nodes = chosen(stage).flatMap((id) => store.scene.nodes.get(id) ?? []);
  const steps = nodes.filter(({ kind }) => kind === 'step');
  const own = nodes.find(({ kind }) => kind === 'group');
  if (steps.length === 0) return stage.announce('Select the steps of the group first.');
  if (store.readOnly) return;
  const title = own ? own.title : (await stage.host.askText({ title: 'Title of the group', prompt: `A frame round ${formatCount(steps.length, 'step')}.` }))?.trim();
  if (title === undefined || title === '') return void stage.canvas?.focusNode();
  const edit = groupSteps(store.flow, store.scene, nodes.map(({ id }) => id), title);
  if (!(await store.edit(edit))) return;
  await stage.canvas?.updateComplete;
  await stage.canvas?.focusNode(edit.select![0]);
  stage.announce(own ? `${formatCount(steps.length, 'step')} joined ${title}.` : `Grouped ${formatCount(steps.length, 'step')} as ${title}.`);
}

export async function renameGroup(stage: Stage, node: SceneNode): Promise<void> {
  if (stage.store.readOnly) return;
  const title = (await stage.host.askText({ title: 'Title of the group', value: node.title }))?.trim();
  if (title !== undefined && title !== '') await stage.store.edit(setGroupTitle(node, title));
  await stage.canvas?.focusNode(node.id);
}
