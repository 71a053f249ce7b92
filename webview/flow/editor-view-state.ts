import type { Camera } from './camera.ts';
import type { FlowCanvas } from './canvas.ts';
import type { InspectorTab } from './inspector.ts';
import type { MapLayerState } from './map-layer.ts';
import type { NoteEditing } from './mark-view.ts';
import type { FlowStore } from './store.ts';

/** What is kept of the view while its tab is hidden. */
export interface FlowViewState {
  readonly camera: Camera;
  readonly selected: readonly string[];
  readonly current?: string | undefined;
  readonly tab: InspectorTab;
  readonly open: boolean;
  readonly width: number;
  readonly minimap: boolean;
  /** Half-typed fields, by place. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly map?: MapLayerState | undefined;
  readonly editing?: NoteEditing | undefined;
  /** Where the debugger stood. */
  readonly stopped?: string | undefined;
}

/** Shows the whole flow where it can be read so; else its beginning. */
export function showStart(canvas: FlowCanvas, { scene }: FlowStore): void {
  canvas.fit();
  if (canvas.camera.zoom >= 0.6) return;
  const { bounds } = scene;
  const first = scene.nodes.get(scene.start ?? '') ?? [...scene.nodes.values()][0];
  const zoom = 0.9;
  canvas.camera = { x: 40 - bounds.x * zoom, y: canvas.viewSize.height / 2 - ((first?.y ?? 0) + 30) * zoom, zoom };
}
