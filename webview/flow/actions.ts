import type { FlowCommand, FlowHost } from '../protocol/flow.ts';
import type { Api } from '../protocol/rpc.ts';
import { formatCount } from '../shared/format.ts';
import type { FlowCanvas } from './canvas.ts';
import { addStep, connectTo, copyText, duplicate, moveTo, paste, placeAfter, readClipboard, removeAll, tidy, toggleDisabled, triggerId, type AddPlace, type Edit } from './changes.ts';
import { describeEdge } from './describe.ts';
import { grid, snap, type Point } from '../../server/model/picture/geometry.ts';
import type { CanvasCommand } from './keymap.ts';
import { neighbour, linkTargets, type Direction } from './navigate.ts';
import { readingOrder } from '../../server/model/picture/scene.ts';
import type { FlowStore } from './store.ts';
import type { Effect, PortEnd } from './tools/tool.ts';

/** A link that is being made by keyboard. */
export interface Linking {
  readonly from: PortEnd;
  readonly target: string;
}

/** What the actions work on. */
export interface Stage {
  readonly store: FlowStore;
  readonly host: Api<FlowHost>;
  readonly canvas: FlowCanvas | undefined;
  linking: Linking | undefined;
  announce(text: string): void;
  openInspector(tab?: 'setup' | 'data'): void;
  openMap(step?: string): void;
  openFind(): void;
  findNext(step: 1 | -1): void;
  toggleHelp(): void;
  toggleMinimap(): void;
  /** Closes what lies on top; says whether there was anything. */
  closeTop(): boolean;
}

export type Command = CanvasCommand | FlowCommand | 'cut';

/** Does what a key, a button or a command of VS Code asks for. */
export async function runCommand(stage: Stage, command: Command): Promise<void> {
  const [verb, direction] = command.split('-') as [string, Direction | undefined];
  if (stage.linking && (await linkCommand(stage, command))) return;
  switch (command) {
    case 'left': case 'right': case 'up': case 'down': return goTo(stage, neighbour(stage.store.scene, currentOf(stage), command));
    case 'first': return goTo(stage, readingOrder(stage.store.scene)[0]);
    case 'last': return goTo(stage, readingOrder(stage.store.scene).at(-1));
    case 'add': return addAfterCurrent(stage);
    case 'connect': return startLink(stage);
    case 'delete': return void (await remove(stage));
    case 'disable': return void (await stage.store.edit(toggleDisabled(stage.store.scene, chosen(stage))));
    case 'rename': return rename(stage);
    case 'breakpoint': return toggleBreakpoints(stage);
    case 'duplicate': return void (await editAndGo(stage, duplicate(stage.store.flow, chosen(stage))));
    case 'select-all': return stage.store.select(stage.store.scene.nodes.keys());
    case 'copy': return copy(stage);
    case 'cut': return void (copy(stage), await remove(stage));
    case 'paste': return pasteText(stage, await navigator.clipboard.readText());
    case 'tidy': return tidyUp(stage);
    case 'open': return stage.openInspector('setup');
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
      if (!(await store.edit(moveTo(effect.positions)))) stage.canvas?.dropPreview();
      return;
    case 'connect': return void (await store.edit(connectTo(store.scene, effect.from, effect.to)));
    case 'insert': {
      const edge = store.scene.edges.get(effect.key);
      if (edge) await add(stage, placeBehind(stage, { id: edge.from, port: edge.port }));
      return;
    }
    case 'add': return add(stage, placeBehind(stage, effect.after, effect.at));
    case 'breakpoint': return stage.host.breakpoint(effect.id);
  }
}

/** Asks for a shape and adds a step. */
export async function add(stage: Stage, place: AddPlace): Promise<void> {
  if (stage.store.readOnly) return;
  const shape = await stage.host.pickShape();
  if (shape === undefined) return void stage.canvas?.focusNode();
  const edit = addStep(stage.store.flow, shape, place);
  if (await editAndGo(stage, edit)) stage.announce(`Added ${edit.select?.[0]}.`);
}

export async function pasteText(stage: Stage, text: string): Promise<void> {
  const steps = readClipboard(text);
  if (!steps) return stage.announce('The clipboard holds no steps.');
  const { store } = stage;
  const place = placeAfter(store.scene, store.flow, store.only);
  const node = place.after && store.scene.nodes.get(place.after.step);
  // Behind the selected step, if its way ends there; else on its own.
  const after = store.only !== undefined && node?.ports.find(({ name }) => name === place.after?.port)?.to === undefined ? place.after : undefined;
  if (await editAndGo(stage, paste(store.flow, steps, after))) stage.announce(`Pasted ${formatCount(Object.keys(steps).length, 'step')}.`);
}

export function copy(stage: Stage, data?: DataTransfer): void {
  const text = copyText(stage.store.flow, chosen(stage));
  if (text === undefined) return;
  if (data) data.setData('text/plain', text);
  else void navigator.clipboard.writeText(text);
  stage.announce('Copied.');
}

