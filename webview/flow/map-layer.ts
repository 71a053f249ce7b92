import { html, nothing, type TemplateResult } from 'lit';
import { findPlugin } from '../../server/model/catalog.ts';
import { pointerOf } from '../../server/model/json.ts';
import type { MapEditor, MapViewState } from '../map/editor.ts';
import type { FlowHost, FlowRun } from '../protocol/flow.ts';
import type { MapCommand } from '../protocol/map.ts';
import type { Api } from '../protocol/rpc.ts';
import { isFinal } from '../shared/format.ts';
import type { FlowStore } from './store.ts';

/** What is kept of a mapping that is open over its flow. */
export interface MapLayerState {
  readonly step: string;
  readonly view: MapViewState;
}

/** The mapping of a map step, opened over its flow. */
export class MapLayer {
  step: string | undefined;
  private readonly host: Api<FlowHost>;
  private readonly store: FlowStore;
  private readonly changed: () => void;
  private readonly closed: (step: string) => void;
  private readonly viewed: () => void;
  private editor: MapEditor | undefined;
  private loading: Promise<MapEditor> | undefined;
  /** How it was left, until the editor is there. */
  private kept: MapViewState | undefined;
  private lastRun: string | undefined;
  private areKeysSingle = true;

  constructor(host: Api<FlowHost>, store: FlowStore, on: { readonly change: () => void; readonly close: (step: string) => void; readonly view: () => void }) {
    this.host = host;
    this.store = store;
    this.changed = on.change;
    this.closed = on.close;
    this.viewed = on.view;
  }

  /** Whether the step has rules to be edited. */
  canOpen(step: string | undefined): step is string {
    const shape = step === undefined ? undefined : this.store.flow.steps[step]?.shape;
    return shape !== undefined && findPlugin(this.store.catalog, 'shape', shape)?.type === 'map';
  }

  open(step: string, view?: MapViewState): void {
    this.step = step;
    this.kept = view;
    this.changed();
    void this.show(step);
  }

  /** The step in front is left; says whether there was one. */
  close(): boolean {
    const { step } = this;
    if (step === undefined) return false;
    this.step = undefined;
    this.changed();
    this.closed(step);
    return true;
  }

  command(name: MapCommand): void {
    if (this.step !== undefined) void this.load().then((editor) => editor.command(name));
  }

  /** The last payload may be another now. */
  setRun(run: FlowRun | undefined): void {
    const key = run && isFinal(run.status) ? run.id : undefined;
    if (this.step !== undefined && key !== undefined && key !== this.lastRun) this.editor?.store.sample.ask();
    this.lastRun = key;
  }

  get state(): MapLayerState | undefined {
    const view = this.kept ?? this.editor?.viewState;
    return this.step === undefined || !view ? undefined : { step: this.step, view };
  }

  render(): TemplateResult | typeof nothing {
    if (this.step === undefined) return nothing;
    this.feed();
    return html`<div class="map-layer">${this.editor}</div>`;
  }

  private async show(step: string): Promise<void> {
    const editor = (this.editor = await this.load());
    // It may have been left, or another have been opened, while the editor was loaded.
    if (this.step !== step) return;
    this.feed();
    if (this.kept) editor.viewState = this.kept;
    this.kept = undefined;
    editor.store.sample.ask();
    this.changed();
    await editor.updateComplete;
    editor.focusMain();
  }

  private load(): Promise<MapEditor> {
    return (this.loading ??= this.makeEditor());
  }

  // A file of its own: most flows are looked at without any of their mappings.
  private async makeEditor(): Promise<MapEditor> {
    const { MapEditor } = await import('../map/editor.ts');
    // The port's proxy is passed on as it is: it answers any method.
    const editor = new MapEditor(this.host);
    editor.singleKeys = this.areKeysSingle;
    editor.onBack = () => void this.close();
    editor.onRun = () => void this.host.run({});
    editor.onViewChange = this.viewed;
    return editor;
  }

  /** Whether letters and signs alone are commands. */
  set singleKeys(isOn: boolean) {
    this.areKeysSingle = isOn;
    if (this.editor) this.editor.singleKeys = isOn;
  }

  private feed(): void {
    const { step, store, editor } = this;
    if (step === undefined || !editor) return;
    const { settings = {} } = store.flow.steps[step] ?? {};
    editor.input = {
      settings, version: store.document.version, pointer: pointerOf(['steps', step, 'settings']), step, title: store.scene.nodes.get(step)?.title ?? step, file: store.document.file,
      readOnly: store.readOnly, trusted: store.trusted, diagnostics: store.diagnostics, catalog: store.catalog, workspace: store.workspace,
    };
  }
}
