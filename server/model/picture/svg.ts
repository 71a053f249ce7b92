import { labelPoint, pathOf } from './routing.ts';
import { portPoint, type Scene, type SceneEdge, type SceneNode } from './scene.ts';

const margin = 24;
/** Room below the picture for its title. */
const titleRoom = 28;

/**
 * The picture of a flow as an SVG document that stands alone: readable on light and dark grounds, in any viewer, without scripts or other files. `counts`: payloads
 * that have passed a port, by step and port.
 */
export function svgOf(scene: Scene, { title, counts = {} }: { readonly title: string; readonly counts?: Readonly<Record<string, Readonly<Record<string, number>>>> }): string {
  const { x, y, width, height } = scene.bounds;
  const box = { x: x - margin, y: y - margin, width: Math.max(width, 200) + 2 * margin, height: Math.max(height, 40) + 2 * margin + titleRoom };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.x} ${box.y} ${box.width} ${box.height}" width="${box.width}" height="${box.height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>.g{fill:#fff}.n{fill:#fff;stroke:#5b6b7b}.n.off{stroke-dasharray:5 4;opacity:.65}.n.unknown{stroke:#9a6700}.t{fill:#1b1f24;font-weight:600}.s{fill:#57606a}.p{fill:#57606a;font-size:11px;text-anchor:end}.e{fill:none;stroke:#5b6b7b;stroke-width:1.5}.e.error{stroke:#b3261e;stroke-dasharray:5 4}.a{fill:none;stroke:#5b6b7b;stroke-width:1.5}.c{fill:#1b1f24;font-size:11px;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}@media (prefers-color-scheme:dark){.g{fill:#1b1f24}.n{fill:#24292f;stroke:#8c959f}.n.unknown{stroke:#d4a72c}.t,.c{fill:#f0f3f6}.s,.p{fill:#b1bac4}.e,.a{stroke:#8c959f}.e.error{stroke:#ff7b72}.c{stroke:#1b1f24}}</style>`,
    `<rect class="g" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"/>`,
    ...[...scene.edges.values()].map((edge) => edgeText(edge, counts[edge.from]?.[edge.port])),
    ...[...scene.nodes.values()].map(nodeText),
    `<text class="s" x="${box.x + margin}" y="${box.y + box.height - 14}">${escaped(title)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function edgeText({ points, isError }: SceneEdge, count: number | undefined): string {
  const { x, y } = points.at(-1)!;
  const label = labelPoint(points);
  const text = count === undefined ? '' : `<text class="c" x="${label.x}" y="${label.y + 4}">${count.toLocaleString('en-US')}</text>`;
  return `<path class="e${isError ? ' error' : ''}" d="${pathOf(points)}"/><path class="a" d="M${x - 6} ${y - 4}L${x - 1} ${y}L${x - 6} ${y + 4}"/>${text}`;
}

function nodeText(node: SceneNode): string {
  const { x, y, width, height, title, summary, type, disabled, unknown, kind, ports } = node;
  const isSmall = kind !== 'step';
  const look = `n${disabled ? ' off' : ''}${unknown ? ' unknown' : ''}`;
  const lines = isSmall ? [[title, 16], [summary || type, 31]] as const : [[title, 24], [summary || type, 41]] as const;
  const named = ports.length > 1 ? ports.map((port) => `<text class="p" x="${portPoint(node, port).x - 8}" y="${portPoint(node, port).y + 4}">${escaped(shortened(port.name, width / 2))}</text>`) : [];
  return `<g><title>${escaped(`${title}: ${type}${disabled ? ', skipped' : ''}`)}</title><rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${isSmall ? height / 2 : 6}"/>${
    lines.map(([text, down], index) => `<text class="${index === 0 ? 't' : 's'}" x="${x + 14}" y="${y + down}">${escaped(shortened(text, width - 28))}</text>`).join('')}${named.join('')}</g>`;
}

/** As much of a text as has room; letters are about 6.6 wide. */
const shortened = (text: string, width: number): string => ([...text].length * 6.6 <= width ? text : `${[...text].slice(0, Math.max(1, Math.floor(width / 6.6) - 1)).join('')}…`);

const escaped = (text: string): string => text.toWellFormed().replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
