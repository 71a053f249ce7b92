import type { Flow } from '../../server/model/flow.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import { boundsOf, overlaps, snap, type Point, type Rect } from '../../server/model/picture/geometry.ts';
import { groupNode, markId, noteNode, noteSize } from '../../server/model/picture/marks.ts';
import type { Scene, SceneNode } from '../../server/model/picture/scene.ts';
import { freshId, type Edit } from './edit.ts';

// Edits of what stands on the canvas for its readers alone.

/** A new note without a text: at a place, else near a node where there is room, else in the middle of what is in view. */
export function addNote(flow: Flow, scene: Scene, near: string | undefined, inView: Rect, at?: Point): Edit {
  const id = freshId('note', flow.notes ?? {});
  const { x, y } = at ?? freePlace(scene, near === undefined ? undefined : scene.nodes.get(near), inView);
  return { changes: [setNote(id, [], { text: '', place: [snap(x), snap(y), noteSize.width, noteSize.height] })], select: [noteNode(id)] };
}

export function setNoteText(node: SceneNode, text: string): Edit {
  return { changes: text === node.note?.text ? [] : [setNote(markId(node), ['text'], text)] };
}

export const placeNote = (node: SceneNode, { x = node.x, y = node.y, width = node.width, height = node.height }: Partial<Rect>): FlowChange => setNote(markId(node), ['place'], [x, y, width, height].map(snap));

/** Steps get a frame; those of a group that is among the nodes are joined by the others. A step that was in another group leaves it. */
export function groupSteps(flow: Flow, scene: Scene, ids: readonly string[], title: string): Edit {
  const nodes = ids.flatMap((id) => scene.nodes.get(id) ?? []);
  const group = nodes.find(({ kind }) => kind === 'group');
  const steps = nodes.filter(({ kind }) => kind === 'step').map(({ id }) => id);
  const id = group ? markId(group) : freshId(slugOf(title), flow.groups ?? {});
  const left = Object.entries(flow.groups ?? {}).flatMap(([other, { steps: members }]) => (other === id || !members.some((step) => steps.includes(step)) ? [] : [setMembers(other, members.filter((step) => !steps.includes(step)))]));
  const own: FlowChange = group ? setMembers(id, [...new Set([...(flow.groups?.[id]?.steps ?? []), ...steps])]) : { op: 'set-flow', path: ['groups', id], value: { title, steps } };
  return { changes: [...left, own], select: [groupNode(id)] };
}

export const leaveGroup = (group: SceneNode, step: string): Edit => ({ changes: [setMembers(markId(group), (group.members ?? []).filter((member) => member !== step))] });
export const setGroupTitle = (group: SceneNode, title: string): Edit => ({ changes: title === group.title ? [] : [{ op: 'set-flow', path: ['groups', markId(group), 'title'], value: title }] });

/** A step between two steps of a group is in it, too. */
export function joinGroup(flow: Flow, step: string, after: string, before: string | undefined): FlowChange[] {
  const found = Object.entries(flow.groups ?? {}).find(([, { steps }]) => steps.includes(after) && before !== undefined && steps.includes(before));
  if (!found) return [];
  const [id, { steps }] = found;
  return [setMembers(id, steps.toSpliced(steps.indexOf(after) + 1, 0, step))];
}

/** What a node takes along when it is moved, with its place: a group its steps. */
export function movedWith(scene: Scene, id: string): readonly (readonly [string, Point])[] {
  const node = scene.nodes.get(id);
  if (node?.kind === 'group') return node.members!.map((member) => [member, scene.nodes.get(member)!] as const);
  return node?.kind === 'step' || node?.kind === 'note' ? [[id, node]] : [];
}

const setNote = (id: string, path: readonly string[], value: unknown): FlowChange => ({ op: 'set-flow', path: ['notes', id, ...path], value });
const setMembers = (id: string, steps: readonly string[]): FlowChange => (steps.length === 0 ? { op: 'set-flow', path: ['groups', id], value: undefined } : { op: 'set-flow', path: ['groups', id, 'steps'], value: steps });
const slugOf = (title: string): string => title.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40).replace(/-$/, '') || 'group';

function freePlace(scene: Scene, near: SceneNode | undefined, inView: Rect): Point {
  const { width, height } = noteSize;
  const middle = { x: inView.x + (inView.width - width) / 2, y: inView.y + (inView.height - height) / 2 };
  const wanted = near ? [{ x: near.x, y: near.y - height - 30 }, { x: near.x, y: near.y + near.height + 40 }, { x: near.x + near.width + 20, y: near.y - height - 30 }] : [middle];
  const isFree = (place: Point): boolean => ![...scene.nodes.values()].some((node) => node.kind !== 'group' && overlaps({ ...place, width, height }, node));
  const bounds = boundsOf(scene.nodes.values());
  return wanted.find(isFree) ?? (near ? { x: near.x, y: bounds.y - height - 30 } : middle);
}
