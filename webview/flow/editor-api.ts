import type { Point } from '../../server/model/picture/geometry.ts';
import type { FlowCommand, FlowDebug, FlowRun, FlowView } from '../protocol/flow.ts';
import type { MapCommand } from '../protocol/map.ts';
import { formatNumber } from '../shared/format.ts';
import { runCommand } from './actions.ts';
import { addRows } from './add-actions.ts';
import type { MapLayer } from './map-layer.ts';
import type { Stage } from './stage.ts';

/** What the host's calls work on. */
export interface CalledEditor extends Stage {
  readonly map: MapLayer;
  readonly updateComplete: Promise<boolean>;
  singleKeys: boolean;
}

/** What the host calls. */
export function flowView(editor: CalledEditor): FlowView {
  const { store } = editor;
  let lastStatus: string | undefined;
  return {
    document: (document) => store.setDocument(document),
    catalog: (plugins, workspace) => store.setCatalog(plugins ? { plugins } : store.catalog, workspace),
    diagnostics: (diagnostics) => store.setDiagnostics(diagnostics),
    run: (run) => {
      store.setRun(run);
      const status = run && `${run.id} ${run.status}`;
      if (status !== lastStatus && run && run.status !== 'queued') editor.announce(runText(run));
      lastStatus = status;
      editor.map.setRun(run);
    },
    debug: (debug) => showDebug(editor, debug),
    coverage: (coverage) => store.setCoverage(coverage),
    command: (name, at) => command(editor, name, at),
    mapCommand: (name) => mapCommand(editor, name),
    add: (rows) => { if (editor.map.step === undefined || editor.map.close()) void editor.updateComplete.then(() => addRows(editor, rows)); },
    singleKeys: (isOn) => { editor.singleKeys = editor.map.singleKeys = isOn; },
    select: (step) => reveal(editor, step),
  };
}

function command(editor: CalledEditor, name: FlowCommand, at?: Point): void {
  const { step } = editor.map;
  if (step === undefined) void runCommand(editor, name, at);
  else if (name === 'add' || name === 'find' || name === 'duplicate' || name === 'help') editor.map.command(name);
  else if (name === 'breakpoint') void editor.host.breakpoint(step);
  else if (editor.map.close()) void editor.updateComplete.then(() => runCommand(editor, name));
}

function mapCommand(editor: CalledEditor, name: MapCommand): void {
  if (editor.map.step === undefined) editor.openMap();
  void editor.updateComplete.then(() => editor.map.command(name));
}

function reveal(editor: CalledEditor, step: string): void {
  if (editor.map.step !== step) editor.map.close();
  editor.store.select([step], step);
  void editor.updateComplete.then(() => editor.canvas?.reveal(step));
}

/** The step where the debugger stands comes into view. */
function showDebug(editor: CalledEditor, debug: FlowDebug): void {
  const { store } = editor;
  const before = store.debug.stopped;
  store.setDebug(debug);
  if (debug.stopped === undefined || debug.stopped === before) return;
  const { stopped } = debug;
  editor.map.close();
  void editor.updateComplete.then(() => editor.canvas?.reveal(stopped));
  editor.announce(`The debugger stands at ${store.scene.nodes.get(stopped)?.title ?? stopped}.`);
}

function runText(run: FlowRun): string {
  const failed = Object.values(run.steps).reduce((sum, { failed }) => sum + failed, 0);
  if (run.status === 'running') return 'The run has started.';
  return `Run finished: ${run.status.replace('-', ' ')}${failed > 0 ? `, ${formatNumber(failed)} failed` : ''}.`;
}
