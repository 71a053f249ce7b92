import type { FlowCommand } from '../protocol/flow.ts';
import { formatCount } from '../shared/format.ts';
import { add, drop, editAndGo, placeBehind, placeOfNext } from './add-actions.ts';
import { connectTo, moveTo, placeAfter, removeAll, tidy, toggleDisabled, triggerId } from './changes.ts';
import { copyText, countOf, duplicate, paste, readClipboard, withMembers } from './clipboard.ts';
import { describeEdge } from './describe.ts';
import type { Edit } from './edit.ts';
import { grid, snap, type Point } from '../../server/model/picture/geometry.ts';
import type { CanvasCommand } from './keymap.ts';
import { linkCommand, startLink } from './link-actions.ts';
import { editNote, group, newNote, renameGroup } from './mark-actions.ts';
import { movedWith, placeNote } from './marks.ts';
import { neighbour, type Direction } from './navigate.ts';
import { readingOrder } from '../../server/model/picture/scene.ts';
import { chosen, currentOf, type Stage } from './stage.ts';
import type { Effect } from './tools/tool.ts';

export type Command = CanvasCommand | FlowCommand | 'cut';

/** Does what a key, a button or a command of VS Code asks for. `at`: where its menu was opened. */
export async function runCommand(stage: Stage, command: Command, at?: Point): Promise<void> {
  const [verb, direction] = command.split('-') as [string, Direction | undefined];
  if (stage.linking && (await linkCommand(stage, command))) return;
  switch (command) {
    case 'left': case 'right': case 'up': case 'down': return goTo(stage, neighbour(stage.store.scene, currentOf(stage), command));
    case 'first': return goTo(stage, readingOrder(stage.store.scene)[0]);
    case 'last': return goTo(stage, readingOrder(stage.store.scene).findLast((id) => stage.store.scene.nodes.get(id)!.kind === 'step'));
    case 'add': return add(stage, placeOfNext(stage));
    case 'note': return newNote(stage, at);
    case 'group': return group(stage);
    case 'connect': return startLink(stage);
    case 'delete': return void (await remove(stage));
    case 'disable': return void (await stage.store.edit(toggleDisabled(stage.store.scene, chosen(stage))));
    case 'rename': return rename(stage);
    case 'breakpoint': return toggleBreakpoints(stage);
    case 'duplicate': return void (await editAndGo(stage, duplicate(stage.store.flow, chosen(stage))));
    case 'select-all': return stage.store.select(stage.store.scene.nodes.keys());
    case 'copy': return copy(stage);
    case 'cut': return cut(stage);
    case 'paste': return pasteText(stage, await navigator.clipboard.readText());
    case 'tidy': return tidyUp(stage);
    case 'open': return openNode(stage, currentOf(stage));
    case 'edit-map': return stage.openMap();
    case 'data': return stage.openInspector('data');
    case 'toggle-select': return toggleSelect(stage);
    case 'fit': return stage.canvas?.fit();
    case 'fit-selection': return stage.canvas?.fit(chosen(stage));
    case 'zoom-in': return stage.canvas?.zoomBy(1.25);
    case 'zoom-out': return stage.canvas?.zoomBy(0.8);
    case 'zoom-reset': return stage.canvas?.zoomTo(1);
    case 'minimap': return stage.toggleMinimap();
    case 'find': return stage.openFind();
    case 'find-next': return stage.findNext(1);
    case 'find-previous': return stage.findNext(-1);
    case 'help': return stage.toggleHelp();
    case 'cancel': return cancel(stage);
    default:
      if (verb === 'extend') return extend(stage, direction!);
      if (verb === 'move' || verb === 'jump') return nudge(stage, direction!, verb === 'move' ? grid : 5 * grid);
  }
}

/** Does what the pointer asks for. */
export async function performEffect(stage: Stage, effect: Effect): Promise<void> {
  const { store } = stage;
  switch (effect.kind) {
    case 'select': return store.select(effect.ids, effect.current);
    case 'move':
      if (!(await store.edit(moveTo(store.scene, effect.positions)))) stage.canvas?.preview.drop();
      return;
    case 'resize': {
      const node = store.scene.nodes.get(effect.id);
      if (!node || !(await store.edit({ changes: [placeNote(node, effect.size)] }))) stage.canvas?.preview.drop();
      return;
    }
    case 'connect': return void (await store.edit(connectTo(store.scene, effect.from, effect.to)));
    case 'insert': {
      const edge = store.scene.edges.get(effect.key);
      if (edge) await add(stage, placeBehind(stage, { id: edge.from, port: edge.port }));
      return;
    }
    case 'add': return add(stage, placeBehind(stage, effect.after, effect.at));
    case 'drop': return drop(stage, effect);
    case 'breakpoint': return stage.host.breakpoint(effect.id);
  }
}

export async function pasteText(stage: Stage, text: string): Promise<void> {
  const clip = readClipboard(text);
  if (!clip) return stage.announce('The clipboard holds no steps and no notes.');
  const { store } = stage;
  const place = placeAfter(store.scene, store.flow, store.only);
  const node = place.after && store.scene.nodes.get(place.after.step);
  // Behind the selected step, if its way ends there; else on its own.
  const after = store.only !== undefined && node?.ports.find(({ name }) => name === place.after?.port)?.to === undefined ? place.after : undefined;
  if (await editAndGo(stage, paste(store.flow, clip, after))) stage.announce(`Pasted ${countOf(clip)}.`);
}

