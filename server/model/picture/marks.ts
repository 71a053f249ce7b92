import type { Flow, FlowGroup, FlowNote } from '../flow.ts';
import { boundsOf, grow, type Point, type Rect } from './geometry.ts';
import { sizes } from './layout.ts';
import type { SceneNode } from './scene.ts';

// What stands on the canvas for its readers alone: notes, and groups round steps.

export const isMark = ({ kind }: Pick<SceneNode, 'kind'>): boolean => kind === 'note' || kind === 'group';
export const noteNode = (id: string): string => `note:${id}`;
export const groupNode = (id: string): string => `group:${id}`;
/** The id of a note or group in the file. */
export const markId = (node: Pick<SceneNode, 'id'>): string => node.id.slice(node.id.indexOf(':') + 1);

export const noteSize = { width: 220, height: 100, least: 60 } as const;
/** Height of the line with the title of a group, the margin round its steps, and how much less it is below, where there is the caption of a step. */
export const groupSize = { title: 26, margin: 18, below: 10 } as const;

/** Notes without a place stand in a row above everything. */
export function noteBoxes(notes: NonNullable<Flow['notes']>, below: Rect): SceneNode[] {
  let { x } = below;
  return Object.entries(notes).map(([id, note]) => {
    const [left, top, width, height] = note.place ?? [x, below.y - noteSize.height - 40, noteSize.width, noteSize.height];
    if (!note.place) x += noteSize.width + 20;
    return { ...plain, id: noteNode(id), kind: 'note', note, title: firstLine(note) || 'Empty note', type: 'Note', summary: note.text, icon: 'note', x: left, y: top, width: Math.max(noteSize.least, width), height: Math.max(noteSize.least / 2, height) };
  });
}

/** Groups whose steps are there. */
export function groupBoxes(groups: NonNullable<Flow['groups']>, nodes: ReadonlyMap<string, SceneNode>): SceneNode[] {
  return Object.entries(groups).flatMap(([id, group]): SceneNode[] => {
    const members = membersOf(group, nodes);
    return members.length === 0 ? [] : [{ ...plain, id: groupNode(id), kind: 'group', members, title: group.title || id, type: 'Group', summary: '', icon: 'group-by-ref-type', ...frameAround(members.map((step) => nodes.get(step)!)) }];
  });
}

/** The frame of a group while some of its steps are moved. */
export const frameOf = (group: SceneNode, nodes: ReadonlyMap<string, SceneNode>, moved: ReadonlyMap<string, Point>): Rect =>
  frameAround((group.members ?? []).map((id) => ({ ...nodes.get(id)!, ...moved.get(id) })));

const plain = { group: 'mark', ports: [], disabled: false, unknown: false } as const;
const membersOf = ({ steps }: FlowGroup, nodes: ReadonlyMap<string, SceneNode>): readonly string[] => [...new Set(steps)].filter((step) => nodes.get(step)?.kind === 'step');
const firstLine = ({ text }: FlowNote): string => (text.trim().split('\n')[0] ?? '').replace(/^[#>*\-\s]+/, '').slice(0, 80);

function frameAround(steps: readonly Rect[]): Rect {
  const { x, y, width, height } = grow(boundsOf(steps.map((step) => ({ x: step.x, y: step.y, width: step.width, height: step.height + sizes.caption }))), groupSize.margin);
  return { x, y: y - groupSize.title, width, height: height + groupSize.title - groupSize.below };
}
