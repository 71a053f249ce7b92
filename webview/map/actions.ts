import type { RuleSuggestion } from '../../server/model/auto-map.ts';
import { formatCount } from '../shared/format.ts';
import type { MapCanvas } from './canvas.ts';
import { typeText, type FieldNode, type Side } from './fields.ts';
import type { MapKeyCommand } from './keymap.ts';
import { pickOne, type PickItem } from './pick.ts';
import { addRule, addRules, addTransform, connect, duplicateRule, moveRule, removeRule, rulesOf, setSource, unmap, type RuleEdit } from './rules.ts';
import { textOf } from './sample.ts';
import type { MapStore } from './store.ts';

/** What the actions work on. */
export interface Stage {
  readonly store: MapStore;
  readonly canvas: MapCanvas | undefined;
  /** The rules stand as a table. */
  isTable: boolean;
  /** The tree that the keys were in last. */
  side: Side;
  announce(text: string): void;
  openPanel(tab?: 'rule' | 'suggestions' | 'settings', isFocused?: boolean): void;
  focusMain(): void;
  openFilter(): void;
  toggleHelp(): void;
  pasteSample(): Promise<void>;
}

/** What buttons, keys and commands do. */
export interface Actions {
  run(command: MapKeyCommand): void;
  suggest(): void;
  accept(suggestions: readonly RuleSuggestion[]): Promise<void>;
  goTo(side: Side, id: string, rule?: number): void;
  connect(source: string, target: string): Promise<void>;
  addTransform(rule: number): Promise<void>;
  /** Asks for a field in the place of one of the sources of a rule. */
  replaceSource(rule: number, source: number): Promise<void>;
  /** Asks for a schema of the workspace for a side. */
  chooseSchema(side: Side): Promise<void>;
}

export function createActions(stage: Stage): Actions {
  const { store } = stage;
  const actions: Actions = {
    run: (command) => void runCommand(stage, actions, command),
    suggest() {
      stage.openPanel('suggestions');
      void store.sample.suggest().then(() => stage.announce(formatCount(store.sample.suggestions?.length ?? 0, 'suggestion')));
    },
    async accept(suggestions) {
      const taken = new Set(suggestions);
      if (!(await store.edit(addRules(store.rules, suggestions.map(({ rule }) => rule))))) return;
      store.sample.suggestions = store.sample.suggestions?.filter((suggestion) => !taken.has(suggestion));
      stage.announce(suggestions.length === 1 ? `Mapped ${suggestions[0]!.rule.from} to ${suggestions[0]!.rule.to}.` : `Added ${formatCount(suggestions.length, 'rule')}.`);
    },
    goTo(side, id, rule) {
      store.selectField(side, id);
      if (rule !== undefined) store.selectRule(rule);
      stage.side = side;
      stage.canvas?.reveal(side, id);
    },
    async connect(source, target) {
      const before = rulesOf(store.rules, 'target', target).length;
      const edit = connect(store.rules, source, target);
      if (await store.edit(edit)) stage.announce(before > 0 ? `${source} is a further source of ${target}.` : `Mapped ${source} to ${target}.`);
    },
    async addTransform(index) {
      const rule = store.rules[index];
      const plugins = store.input?.catalog.plugins ?? [];
      if (!rule || store.readOnly) return;
      const type = await pickOne(`Transform for ${rule.to || 'the rule'}`, plugins.filter(({ kind, status }) => kind === 'transform' && status !== 'deprecated').map(itemOf));
      if (type === undefined || !(await store.edit(addTransform(rule, type)))) return;
      stage.openPanel('rule');
      stage.announce('Added a transform.');
    },
    replaceSource: (rule, source) => replaceSource(stage, rule, source),
    chooseSchema: (side) => chooseSchema(stage, side),
  };
  return actions;
}

async function runCommand(stage: Stage, actions: Actions, command: MapKeyCommand): Promise<void> {
  const { store } = stage;
  switch (command) {
    case 'up': return step(stage, -1);
    case 'down': return step(stage, 1);
    case 'page-up': return step(stage, -(stage.canvas?.pageRows(stage.side) ?? 10));
    case 'page-down': return step(stage, stage.canvas?.pageRows(stage.side) ?? 10);
    case 'first': return step(stage, -Infinity);
    case 'last': return step(stage, Infinity);
    case 'open-branch': return branch(stage, true);
    case 'close-branch': return branch(stage, false);
    case 'open': return open(stage);
    case 'map-to': return mapTo(stage, actions);
    case 'add': return add(stage);
    case 'make': return make(stage);
    case 'add-transform': {
      const rule = currentRule(stage);
      return rule === undefined ? stage.announce('There is no rule here: press M to map the field.') : actions.addTransform(rule);
    }
    case 'unmap': return remove(stage);
    case 'duplicate': { const rule = store.rules[currentRule(stage) ?? -1]; return void (rule && (await done(stage, duplicateRule(rule), 'Duplicated the rule.'))); }
    case 'move-up': case 'move-down': return move(stage, command === 'move-up' ? -1 : 1);
    case 'suggest': return actions.suggest();
    case 'table': stage.isTable = !stage.isTable; return stage.focusMain();
    case 'previous-record': return store.sample.setRecord(store.sample.record - 1);
    case 'next-record': return store.sample.setRecord(store.sample.record + 1);
    case 'try': return store.sample.ask();
    case 'paste-sample': return stage.pasteSample();
    case 'pick-sample': return store.sample.pick();
    case 'call-endpoint': return store.sample.callEndpoint();
    case 'find': return stage.openFilter();
    case 'help': return stage.toggleHelp();
    case 'extract': return extract(stage);
    case 'to-script': return toScript(stage);
    default: return undefined;
  }
}

