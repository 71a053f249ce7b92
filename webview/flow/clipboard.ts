import type { Flow, FlowGroup, FlowNote, Step } from '../../server/model/flow.ts';
import type { PortRef } from '../../server/model/flow-edit.ts';
import { isObject } from '../../server/model/json.ts';
import { grid } from '../../server/model/picture/geometry.ts';
import { groupNode, noteNode } from '../../server/model/picture/marks.ts';
import { formatCount } from '../shared/format.ts';
import { freshId, type Edit } from './edit.ts';

/** What is copied of a flow: a flow in its own right, as far as it goes. */
export interface Clip {
  readonly steps: Readonly<Record<string, Step>>;
  readonly notes: Readonly<Record<string, FlowNote>>;
  readonly groups: Readonly<Record<string, FlowGroup>>;
}

/** How far a note that is pasted stands from the one that was copied. */
const aside = 3 * grid;

/** The nodes that are copied with others: a group takes its steps along. */
export function withMembers(flow: Flow, ids: Iterable<string>): readonly string[] {
  const chosen = new Set(ids);
  for (const [id, { steps }] of Object.entries(flow.groups ?? {})) if (chosen.has(groupNode(id))) for (const step of steps) chosen.add(step);
  return [...chosen];
}

/** Steps, notes and groups as text for the clipboard. Links that lead out of them are left out. `undefined`: there is none among the ids. */
export function copyText(flow: Flow, ids: Iterable<string>): string | undefined {
  const clip = clipOf(flow, ids);
  const parts = Object.entries(clip).filter(([, part]) => Object.keys(part as object).length > 0);
  return parts.length === 0 ? undefined : JSON.stringify(Object.fromEntries(parts), null, 2);
}

/** What a text from the clipboard holds: a copy, or a whole flow. `undefined`: nothing that can stand on a canvas. */
export function readClipboard(text: string): Clip | undefined {
  if (!text.includes('"steps"') && !text.includes('"notes"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const clip: Clip = {
      steps: entriesOf<Step>(value['steps'], (step) => typeof step['shape'] === 'string'),
      notes: entriesOf<FlowNote>(value['notes'], (note) => typeof note['text'] === 'string'),
      groups: entriesOf<FlowGroup>(value['groups'], (group) => Array.isArray(group['steps'])),
    };
    return Object.keys(clip.steps).length + Object.keys(clip.notes).length > 0 ? clip : undefined;
  } catch {
    return undefined;
  }
}

/** Ids that are taken get a number, also where settings and groups name them. Notes stand a little aside of where they were. */
export function paste(flow: Flow, { steps, notes, groups }: Clip, after?: PortRef): Edit {
  // The ids that the change gives the steps.
  const names = freshIds(steps, flow.steps);
  const noteIds = freshIds(notes, flow.notes ?? {});
  const groupIds = freshIds(groups, flow.groups ?? {});
  const pastedNotes = [...noteIds].map(([id, name]) => ({ node: noteNode(name), change: { op: 'set-flow', path: ['notes', name], value: movedAside(notes[id]!) } as const }));
  const pastedGroups = [...groupIds].flatMap(([id, name]) => {
    const members = groups[id]!.steps.flatMap((step) => names.get(step) ?? []);
    return members.length === 0 ? [] : [{ node: groupNode(name), change: { op: 'set-flow', path: ['groups', name], value: { ...groups[id], steps: members } } as const }];
  });
  const marks = [...pastedNotes, ...pastedGroups];
  return {
    changes: [...(names.size > 0 ? [{ op: 'paste', steps, ...(after && { after }) } as const] : []), ...marks.map(({ change }) => change)],
    select: [...names.values(), ...marks.map(({ node }) => node)],
  };
}

export const duplicate = (flow: Flow, ids: Iterable<string>): Edit => paste(flow, clipOf(flow, ids));

/** `3 steps and 1 note`. */
export const countOf = ({ steps, notes }: Clip): string =>
  [[Object.keys(steps).length, 'step'] as const, [Object.keys(notes).length, 'note'] as const].flatMap(([count, what]) => (count === 0 ? [] : [formatCount(count, what)])).join(' and ');

function clipOf(flow: Flow, ids: Iterable<string>): Clip {
  const chosen = new Set(withMembers(flow, ids));
  return {
    steps: Object.fromEntries(Object.entries(flow.steps).filter(([id]) => chosen.has(id)).map(([id, step]) => {
      const { next, settings, title, ...rest } = step;
      const links = Object.entries(next ?? {}).filter(([, to]) => chosen.has(to));
      return [id, {
        ...rest, ...(title !== undefined && { title }), ...(settings && Object.keys(settings).length > 0 && { settings }), ...(links.length > 0 && { next: Object.fromEntries(links) }),
      } as Step];
    })),
    notes: Object.fromEntries(Object.entries(flow.notes ?? {}).filter(([id]) => chosen.has(noteNode(id)))),
    groups: Object.fromEntries(Object.entries(flow.groups ?? {}).filter(([id]) => chosen.has(groupNode(id)))),
  };
}

function freshIds(wanted: Readonly<Record<string, unknown>>, there: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const taken: Record<string, unknown> = { ...there };
  return new Map(Object.keys(wanted).map((id) => {
    const name = freshId(id, taken);
    taken[name] = true;
    return [id, name];
  }));
}

function movedAside(note: FlowNote): FlowNote {
  if (!note.place) return note;
  const [x, y, ...size] = note.place;
  return { ...note, place: [x + aside, y + aside, ...size] };
}

const entriesOf = <T>(value: unknown, isOne: (entry: Record<string, unknown>) => boolean): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, T & Record<string, unknown>] => isObject(entry[1]) && isOne(entry[1])));
