import { codicons } from '../shared/codicons.generated.ts';
import type { Camera } from './camera.ts';
import type { Rect } from '../../server/model/picture/geometry.ts';
import type { Scene, SceneNode } from '../../server/model/picture/scene.ts';

/** Colours of the theme as the painter needs them. */
export interface Palette {
  readonly background: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly quiet: string;
  readonly link: string;
  readonly error: string;
  readonly selected: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly font: string;
}

export interface PaintState {
  readonly selected: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** Boxes without icons and titles. */
  readonly plain?: boolean;
}

const groupNames = ['trigger', 'connect', 'logic', 'data', 'script', 'control', 'mark'];

/** Reads the tokens that the element sees. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const text = color('--vscode-foreground', '#808080');
  return {
    background: color('--vscode-editor-background', '#fff'),
    card: color('--vscode-editorWidget-background', '#eee'),
    border: color('--vscode-contrastBorder', '') || color('--vscode-editorWidget-border', text),
    text, quiet: color('--vscode-descriptionForeground', text),
    link: color('--vscode-contrastBorder', '') || color('--vscode-descriptionForeground', text),
    error: color('--vscode-problemsErrorIcon-foreground', '#c00'),
    selected: color('--vscode-focusBorder', '#08f'),
    groups: Object.fromEntries(groupNames.map((name) => [name, color(groupToken(name), text)])),
    font: style.fontFamily,
  };
}

/** The token with the colour of a group of shapes. */
export function groupToken(group: string): string {
  switch (group) {
    case 'trigger': return '--vscode-charts-green';
    case 'connect': return '--vscode-charts-blue';
    case 'logic': return '--vscode-charts-orange';
    case 'data': return '--vscode-charts-purple';
    case 'mark':
    case 'script': return '--vscode-charts-yellow';
    default: return '--vscode-charts-foreground';
  }
}

/** Paints the part of the scene that is in view: boxes and links, titles as long as they can be read. */
export function paintScene(context: CanvasRenderingContext2D, scene: Scene, nodes: readonly string[], edges: readonly string[], camera: Camera, palette: Palette, state: PaintState): void {
  const { zoom } = camera;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.7;
  for (const isError of [false, true]) {
    context.beginPath();
    context.setLineDash(isError ? [4, 3] : []);
    context.strokeStyle = isError ? palette.error : palette.link;
    for (const key of edges) {
      const edge = scene.edges.get(key);
      if (!edge || edge.isError !== isError) continue;
      for (const [index, { x, y }] of edge.points.entries()) context[index === 0 ? 'moveTo' : 'lineTo'](x * zoom + camera.x, y * zoom + camera.y);
    }
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  for (const id of nodes) {
    const node = scene.nodes.get(id);
    if (node?.kind === 'group') paintFrame(context, node, camera, palette, state);
  }
  for (const id of nodes) {
    const node = scene.nodes.get(id);
    if (node && node.kind !== 'group') paintNode(context, node, { x: node.x * zoom + camera.x, y: node.y * zoom + camera.y, width: node.width * zoom, height: node.height * zoom }, palette, state, zoom);
  }
}

function paintFrame(context: CanvasRenderingContext2D, { id, x, y, width, height, title }: SceneNode, { x: left, y: top, zoom }: Camera, palette: Palette, state: PaintState): void {
  context.strokeStyle = state.selected.has(id) ? palette.selected : palette.border;
  context.lineWidth = 1;
  context.strokeRect(x * zoom + left, y * zoom + top, width * zoom, height * zoom);
  if (state.plain) return;
  const size = Math.max(10, 12 * zoom);
  context.textBaseline = 'bottom';
  context.font = `600 ${size}px ${palette.font}`;
  context.fillStyle = palette.text;
  context.fillText(shorten(context, title, width * zoom), x * zoom + left + 2, y * zoom + top - 2);
}

function paintNode(context: CanvasRenderingContext2D, node: SceneNode, box: Rect, palette: Palette, state: PaintState, zoom: number): void {
  const isSelected = state.selected.has(node.id);
  const color = palette.groups[node.group] ?? palette.text;
  context.globalAlpha = node.disabled ? 0.5 : 1;
  context.fillStyle = palette.card;
  context.strokeStyle = isSelected ? palette.selected : state.failed.has(node.id) ? palette.error : palette.border;
  context.lineWidth = isSelected || state.failed.has(node.id) ? 2 : 1;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, Math.max(1, 6 * zoom));
  context.fill();
  context.stroke();
  context.fillStyle = color;
  if (zoom < 0.2 || state.plain) {
    context.fillRect(box.x, box.y, Math.max(2, 10 * zoom), box.height);
  } else {
    // Titles keep a size that can be read: there is room for fewer letters instead.
    const size = Math.max(9, 13 * zoom);
    const middle = box.y + box.height / 2;
    context.textBaseline = 'middle';
    context.font = `${size + 3}px codicon`;
    context.fillText(codicons[node.icon as keyof typeof codicons] ?? codicons['symbol-misc'], box.x + 6, middle);
    context.font = `${size}px ${palette.font}`;
    context.fillStyle = palette.text;
    context.fillText(shorten(context, node.title, box.width - size - 18), box.x + size + 13, middle);
  }
  context.globalAlpha = 1;
}

const widths = new Map<string, number>();

function shorten(context: CanvasRenderingContext2D, text: string, room: number): string {
  const letter = widths.get(context.font) ?? context.measureText('abcdefghijklmnopqrstuvwxyz').width / 26;
  widths.set(context.font, letter);
  const letters = Math.floor(room / letter);
  return text.length <= letters ? text : letters < 3 ? '' : `${text.slice(0, letters - 1)}…`;
}