function step(stage: Stage, by: number): void {
  const { store, side } = stage;
  const rows = store.fields.rows[side];
  if (rows.length === 0) return;
  const at = rows.findIndex(({ id }) => id === store.fields.active[side]);
  const to = at < 0 ? (by > 0 && by !== Infinity ? 0 : by === Infinity ? rows.length - 1 : 0) : Math.max(0, Math.min(rows.length - 1, at + by));
  select(stage, rows[to]!);
}

function select(stage: Stage, field: FieldNode): void {
  stage.store.selectField(stage.side, field.id);
  stage.canvas?.reveal(stage.side, field.id);
}

function branch(stage: Stage, isOpening: boolean): void {
  const { store, side } = stage;
  const field = activeField(stage);
  if (!field) return step(stage, 1);
  const isClosed = store.fields.closed[side].has(field.id);
  if (isOpening ? isClosed : !isClosed && field.children.length > 0) return store.fields.setClosed(side, field.id, !isOpening);
  const next = isOpening ? field.children[0] : field.parent;
  if (next) select(stage, next);
}

/** The rule of the row; of a source, the first that it feeds. */
function open(stage: Stage): void {
  const { store, side } = stage;
  const field = activeField(stage);
  if (field && side === 'source') {
    const rule = rulesOf(store.rules, 'source', field.id)[0];
    if (rule) store.selectRule(rule.index);
    else store.selectField('source', field.id);
  }
  stage.openPanel('rule', true);
}

async function mapTo(stage: Stage, actions: Actions): Promise<void> {
  const { store } = stage;
  const { side, field } = stage.isTable ? { side: 'target' as const, field: fieldOfRule(stage) } : { side: stage.side, field: activeField(stage) };
  if (!field || store.readOnly) return;
  const other: Side = side === 'source' ? 'target' : 'source';
  const fields = [...store.fields.trees[other].byId.values()].filter(({ id }) => !rulesOf(store.rules, side, field.id).some((rule) => (other === 'source' ? rule.sourceIds.includes(id) : rule.targetId === id)));
  const id = await pickOne(side === 'source' ? `Map ${field.id} to` : `Map to ${field.id} from`, byLikeness(fields, field).map((one): PickItem => ({ id: one.id, label: one.id, detail: wordsOf(one, other) })), { free: `a path of the ${other}` });
  if (id !== undefined) await actions.connect(...(side === 'source' ? [field.id, id] as const : [id, field.id] as const));
}

/** Fields of the same name come first. */
function byLikeness(fields: readonly FieldNode[], { name }: Pick<FieldNode, 'name'>): readonly FieldNode[] {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const wanted = plain(name);
  const rank = (one: FieldNode): number => { const own = plain(one.name); return own === wanted ? 0 : own !== '' && wanted !== '' && (own.includes(wanted) || wanted.includes(own)) ? 1 : 2; };
  return fields.map((field, place) => ({ field, place, rank: rank(field) })).sort((left, right) => left.rank - right.rank || left.place - right.place).map(({ field }) => field);
}

async function replaceSource(stage: Stage, index: number, place: number): Promise<void> {
  const { store } = stage;
  const rule = store.rules[index];
  const before = rule?.from[place];
  if (!rule || before === undefined || store.readOnly) return;
  const known = [...store.fields.trees.source.byId.values()].filter(({ origin, id }) => origin !== 'rule' && !rule.sourceIds.includes(id));
  const to = await pickOne(`In the place of ${before}`, byLikeness(known, { name: before.split('.').at(-1)! }).map((one): PickItem => ({ id: one.id, label: one.id, detail: wordsOf(one, 'source') })), { free: 'a path of the source' });
  if (to !== undefined) await done(stage, setSource(rule, place, to), `${rule.to} comes from ${to}.`);
}

const noSchema = '–';