export function copy(stage: Stage, data?: DataTransfer): void {
  const text = copyText(stage.store.flow, chosen(stage));
  if (text === undefined) return;
  if (data) data.setData('text/plain', text);
  else void navigator.clipboard.writeText(text);
  stage.announce('Copied.');
}

/** What is cut is what was copied: a frame with its steps. */
export async function cut(stage: Stage, data?: DataTransfer): Promise<void> {
  copy(stage, data);
  if (!stage.store.readOnly) await remove(stage, withMembers(stage.store.flow, chosen(stage)));
}

export async function remove(stage: Stage, ids = chosen(stage)): Promise<void> {
  const { store } = stage;
  const current = currentOf(stage);
  // The focus goes on to what stood before.
  const before = neighbour(store.scene, current, 'left');
  const next = before !== current && !ids.includes(before) ? before : [neighbour(store.scene, current, 'right')].find((id) => !ids.includes(id));
  const edge = ids.length === 1 ? store.scene.edges.get(ids[0]!) : undefined;
  const said = edge ? `Removed ${describeEdge(store.scene, edge)}.` : `Removed ${whatAre(stage, ids)}.`;
  if (!(await store.edit(removeAll(store.scene, ids)))) return;
  if (next !== undefined && !edge) store.select([next], next);
  await stage.canvas?.focusNode(next);
  stage.announce(said);
}

/** `3 steps`, `the note`: what nodes are called together. */
function whatAre({ store }: Stage, ids: readonly string[]): string {
  const kinds = new Set(ids.map((id) => store.scene.nodes.get(id)?.kind ?? 'step'));
  const [kind] = kinds;
  return kinds.size > 1 ? `${ids.length} things` : kind === 'group' ? `${formatCount(ids.length, 'frame')}; the steps stay` : formatCount(ids.length, kind ?? 'step');
}

async function goTo(stage: Stage, id: string | undefined): Promise<void> {
  if (id === undefined || !stage.store.scene.nodes.has(id)) return;
  stage.store.select([id], id);
  await stage.canvas?.updateComplete;
  await stage.canvas?.focusNode(id);
}

async function extend(stage: Stage, direction: Direction): Promise<void> {
  const current = currentOf(stage);
  const next = neighbour(stage.store.scene, current, direction);
  const isBack = stage.store.selected.has(next) && next !== current;
  stage.store.select(isBack ? [...stage.store.selected].filter((id) => id !== current) : [...stage.store.selected, current, next], next);
  await stage.canvas?.focusNode(next);
}

function toggleSelect(stage: Stage): void {
  const { store } = stage;
  const id = currentOf(stage);
  store.select(store.selected.has(id) ? [...store.selected].filter((one) => one !== id) : [...store.selected, id], id);
  stage.announce(`${formatCount(store.selected.size, 'step')} selected.`);
}

async function nudge(stage: Stage, direction: Direction, by: number): Promise<void> {
  const [dx, dy] = ({ left: [-by, 0], right: [by, 0], up: [0, -by], down: [0, by] } as const)[direction];
  const { store } = stage;
  const moved = new Map(chosen(stage).flatMap((id) => movedWith(store.scene, id)));
  await store.edit(moveTo(store.scene, new Map([...moved].map(([id, { x, y }]) => [id, { x: snap(x + dx), y: snap(y + dy) }]))));
}

async function rename(stage: Stage): Promise<void> {
  const node = stage.store.scene.nodes.get(currentOf(stage));
  if (node?.kind === 'trigger') return stage.announce(`Triggers have no title. This one is named ${triggerId(node)}.`);
  if (node?.kind === 'note') return editNote(stage, node);
  if (node?.kind === 'group') return renameGroup(stage, node);
  if (!node?.step || stage.store.readOnly) return;
  const title = await stage.host.askText({ title: 'Title of the step', value: node.step.title ?? '', prompt: `Shown instead of the id ${node.id}.` });
  if (title !== undefined && title !== (node.step.title ?? '')) await stage.store.edit({ changes: [{ op: 'set', step: node.id, path: ['title'], value: title.trim() === '' ? undefined : title.trim() }] });
  await stage.canvas?.focusNode(node.id);
}

/** What a double click and Enter open: a note is written where it stands. */
export async function openNode(stage: Stage, id: string): Promise<void> {
  const node = stage.store.scene.nodes.get(id);
  if (node?.kind === 'note') return editNote(stage, node);
  stage.openInspector('setup');
}

async function toggleBreakpoints(stage: Stage): Promise<void> {
  const steps = chosen(stage).filter((id) => stage.store.scene.nodes.get(id)?.kind === 'step');
  for (const step of steps) await stage.host.breakpoint(step);
  if (steps.length === 0) stage.announce('Breakpoints stand in front of steps.');
}

async function tidyUp(stage: Stage): Promise<void> {
  const edit: Edit = tidy(stage.store.flow);
  stage.announce((await stage.store.edit(edit)) ? 'All steps stand where the layout puts them.' : 'There is nothing to tidy: no step was moved.');
  await stage.canvas?.updateComplete;
  stage.canvas?.fit();
}

function cancel(stage: Stage): void {
  if (stage.canvas?.cancelTool() || stage.closeTop()) return;
  stage.store.select([]);
}
