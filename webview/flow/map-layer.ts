import { html, nothing, type TemplateResult } from 'lit';
import { findPlugin } from '../../server/model/catalog.ts';
import { pointerOf } from '../../server/model/json.ts';
import { MapEditor, type MapViewState } from '../map/editor.ts';
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
  private lastRun: string | undefined;

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
    this.editor ??= this.makeEditor();
    this.feed();
    if (view) this.editor.viewState = view;
    this.editor.store.ask();
    this.changed();
    void this.editor.updateComplete.then(() => this.editor?.focusMain());
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
    if (this.step !== undefined) this.editor?.command(name);
  }

  /** The last payload may be another now. */
  setRun(run: FlowRun | undefined): void {
    const key = run && isFinal(run.status) ? run.id : undefined;
    if (this.step !== undefined && key !== undefined && key !== this.lastRun) this.editor?.store.ask();
    this.lastRun = key;
  }

  get state(): MapLayerState | undefined {
    return this.step === undefined || !this.editor ? undefined : { step: this.step, view: this.editor.viewState };
  }

  render(): TemplateResult | typeof nothing {
    if (this.step === undefined) return nothing;
    this.feed();
    return html`<div class="map-layer">${this.editor}</div>`;
  }

  private makeEditor(): MapEditor {
    // The port's proxy is passed on as it is: it answers any method.
    const editor = new MapEditor(this.host);
    editor.onBack = () => void this.close();
    editor.onRun = () => void this.host.run({});
    editor.onViewChange = this.viewed;
    return editor;
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