async function chooseSchema(stage: Stage, side: Side): Promise<void> {
  const { store } = stage;
  const { input } = store;
  if (store.readOnly) return;
  const chosen = await pickOne(`Schema of the ${side}`, [...(input?.workspace?.schemas ?? []).map((name): PickItem => ({ id: name, label: name })), { id: noSchema, label: 'None', detail: 'what the flow or a sample shows' }]);
  if (chosen === undefined || !input) return;
  const schema = chosen === noSchema ? undefined : chosen;
  await store.change([{ op: 'set', path: [side], value: schema?.replace(/^schemas\//, '') }]);
}

/** A rule for any target; of the source field that the keys are on. */
async function add(stage: Stage): Promise<void> {
  const { store } = stage;
  if (store.readOnly) return;
  const from = stage.side === 'source' && !stage.isTable ? activeField(stage)?.id : undefined;
  const unused = [...store.fields.trees.target.byId.values()].filter(({ id, children }) => children.length === 0 && rulesOf(store.rules, 'target', id).length === 0);
  const to = await pickOne(from === undefined ? 'Target of the new rule' : `Map ${from} to`, unused.map((one) => ({ id: one.id, label: one.id, detail: wordsOf(one, 'target') })), { free: 'a new field' });
  if (to !== undefined && (await done(stage, addRule(store.rules, { ...(from !== undefined && { from }), to }), `Added a rule for ${to}.`))) stage.openPanel('rule', true);
}

const wordsOf = (field: FieldNode, side: Side): string => [typeText(field), field.isRequired && side === 'target' ? 'required' : ''].filter((part) => part !== '').join(', ');

/** A rule without a source: of a transform that makes a value. */
async function make(stage: Stage): Promise<void> {
  const { store } = stage;
  const field = stage.isTable ? fieldOfRule(stage) : stage.side === 'target' ? activeField(stage) : undefined;
  if (store.readOnly) return;
  if (!field) return stage.announce('Choose a target field first.');
  const makers = (store.input?.catalog.plugins ?? []).filter(({ kind, generates }) => kind === 'transform' && generates === true);
  const type = await pickOne(`Make a value for ${field.id}`, makers.map(itemOf));
  if (type !== undefined && (await done(stage, addRule(store.rules, { to: field.id, transforms: [{ type }] }), `${field.id} is made.`))) stage.openPanel('rule');
}

async function remove(stage: Stage): Promise<void> {
  const { store } = stage;
  const field = activeField(stage);
  if (stage.isTable) {
    if (store.rule !== undefined) await done(stage, removeRule(store.rules, store.rule), 'Removed the rule.');
  } else if (field) {
    const edit = unmap(store.rules, stage.side, field.id);
    if (edit.changes.length === 0) return stage.announce(`No rule has ${field.id}.`);
    const count = edit.changes.length;
    if (await done(stage, edit, count === 1 ? `Unmapped ${field.id}.` : `Unmapped ${field.id}: ${count} rules.`)) store.selectField(stage.side, field.id);
  }
}

async function move(stage: Stage, by: 1 | -1): Promise<void> {
  const { store } = stage;
  const rule = currentRule(stage);
  if (rule === undefined) return;
  const edit = moveRule(store.rules, rule, by);
  if (await done(stage, edit, '')) stage.announce(`Rule ${edit.select! + 1} of ${store.rules.length}.`);
}

async function extract(stage: Stage): Promise<void> {
  const { input, readOnly, link } = stage.store;
  if (input?.step === undefined || readOnly) return;
  const { step, version } = input;
  await told(stage, async () => { const file = await link.extractMap(step, version); return file && `The rules stand in ${file} now.`; });
}

async function toScript(stage: Stage): Promise<void> {
  const { input, readOnly, link } = stage.store;
  const rule = currentRule(stage);
  if (!input || readOnly) return;
  if (rule === undefined) return stage.announce('Choose a rule with transforms first.');
  await told(stage, async () => { const file = await link.convertRule(input.step, rule, input.version); return file && `${file} does now what the transforms did.`; });
}

/** Says what came of it, or why it did not. */
async function told(stage: Stage, work: () => Promise<string | undefined>): Promise<void> {
  try {
    const said = await work();
    if (said) stage.announce(said);
  } catch (error) {
    stage.store.refusal = textOf(error);
    stage.announce(stage.store.refusal);
  }
}

async function done(stage: Stage, edit: RuleEdit, said: string): Promise<boolean> {
  const isDone = await stage.store.edit(edit);
  if (isDone && said !== '') stage.announce(said);
  return isDone;
}

function currentRule({ store, side, isTable }: Stage): number | undefined {
  if (store.rule !== undefined || isTable) return store.rule;
  const id = store.fields.active[side];
  return id === undefined ? undefined : rulesOf(store.rules, side, id).at(-1)?.index;
}

function fieldOfRule({ store }: Stage): FieldNode | undefined {
  const id = store.current ? store.current.targetId : store.chosen?.side === 'target' ? store.chosen.id : undefined;
  return id === undefined ? undefined : store.fields.trees.target.byId.get(id);
}

function activeField({ store, side }: Stage): FieldNode | undefined {
  const id = store.fields.active[side];
  return id === undefined ? undefined : store.fields.trees[side].byId.get(id);
}

const itemOf = ({ type, title, summary }: { readonly type: string; readonly title: string; readonly summary: string }): PickItem => ({ id: type, label: title, detail: `${type} · ${summary}` });
