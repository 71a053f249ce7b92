import type { Catalog } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { isSame } from '../../server/model/json.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import type { FlowWorkspace } from '../protocol/flow.ts';
import type { MapHost } from '../protocol/map.ts';
import type { Api } from '../protocol/rpc.ts';
import { allRows } from '../shared/paged-rows.ts';
import { fieldId, valuesAt, type FieldNode, type Side } from './fields.ts';
import { findProblems, worst, type Problem, type Problems } from './problems.ts';
import { readRules, rulesOf, type Rule, type RuleEdit } from './rules.ts';
import { MapSample, pauseMs, textOf } from './sample.ts';
import { SideFields, type SideFieldsView } from './side-fields.ts';
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
export interface StoreView extends SideFieldsView {
  readonly record: number;
  readonly rule: number | undefined;
  readonly chosen: { readonly side: Side; readonly id: string } | undefined;
  readonly tableFilter: string;
}

export interface MapLink extends Api<MapHost> {
  openText(pointer?: string): unknown;
  openFile(path: string): unknown;
}

/** What the editor shows of a mapping. The document is the host's: an edit goes there and comes back as a new input. */
export class MapStore {
  input: MapInput | undefined;
  rules: readonly Rule[] = [];
  /** Required fields of the target that no rule writes. */
  missing: readonly string[] = [];
  private shownRules: readonly TableRow[] = [];
  readonly tableRows = allRows(() => this.shownRules);
  tableFilter = '';
  wires: readonly Wire[] = [];
  readonly fields: SideFields;
  readonly sample: MapSample;
  /** Whose lines are brought out. */
  chosen: { readonly side: Side; readonly id: string } | undefined;
  rule: number | undefined;
  /** Why the host refused an edit. */
  refusal: string | undefined;

  readonly link: MapLink;
  private readonly changed: () => void;
  private problems: Problems = { ofRule: new Map(), ofField: new Map(), ofSource: new Map() };
  private wanted: number | undefined;

  constructor(link: MapLink, changed: () => void) {
    this.link = link;
    this.changed = changed;
    this.fields = new SideFields(changed);
    this.sample = new MapSample(link, { input: () => this.input, answered: () => this.answered(), refused: (why) => { this.refusal = why; }, changed });
  }

  get view(): StoreView {
    const { rule, chosen, tableFilter } = this;
    return { record: this.sample.record, rule, chosen, tableFilter, ...this.fields.view };
  }

  set view(kept: StoreView) {
    this.sample.record = kept.record;
    this.rule = kept.rule !== undefined && this.rules[kept.rule] ? kept.rule : undefined;
    this.chosen = kept.chosen;
    this.fields.view = kept;
    this.filterTable(kept.tableFilter);
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
    if (isChanged || before.version !== input.version || before.workspace !== input.workspace || before.trusted !== input.trusted) this.sample.ask(before === undefined ? 0 : pauseMs);
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
      this.fields.active.target = rule.targetId;
      this.chosen = { side: 'target', id: rule.targetId };
    }
    this.changed();
  }

  selectField(side: Side, id: string): void {
    this.fields.active[side] = id;
    this.chosen = { side, id };
    this.rule = side === 'target' ? rulesOf(this.rules, 'target', id).at(-1)?.index : undefined;
    this.changed();
  }

  filterTable(text: string): void {
    this.tableFilter = text;
    this.shownRules = tableRows(this);
    this.changed();
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

  toneOf = (rule: number): Tone => worst(this.problemsAt(rule), this.sample.trial?.fields.some(({ rule: index, error }) => index === rule && error !== undefined) === true);

  /** What a field of a side holds in the record that is tried. */
  values(side: Side, field: FieldNode): readonly unknown[] {
    const { trial } = this.sample;
    if (!trial) return [];
    if (side === 'source') return valuesAt(trial.input, field.keys);
    if (trial.output !== undefined) return valuesAt(trial.output, field.keys);
    const rule = rulesOf(this.rules, 'target', field.id).at(-1);
    return trial.fields.find(({ rule: index }) => index === rule?.index)?.values ?? [];
  }

  failureOf(rule: number): string | undefined {
    return this.sample.trial?.fields.find(({ rule: index }) => index === rule)?.error?.message;
  }

  private forget(): void {
    this.sample.forget();
    this.fields.forget();
    this.rule = this.chosen = undefined;
    this.tableFilter = '';
  }

  private answered(): void {
    this.grow();
    this.judge();
    this.changed();
  }

  /** The trees of what is known now. */
  private grow(): void {
    const { look, trial } = this.sample;
    const written = look?.lineage.targets ?? [];
    const ofOthers = written.filter(({ rules }) => rules.some(({ rule }) => rule === undefined)).map(({ path }) => path);
    const readByOthers = written.flatMap(({ rules }) => rules.filter(({ rule }) => rule === undefined).flatMap(({ sources }) => sources));
    this.fields.grow({
      source: { schema: look?.source.schema, sample: trial?.input, paths: [...this.rules.flatMap(({ from }) => from), ...readByOthers] },
      target: { schema: look?.target.schema, paths: [...this.rules.flatMap(({ to }) => (to === '' ? [] : [to])), ...ofOthers] },
    });
  }

  private judge(): void {
    const { look, trial } = this.sample;
    this.problems = findProblems(this.input, look, trial, this.rules);
    this.missing = (look?.findings ?? []).flatMap(({ kind, target }) => (kind === 'missing-target' ? [fieldId(target)] : []));
    this.shownRules = tableRows(this);
    this.wires = wiresOf(this.rules, look?.lineage, this.toneOf);
  }
}
