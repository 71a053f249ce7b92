import type { Catalog } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { Flow } from '../../server/model/flow.ts';
import { isSame } from '../../server/model/json.ts';
import type { FlowCovered, FlowDebug, FlowDocument, FlowHost, FlowRun, FlowWorkspace } from '../protocol/flow.ts';
import type { Api } from '../protocol/rpc.ts';
import { isPaused } from './describe.ts';
import { changedIds } from './difference.ts';
import { readFlowText, type FlowProblem } from './document.ts';
import type { Edit } from './edit.ts';
import { groupNode, noteNode } from '../../server/model/picture/marks.ts';
import { buildScene, emptyScene, triggerNode, type Scene } from '../../server/model/picture/scene.ts';

const emptyFlow: Flow = { version: 1, steps: {} };

/** What the editor shows. The document is the host's: an edit goes there and comes back as a new document. */
export class FlowStore {
  document: FlowDocument = { text: '', version: 0, file: '', readOnly: true };
  /** The last text that could be read. */
  flow: Flow = emptyFlow;
  problem: FlowProblem | undefined;
  catalog: Catalog = { plugins: [] };
  workspace: FlowWorkspace | undefined;
  diagnostics: readonly Diagnostic[] = [];
  /** Node → what is wrong with it. */
  findings: ReadonlyMap<string, readonly Diagnostic[]> = new Map();
  run: FlowRun | undefined;
  debug: FlowDebug = { breakpoints: {} };
  coverage: FlowCovered | undefined;
  trusted = true;
  loaded = false;
  scene: Scene = emptyScene;
  selected: ReadonlySet<string> = new Set();
  /** The node that the keyboard is on. */
  current: string | undefined;
  /** Nodes that something else than this editor has changed. */
  flashing: ReadonlySet<string> = new Set();
  /** Why the host refused an edit. */
  refusal: string | undefined;

  private readonly host: Api<FlowHost>;
  private readonly changed: () => void;
  private editing = 0;
  private wanted: readonly string[] = [];
  private flashTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Api<FlowHost>, changed: () => void) {
    this.host = host;
    this.changed = changed;
  }

  /** The run that is shown stands still in the debugger. */
  get isPaused(): boolean {
    return isPaused(this.run, this.debug);
  }

  get readOnly(): boolean {
    return this.document.readOnly || this.problem !== undefined;
  }

  setCatalog(catalog: Catalog, workspace: FlowWorkspace): void {
    const isDrawn = this.loaded && isSame(this.catalog, catalog);
    this.catalog = catalog;
    this.workspace = workspace;
    if (isDrawn) this.changed();
    else this.draw();
  }

  setDocument(document: FlowDocument): void {
    // Documents are snapshots: one that is older than what is shown is of no use.
    if (this.loaded && (document.version < this.document.version || isSame(document, this.document))) return;
    const isOurs = this.editing > 0 || !this.loaded;
    const before = this.flow;
    const { flow, problem, guessed } = readFlowText(document.text);
    const isFirst = !this.loaded;
    this.document = document;
    this.problem = problem;
    this.loaded = true;
    if (flow && (isFirst || !guessed)) {
      this.flow = flow;
      this.draw();
      if (!isOurs) this.flash(changedIds(before, flow));
    }
    this.takeWanted();
    this.changed();
  }

  setDiagnostics(diagnostics: readonly Diagnostic[]): void {
    this.diagnostics = diagnostics;
    this.findings = byNode(diagnostics);
    this.changed();
  }

  setRun(run: FlowRun | undefined): void {
    this.run = run;
    this.changed();
  }

  setDebug(debug: FlowDebug): void {
    this.debug = debug;
    this.changed();
  }

  setCoverage(coverage: FlowCovered | undefined): void {
    this.coverage = coverage;
    this.changed();
  }

  select(ids: Iterable<string>, current?: string): void {
    this.selected = new Set([...ids].filter((id) => this.scene.nodes.has(id) || this.scene.edges.has(id)));
    if (current !== undefined && this.scene.nodes.has(current)) this.current = current;
    else if (this.selected.size === 1) {
      const [only] = this.selected;
      if (this.scene.nodes.has(only!)) this.current = only;
    }
    this.changed();
  }

  /** Whether a node shall come with the next document. */
  isWanted(id: string): boolean {
    return this.wanted.includes(id);
  }

  /** The one node that is selected. */
  get only(): string | undefined {
    const [id] = this.selected;
    return this.selected.size === 1 && this.scene.nodes.has(id!) ? id : undefined;
  }

  /** Gives one undo unit to the host. Says whether it was taken. */
  async edit({ changes, select = [] }: Edit): Promise<boolean> {
    if (changes.length === 0 || this.readOnly) return false;
    this.editing++;
    try {
      await this.host.edit(changes, this.document.version);
      this.refusal = undefined;
      this.wanted = select;
      this.takeWanted();
      return true;
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      // The document may come a moment after the answer.
      setTimeout(() => this.editing--, 50);
      this.changed();
    }
  }

  private draw(): void {
    this.scene = buildScene(this.flow, this.catalog);
    const kept = [...this.selected].filter((id) => this.scene.nodes.has(id) || this.scene.edges.has(id));
    if (kept.length !== this.selected.size) this.selected = new Set(kept);
    if (this.current !== undefined && !this.scene.nodes.has(this.current)) this.current = kept[0];
    this.changed();
  }

  private takeWanted(): void {
    if (this.wanted.length === 0 || !this.wanted.every((id) => this.scene.nodes.has(id))) return;
    const { wanted } = this;
    this.wanted = [];
    this.select(wanted, wanted[0]);
  }

  private flash(ids: readonly string[]): void {
    if (ids.length === 0 || ids.length > 50) return;
    this.flashing = new Set(ids);
    clearTimeout(this.flashTimer);
    this.flashTimer = setTimeout(() => {
      this.flashing = new Set();
      this.changed();
    }, 1_000);
  }
}

function byNode(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const [, kind, id] = diagnostic.path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const node = id === undefined ? undefined : kind === 'steps' ? id : kind === 'triggers' ? triggerNode(id) : kind === 'notes' ? noteNode(id) : kind === 'groups' ? groupNode(id) : undefined;
    if (node !== undefined) found.set(node, [...(found.get(node) ?? []), diagnostic]);
  }
  return found;
}