export async function remove(stage: Stage): Promise<void> {
  const { store } = stage;
  const ids = chosen(stage);
  const current = currentOf(stage);
  // The focus goes on to what stood before.
  const before = neighbour(store.scene, current, 'left');
  const next = before !== current && !ids.includes(before) ? before : [neighbour(store.scene, current, 'right')].find((id) => !ids.includes(id));
  const edge = ids.length === 1 ? store.scene.edges.get(ids[0]!) : undefined;
  const said = edge ? `Removed ${describeEdge(store.scene, edge)}.` : `Removed ${formatCount(ids.length, 'step')}.`;
  if (!(await store.edit(removeAll(store.scene, ids)))) return;
  if (next !== undefined && !edge) store.select([next], next);
  await stage.canvas?.focusNode(next);
  stage.announce(said);
}

/** The focus goes to what is new. */
async function editAndGo(stage: Stage, edit: Edit): Promise<boolean> {
  if (!(await stage.store.edit(edit))) return false;
  await stage.canvas?.updateComplete;
  await stage.canvas?.focusNode(edit.select?.[0]);
  return true;
}

async function addAfterCurrent(stage: Stage): Promise<void> {
  const { store } = stage;
  const [only] = store.selected;
  const edge = store.selected.size === 1 ? store.scene.edges.get(only!) : undefined;
  if (edge) return performEffect(stage, { kind: 'insert', key: edge.key });
  return add(stage, placeAfter(store.scene, store.flow, store.only ?? store.current));
}

function placeBehind(stage: Stage, from: PortEnd, at?: Point): AddPlace {
  const node = stage.store.scene.nodes.get(from.id);
  if (node?.kind !== 'step') return { first: true };
  return { after: { step: from.id, port: from.port }, at: at && { x: snap(at.x), y: snap(at.y - 30) } };
}

/** What a command is for: the selection, or the node with the focus. */
export function chosen({ store }: Stage): readonly string[] {
  if (store.selected.size > 0) return [...store.selected];
  return store.current === undefined ? [] : [store.current];
}

const currentOf = ({ store }: Stage): string => store.current ?? store.only ?? '';

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
  const nodes = chosen(stage).flatMap((id) => stage.store.scene.nodes.get(id) ?? []).filter(({ kind }) => kind === 'step');
  await stage.store.edit(moveTo(new Map(nodes.map(({ id, x, y }) => [id, { x: snap(x + dx), y: snap(y + dy) }]))));
}

async function rename(stage: Stage): Promise<void> {
  const node = stage.store.scene.nodes.get(currentOf(stage));
  if (node?.kind === 'trigger') return stage.announce(`Triggers have no title. This one is named ${triggerId(node)}.`);
  if (!node?.step || stage.store.readOnly) return;
  const title = await stage.host.askText({ title: 'Title of the step', value: node.step.title ?? '', prompt: `Shown instead of the id ${node.id}.` });
  if (title !== undefined && title !== (node.step.title ?? '')) await stage.store.edit({ changes: [{ op: 'set', step: node.id, path: ['title'], value: title.trim() === '' ? undefined : title.trim() }] });
  await stage.canvas?.focusNode(node.id);
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

function startLink(stage: Stage): void {
  const { store } = stage;
  const node = store.scene.nodes.get(currentOf(stage));
  if (!node || store.readOnly) return;
  const used = stage.linking?.from.id === node.id ? node.ports.findIndex(({ name }) => name === stage.linking?.from.port) + 1 : Math.max(0, node.ports.findIndex(({ to }) => to === undefined));
  const port = node.ports[used % Math.max(1, node.ports.length)];
  const target = stage.linking?.target ?? port?.to ?? linkTargets(store.scene, node.id).find((id) => store.scene.nodes.get(id)!.x > node.x) ?? linkTargets(store.scene, node.id)[0];
  if (!port || target === undefined) return stage.announce('There is no other step to link to. Press A to add one.');
  stage.linking = { from: { id: node.id, port: port.name }, target };
  stage.announce(`Link from ${node.title}, port ${port.name}, to ${store.scene.nodes.get(target)?.title}. Arrow keys choose another step, Enter links, Escape cancels.`);
}

/** While a link is made the keys mean something else. Says whether it was one of them. */
async function linkCommand(stage: Stage, command: Command): Promise<boolean> {
  const { store, linking } = stage;
  if (!linking) return false;
  const targets = linkTargets(store.scene, linking.from.id);
  switch (command) {
    case 'left': case 'right': case 'up': case 'down': {
      const next = neighbour(store.scene, linking.target, command);
      // Where no link leads on, the next one in reading order.
      const target = next !== linking.target && targets.includes(next) ? next : targets[(targets.indexOf(linking.target) + (command === 'left' || command === 'up' ? targets.length - 1 : 1)) % targets.length]!;
      stage.linking = { ...linking, target };
      stage.canvas?.reveal(target);
      stage.announce(store.scene.nodes.get(target)?.title ?? target);
      return true;
    }
    case 'open':
      stage.linking = undefined;
      if (await store.edit(connectTo(store.scene, linking.from, linking.target))) stage.announce('Linked.');
      return true;
    case 'connect':
      startLink(stage);
      return true;
    case 'cancel':
      stage.linking = undefined;
      stage.announce('No link was made.');
      return true;
    case 'add':
      stage.linking = undefined;
      await add(stage, placeBehind(stage, linking.from));
      return true;
    default:
      stage.linking = undefined;
      return false;
  }
}
