import type { RuleSuggestion } from '../../server/model/auto-map.ts';
import type { Catalog } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { isSame } from '../../server/model/json.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import type { MapLook } from '../../server/model/map-look.ts';
import type { ShownTrial } from '../../server/model/map-cut.ts';
import type { FlowWorkspace } from '../protocol/flow.ts';
import type { MapHost } from '../protocol/map.ts';
import { codeOf, type Api } from '../protocol/rpc.ts';
import { allRows } from '../shared/paged-rows.ts';
import { fieldId, fieldTree, shownRows, valuesAt, type FieldNode, type FieldTree, type Side } from './fields.ts';
import { findProblems, worst, type Problem, type Problems } from './problems.ts';
import { readRules, rulesOf, type Rule, type RuleEdit } from './rules.ts';
import { tableRows, type TableRow } from './table.ts';
import { wiresOf, type Tone, type Wire } from './wires.ts';

/** What the editor of a mapping shows; a new object whenever something of it is new. */
export interface MapInput {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of the document. */
  readonly version: number;
  /** Where the settings stand in it. */
  readonly pointer: string;
  /** The map step of a flow; without it a mapping file. */
  readonly step: string | undefined;
  readonly title: string;
  readonly file: string;
  readonly readOnly: boolean;
  readonly trusted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly catalog: Catalog;
  readonly workspace: FlowWorkspace | undefined;
}

/** What of it is kept while its tab is hidden. */
export interface StoreView {
  readonly record: number;
  readonly rule: number | undefined;
  readonly chosen: { readonly side: Side; readonly id: string } | undefined;
  readonly active: Readonly<Record<Side, string | undefined>>;
  readonly closed: Readonly<Record<Side, readonly string[]>>;
  readonly filter: Readonly<Record<Side | 'rules', string>>;
}

export interface MapLink extends Api<MapHost> {
  openText(pointer?: string): unknown;
  openFile(path: string): unknown;
}

/** What is asked when the typing pauses. */
const pauseMs = 150;
const noTree: FieldTree = { roots: [], byId: new Map(), isCut: false };

/** What the editor shows of a mapping. The document is the host's: an edit goes there and comes back as a new input. */
export class MapStore {
  input: MapInput | undefined;
  rules: readonly Rule[] = [];
  /** Required fields of the target that no rule writes. */
  missing: readonly string[] = [];
  private shownRules: readonly TableRow[] = [];
  readonly tableRows = allRows(() => this.shownRules);
  look: MapLook | undefined;
  trial: ShownTrial | undefined;
  /** Why there is no result. */
  trialProblem: string | undefined;
  /** That is because there is nothing to try it with. */
  hasNoSample = false;
  suggestions: readonly RuleSuggestion[] | undefined;
  /** Number of the record that is tried. */
  record = 0;
  /** Name of the sample that was chosen; `undefined`: the last recorded payload. */
  sampleName: string | undefined;
  trees: Readonly<Record<Side, FieldTree>> = { source: noTree, target: noTree };
  wires: readonly Wire[] = [];
  closed: Record<Side, ReadonlySet<string>> = { source: new Set(), target: new Set() };
  filter: Record<Side | 'rules', string> = { source: '', target: '', rules: '' };
  rows: Readonly<Record<Side, readonly FieldNode[]>> = { source: [], target: [] };
  /** The row that the keys are on, of each side. */
  active: Record<Side, string | undefined> = { source: undefined, target: undefined };
  /** Whose lines are brought out. */
  chosen: { readonly side: Side; readonly id: string } | undefined;
  rule: number | undefined;
  /** Why the host refused an edit. */
  refusal: string | undefined;
  isBusy = false;

  readonly link: MapLink;
  private readonly changed: () => void;
  private problems: Problems = { ofRule: new Map(), ofField: new Map(), ofSource: new Map() };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private wanted: number | undefined;

  constructor(link: MapLink, changed: () => void) {
    this.link = link;
    this.changed = changed;
  }

  get view(): StoreView {
    const { record, rule, chosen, active, closed, filter } = this;
    return { record, rule, chosen, active, closed: { source: [...closed.source], target: [...closed.target] }, filter };
  }

  set view(kept: StoreView) {
    this.record = kept.record;
    this.rule = kept.rule !== undefined && this.rules[kept.rule] ? kept.rule : undefined;
    this.chosen = kept.chosen;
    this.active = { ...kept.active };
    this.closed = { source: new Set(kept.closed.source), target: new Set(kept.closed.target) };
    this.filter = { ...kept.filter };
    this.layOut();
    this.shownRules = tableRows(this);
    this.changed();
  }

