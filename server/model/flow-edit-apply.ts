import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, portsOf, type Catalog } from './catalog.ts';
import type { FlowChange, PortRef, Position, TextEdit } from './flow-edit.ts';
import type { Flow, Step } from './flow.ts';
import { renameKey, removeValue, setValue, nodeAt, type JsonPath, type Style } from './json-edit.ts';
import { isObject, isSame, pointerOf } from './json.ts';
import { valueOf } from './json-source.ts';
import { TextUnderEdit } from './text-edits.ts';

export { applyEdits } from './text-edits.ts';

/**
 * The edits that make changes to the text of a flow, with offsets of this text; they do not overlap, and touch nothing but what changes. Fails with
 * `CONFIG_UNKNOWN_STEP` or `CONFIG_INVALID` where a change does not fit the text (any more); then nothing is to be changed.
 */
export function editFlow(text: string, changes: readonly FlowChange[], catalog: Catalog): TextEdit[] {
  const editor = new FlowTextEditor(text, catalog);
  for (const change of changes) editor.apply(change);
  return editor.edits();
}

const stepKeys = ['shape', 'title', 'notes', 'settings', 'disabled', 'timeoutMs', 'retry', 'concurrency', 'waitForAll', 'next'];
const flowKeys = ['version', 'title', 'description', 'labels', 'settings', 'triggers', 'variables', 'start', 'steps', 'layout'];

class FlowTextEditor {
  readonly #under: TextUnderEdit;
  readonly #catalog: Catalog;
  readonly #style: Style;

  constructor(text: string, catalog: Catalog) {
    this.#under = new TextUnderEdit(text);
    this.#catalog = catalog;
    this.#style = { keyOrder: (path) => this.#keyOrder(path), isOpen };
    if (!isObject(this.#read())) throw misfit('The file is not a JSON object.', '');
  }

  edits(): TextEdit[] {
    return this.#under.edits();
  }

  apply(change: FlowChange): void {
    switch (change.op) {
      case 'add-step': return this.#addStep(change);
      case 'remove-steps': return this.#removeSteps(change.ids);
      case 'rename-step': return this.#renameStep(change.from, change.to);
      case 'connect': return this.#connect(change.from, change.to);
      case 'disconnect': return this.#disconnect(change.from);
      case 'set-start': return this.#setStart(change.step);
      case 'set': {
        this.#step(change.step);
        return this.#set(['steps', change.step, ...change.path], change.value, 2);
      }
      case 'set-flow': return this.#set(change.path, change.value, 0);
      case 'move': return this.#move(change.positions);
      case 'paste': return this.#paste(change.steps, change.positions ?? {}, change.after);
    }
  }

  #addStep({ id, step, after, start, position }: Extract<FlowChange, { op: 'add-step' }>): void {
    const flow = this.#read();
    if (Object.hasOwn(flow.steps ?? {}, id)) throw misfit(`There is a step ${JSON.stringify(id)} already.`, pointerOf(['steps', id]));
    const led = after ? this.#step(after.step).next?.[after.port] : start ? flow.start : undefined;
    this.#insertStep(id, led === undefined || led === id ? step : this.#leadingTo(step, led), after?.step);
    if (after) this.#connect(after, id);
    if (start) this.#setStart(id);
    if (position) this.#move({ [id]: position });
  }

  /** The step with its first port leading on, unless it leads somewhere already. */
  #leadingTo(step: Step, to: string): Step {
    const port = this.#firstPort(step);
    return port === undefined || step.next?.[port] !== undefined ? step : { ...step, next: { ...step.next, [port]: to } };
  }