  get readOnly(): boolean {
    return this.input?.readOnly ?? true;
  }

  get current(): Rule | undefined {
    return this.rule === undefined ? undefined : this.rules[this.rule];
  }

  setInput(input: MapInput): void {
    const before = this.input;
    if (before === input) return;
    this.input = input;
    const isSameMap = before !== undefined && before.step === input.step && before.file === input.file;
    if (!isSameMap) this.forget();
    const isChanged = !isSameMap || !isSame(before.settings, input.settings);
    if (isChanged) {
      this.rules = readRules(input.settings['rules']);
      if (this.wanted !== undefined && this.rules[this.wanted]) this.selectRule(this.wanted);
      else if (this.rule !== undefined && !this.rules[this.rule]) this.rule = undefined;
      this.wanted = undefined;
      this.grow();
    }
    if (isChanged || before.diagnostics !== input.diagnostics) this.judge();
    // Another step of the flow may change what comes here, too, and so may another file.
    if (isChanged || before.version !== input.version || before.workspace !== input.workspace || before.trusted !== input.trusted) this.ask(before === undefined ? 0 : pauseMs);
    this.changed();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked++;
  }

  /** Asks the host for both sides and for the result. */
  ask(afterMs = 0): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), afterMs);
  }

  setRecord(record: number): void {
    this.record = Math.max(0, Math.min(record, (this.trial?.records ?? 1) - 1));
    this.ask();
    this.changed();
  }

  async suggest(): Promise<void> {
    try {
      this.suggestions = await this.link.suggestRules(this.input?.step);
    } catch (error) {
      this.refusal = textOf(error);
    }
    this.changed();
  }

  async useSample(text: string | undefined, name?: string): Promise<void> {
    try {
      await this.link.useSample(this.input?.step, text);
      this.sampleName = name;
      this.record = 0;
      this.ask();
    } catch (error) {
      this.refusal = textOf(error);
    }
    this.changed();
  }

  async pickSample(): Promise<void> {
    try {
      const name = await this.link.pickSample(this.input?.step);
      // What is cancelled comes as null over some ports.
      if (!name) return;
      this.sampleName = name;
      this.record = 0;
      this.ask();
    } catch (error) {
      this.refusal = textOf(error);
    }
    this.changed();
  }

  /** Of a mapping file, while it is looked at. */
  async useSchema(side: Side, schema: string | undefined): Promise<void> {
    try {
      await this.link.useSchema(side, schema);
      this.ask();
    } catch (error) {
      this.refusal = textOf(error);
    }
    this.changed();
  }

  /** Gives one undo unit to the host. Says whether it was taken. */
  async edit({ changes, select }: RuleEdit): Promise<boolean> {
    if (changes.length === 0) {
      if (select !== undefined) this.selectRule(select);
      return false;
    }
    return this.change(changes, select);
  }

  async change(changes: readonly MapChange[], select?: number): Promise<boolean> {
    const { input } = this;
    if (!input || this.readOnly || changes.length === 0) return false;
    this.wanted = select;
    try {
      await this.link.editMap(input.step, changes, input.version);
      this.refusal = undefined;
      return true;
    } catch (error) {
      this.wanted = undefined;
      this.refusal = textOf(error);
      return false;
    } finally {
      this.changed();
    }
  }

  selectRule(index: number | undefined): void {
    this.rule = index;
    const rule = this.current;
    if (rule?.targetId !== undefined) {
      this.active.target = rule.targetId;
      this.chosen = { side: 'target', id: rule.targetId };
    }
    this.changed();
  }

  selectField(side: Side, id: string): void {
    this.active[side] = id;
    this.chosen = { side, id };
    this.rule = side === 'target' ? rulesOf(this.rules, 'target', id).at(-1)?.index : undefined;
    this.changed();
  }

  setClosed(side: Side, id: string, isClosed: boolean): void {
    const closed = new Set(this.closed[side]);
    if (isClosed) closed.add(id);
    else closed.delete(id);
    this.closed[side] = closed;
    this.layOut();
    this.changed();
  }

  setFilter(what: Side | 'rules', text: string): void {
    this.filter[what] = text;
    if (what === 'rules') this.shownRules = tableRows(this);
    else this.layOut();
    this.changed();
  }

  /** Opens what a field is folded into. */
  show(side: Side, id: string): void {
    const closed = new Set(this.closed[side]);
    for (let field = this.trees[side].byId.get(id)?.parent; field; field = field.parent) closed.delete(field.id);
    this.closed[side] = closed;
    if (!this.rows[side].some((field) => field.id === id)) this.filter[side] = '';
    this.layOut();
  }

  problemsAt(rule: number): readonly Problem[] {
    return this.problems.ofRule.get(rule) ?? [];
  }

  /** Of a field of the source what rules do not find there; of one of the target its own, and those of the rules that write it. */
  problemsOf(side: Side, field: string): readonly Problem[] {
    return side === 'source' ? (this.problems.ofSource.get(field) ?? []) : [...(this.problems.ofField.get(field) ?? []), ...rulesOf(this.rules, 'target', field).flatMap(({ index }) => this.problemsAt(index))];
  }

  /** Why a rule of a field of the target fails with this record. */
  failureIn(side: Side, field: string): string | undefined {
    return side === 'source' ? undefined : rulesOf(this.rules, 'target', field).map(({ index }) => this.failureOf(index)).find((text) => text !== undefined);
  }

  toneOf = (rule: number): Tone => worst(this.problemsAt(rule), this.trial?.fields.some(({ rule: index, error }) => index === rule && error !== undefined) === true);

  /** What a field of a side holds in the record that is tried. */
  values(side: Side, field: FieldNode): readonly unknown[] {
    const { trial } = this;
    if (!trial) return [];
    if (side === 'source') return valuesAt(trial.input, field.keys);
    if (trial.output !== undefined) return valuesAt(trial.output, field.keys);
    const rule = rulesOf(this.rules, 'target', field.id).at(-1);
    return trial.fields.find(({ rule: index }) => index === rule?.index)?.values ?? [];
  }

  failureOf(rule: number): string | undefined {
    return this.trial?.fields.find(({ rule: index }) => index === rule)?.error?.message;
  }

  private forget(): void {
    this.look = this.trial = this.trialProblem = this.suggestions = this.rule = this.chosen = this.sampleName = undefined;
    this.record = 0;
    this.closed = { source: new Set(), target: new Set() };
    this.filter = { source: '', target: '', rules: '' };
    this.active = { source: undefined, target: undefined };
  }

  private async refresh(): Promise<void> {
    const { input } = this;
    if (!input) return;
    const turn = ++this.asked;
    this.isBusy = true;
    const [look, trial] = await Promise.allSettled([this.link.lookAtMap(input.step), this.link.tryMap(input.step, this.record)]);
    // Something newer was asked meanwhile.
    if (turn !== this.asked) return;
    this.isBusy = false;
    if (look.status === 'fulfilled') this.look = look.value;
    this.trial = trial.status === 'fulfilled' ? trial.value : undefined;
    this.trialProblem = trial.status === 'rejected' ? textOf(trial.reason) : undefined;
    this.hasNoSample = trial.status === 'rejected' && codeOf(trial.reason) === 'DATA_MISSING';
    if (this.suggestions) void this.suggest();
    this.grow();
    this.judge();
    this.changed();
  }

  /** The trees of what is known now. */
  private grow(): void {
    const others = (this.look?.lineage.targets ?? []).flatMap(({ path, rules }) => (rules.some(({ rule }) => rule === undefined) ? [path] : []));
    const othersFrom = (this.look?.lineage.targets ?? []).flatMap(({ rules }) => rules.filter(({ rule }) => rule === undefined).flatMap(({ sources }) => sources));
    this.trees = {
      source: fieldTree(this.look?.source.schema ?? {}, this.trial?.input, [...this.rules.flatMap(({ from }) => from), ...othersFrom]),
      target: fieldTree(this.look?.target.schema ?? {}, undefined, [...this.rules.flatMap(({ to }) => (to === '' ? [] : [to])), ...others]),
    };
    this.layOut();
  }

  private layOut(): void {
    this.rows = { source: this.rowsOf('source'), target: this.rowsOf('target') };
  }

  private rowsOf(side: Side): readonly FieldNode[] {
    return shownRows(this.trees[side], { closed: this.closed[side], filter: this.filter[side] });
  }

  private judge(): void {
    this.problems = findProblems(this.input, this.look, this.trial, this.rules);
    this.missing = (this.look?.findings ?? []).flatMap(({ kind, target }) => (kind === 'missing-target' ? [fieldId(target)] : []));
    this.shownRules = tableRows(this);
    this.wires = wiresOf(this.rules, this.look?.lineage, this.toneOf);
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