  #firstPort(step: Step): string | undefined {
    return portsOf(findPlugin(this.#catalog, 'shape', step.shape), step.settings)[0];
  }

  #insertStep(id: string, step: Step, after: string | undefined): void {
    const ids = Object.keys(this.#read().steps ?? {});
    const at = after === undefined ? -1 : ids.indexOf(after);
    const order = at < 0 ? undefined : [...ids.slice(0, at + 1), id, ...ids.slice(at + 1)];
    this.#write(['steps', id], inOrder(step), order);
  }

  #removeSteps(ids: readonly string[]): void {
    const { steps, start, layout } = this.#read();
    const removed = new Set(ids.filter((id) => Object.hasOwn(steps ?? {}, id)));
    // Where what led to a removed step leads now: along the first ports of the removed ones.
    const healed = (id: string | undefined, seen: ReadonlySet<string> = new Set()): string | undefined => {
      if (id === undefined || !removed.has(id) || seen.has(id)) return id !== undefined && removed.has(id) ? undefined : id;
      const step = steps[id] as Step;
      return healed(step.next?.[this.#firstPort(step) ?? Object.keys(step.next ?? {})[0] ?? ''], new Set([...seen, id]));
    };
    for (const [id, step] of Object.entries(steps ?? {})) {
      if (removed.has(id)) continue;
      for (const [port, to] of Object.entries(step.next ?? {})) if (removed.has(to)) this.#lead({ step: id, port }, healed(to));
    }
    if (start !== undefined && removed.has(start)) {
      const next = healed(start);
      if (next === undefined) removeValue(this.#under, ['start']);
      else this.#setStart(next);
    }
    for (const id of removed) removeValue(this.#under, ['steps', id]);
    const moved = [...removed].filter((id) => Object.hasOwn(layout ?? {}, id));
    if (moved.length > 0) this.#move(Object.fromEntries(moved.map((id) => [id, null])));
  }

  #renameStep(from: string, to: string): void {
    if (from === to) return;
    this.#step(from);
    const { steps, start, layout } = this.#read();
    if (Object.hasOwn(steps, to)) throw misfit(`There is a step ${JSON.stringify(to)} already.`, pointerOf(['steps', to]));
    for (const [id, step] of Object.entries(steps)) {
      for (const [port, target] of Object.entries(step.next ?? {})) if (target === from) this.#write(['steps', id, 'next', port], to);
    }
    if (start === from) this.#write(['start'], to);
    if (layout && Object.hasOwn(layout, from)) renameKey(this.#under, ['layout', from], to);
    renameKey(this.#under, ['steps', from], to);
  }

  #connect(from: PortRef, to: string): void {
    this.#step(from.step);
    this.#step(to);
    this.#lead(from, to);
  }

  #disconnect(from: PortRef): void {
    this.#step(from.step);
    this.#lead(from, undefined);
  }

  #lead({ step, port }: PortRef, to: string | undefined): void {
    this.#set(['steps', step, 'next', port], to, 2);
  }

  #setStart(step: string): void {
    this.#step(step);
    this.#write(['start'], step);
  }

  /** `undefined` removes; what is empty after that above `keep` keys goes with it. */
  #set(path: JsonPath, value: unknown, keep: number): void {
    if (value !== undefined) return this.#write(path, value);
    removeValue(this.#under, path);
    for (let length = path.length - 1; length > keep; length--) {
      const above = path.slice(0, length);
      const node = nodeAt(this.#under.text, above);
      if (node?.type !== 'object' || node.children?.length !== 0 || typeof above.at(-1) === 'number') return;
      removeValue(this.#under, above);
    }
  }

  #move(positions: Readonly<Record<string, Position | null>>): void {
    for (const [id, position] of Object.entries(positions)) {
      if (position) this.#write(['layout', id], position.map((place) => Math.round(place / 10) * 10));
      else this.#set(['layout', id], undefined, 0);
    }
  }

  #paste(steps: Readonly<Record<string, Step>>, positions: Readonly<Record<string, Position>>, after: PortRef | undefined): void {
    const taken = new Set(Object.keys(this.#read().steps ?? {}));
    const names = new Map<string, string>();
    for (const id of Object.keys(steps)) {
      const name = freeId(id, taken);
      taken.add(name);
      names.set(id, name);
    }
    let previous = after?.step;
    for (const [id, step] of Object.entries(steps)) {
      const { next, ...rest } = step;
      const kept = Object.entries(next ?? {}).flatMap(([port, to]) => (names.has(to) ? [[port, names.get(to)]] : []));
      const name = names.get(id) as string;
      this.#insertStep(name, kept.length > 0 ? { ...rest, next: Object.fromEntries(kept) as Record<string, string> } : rest, previous);
      previous = name;
      if (positions[id]) this.#move({ [name]: positions[id] });
    }
    const first = Object.keys(steps).find((id) => !Object.values(steps).some(({ next }) => Object.values(next ?? {}).includes(id)));
    if (after && first !== undefined) this.#connect(after, names.get(first) as string);
  }

  #write(path: JsonPath, value: unknown, order?: readonly string[]): void {
    const old = nodeAt(this.#under.text, path);
    if (old && isSame(valueOf(old), value)) return;
    const style = order ? { ...this.#style, keyOrder: (at: JsonPath) => (at.length === path.length - 1 ? order : this.#style.keyOrder(at)) } : this.#style;
    if (!setValue(this.#under, path, value, style)) throw misfit('There is no place for this value: what should hold it is no object or list, or the index is beyond its end.', pointerOf(path));
  }

  #read(): Flow {
    const root = nodeAt(this.#under.text, []);
    return (root && valueOf(root)) as Flow;
  }

  #step(id: string): Step {
    const { steps } = this.#read();
    if (!isObject(steps) || !Object.hasOwn(steps, id)) throw new FlowError('CONFIG_UNKNOWN_STEP', `There is no step ${JSON.stringify(id)} in the flow (any more).`, { place: { pointer: '/steps' }, details: { step: id } });
    return steps[id] as Step;
  }

  #keyOrder(path: JsonPath): readonly string[] | undefined {
    if (path.length === 0) return flowKeys;
    if (path[0] !== 'steps') return undefined;
    if (path.length === 2) return stepKeys;
    if (path.length < 3 || path[2] !== 'settings') return undefined;
    const shape = nodeAt(this.#under.text, ['steps', path[1] as string, 'shape'])?.value as string;
    let schema: unknown = findPlugin(this.#catalog, 'shape', shape)?.settings;
    for (const key of path.slice(3)) schema = isObject(schema) ? (typeof key === 'number' ? schema['items'] : isObject(schema['properties']) ? schema['properties'][key] : undefined) : undefined;
    return isObject(schema) && isObject(schema['properties']) ? Object.keys(schema['properties']) : undefined;
  }
}

/** Where each entry stands on its line, however short: the outlines of a flow. */
const isOpen = (path: JsonPath): boolean => path.length === 0 || (path.length === 1 && (path[0] === 'steps' || path[0] === 'layout' || path[0] === 'triggers' || path[0] === 'variables')) || (path.length === 2 && path[0] === 'steps');

const inOrder = (step: Step): Step => Object.fromEntries(Object.entries(step).toSorted(([a], [b]) => rank(a) - rank(b))) as unknown as Step;
const rank = (key: string): number => (stepKeys.includes(key) ? stepKeys.indexOf(key) : stepKeys.length);

/** The id itself, or with the next free number: `map`, `map-2`, `map-3`. */
function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  const stem = id.replace(/-\d+$/, '');
  for (let number = 2; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

const misfit = (message: string, pointer: string): FlowError => new FlowError('CONFIG_INVALID', message, { place: { pointer } });
