import { groupSize, isMark } from './marks.ts';
import { labelPoint, pathOf } from './routing.ts';
import { portPoint, type Scene, type SceneEdge, type SceneNode } from './scene.ts';

export type Mark = 'added' | 'removed' | 'changed';

const margin = 24;
/** Room below the picture for its title. */
const titleRoom = 28;

/**
 * The picture of a flow as an SVG document that stands alone: readable on light and dark grounds, in any viewer, without scripts or other files. `counts`: payloads
 * that have passed a port, by step and port. `marks`: nodes that are told from others, with a word for each.
 */
export function svgOf(scene: Scene, { title, counts = {}, marks = {} }: { readonly title: string; readonly counts?: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly marks?: Readonly<Record<string, Mark>> }): string {
  const { x, y, width, height } = scene.bounds;
  const nodes = [...scene.nodes.values()];
  const box = { x: x - margin, y: y - margin, width: Math.max(width, 200) + 2 * margin, height: Math.max(height, 40) + 2 * margin + titleRoom };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.x} ${box.y} ${box.width} ${box.height}" width="${box.width}" height="${box.height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>.g{fill:#fff}.n{fill:#fff;stroke:#5b6b7b}.n.off{stroke-dasharray:5 4;opacity:.65}.n.unknown{stroke:#9a6700}.n.added{stroke:#1a7f37;stroke-width:3}.n.removed{stroke:#b3261e;stroke-width:3;stroke-dasharray:5 4}.n.changed{stroke:#0969da;stroke-width:3}.m{fill:#1b1f24;font-size:11px;font-weight:600}.t{fill:#1b1f24;font-weight:600}.s{fill:#57606a}.p{fill:#57606a;font-size:11px;text-anchor:end}.f{fill:none;stroke:#8c959f}.k{fill:#fff8c5;stroke:#d4a72c}.w{fill:#1b1f24}.e{fill:none;stroke:#5b6b7b;stroke-width:1.5}.e.error{stroke:#b3261e;stroke-dasharray:5 4}.a{fill:none;stroke:#5b6b7b;stroke-width:1.5}.c{fill:#1b1f24;font-size:11px;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}@media (prefers-color-scheme:dark){.g{fill:#1b1f24}.n{fill:#24292f;stroke:#8c959f}.n.unknown{stroke:#d4a72c}.n.added{stroke:#3fb950}.n.removed{stroke:#ff7b72}.n.changed{stroke:#58a6ff}.f{stroke:#6e7681}.k{fill:#3b2e00;stroke:#9e6a03}.t,.c,.m,.w{fill:#f0f3f6}.s,.p{fill:#b1bac4}.e,.a{stroke:#8c959f}.e.error{stroke:#ff7b72}.c{stroke:#1b1f24}}</style>`,
    `<rect class="g" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"/>`,
    ...nodes.filter(({ kind }) => kind === 'group').map(groupText),
    ...[...scene.edges.values()].map((edge) => edgeText(edge, counts[edge.from]?.[edge.port])),
    ...nodes.filter((node) => !isMark(node)).map((node) => nodeText(node, Object.hasOwn(marks, node.id) ? marks[node.id] : undefined)),
    ...nodes.filter(({ kind }) => kind === 'note').map(noteText),
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

function nodeText(node: SceneNode, mark: Mark | undefined): string {
  const { x, y, width, height, title, summary, type, disabled, unknown, kind, ports } = node;
  const isSmall = kind !== 'step';
  const look = `n${disabled ? ' off' : ''}${unknown ? ' unknown' : ''}${mark === undefined ? '' : ` ${mark}`}`;
  const lines = isSmall ? [[title, 16], [summary || type, 31]] as const : [[title, 24], [summary || type, 41]] as const;
  const named = ports.length > 1 ? ports.map((port) => `<text class="p" x="${portPoint(node, port).x - 8}" y="${portPoint(node, port).y + 4}">${escaped(shortened(port.name, width / 2))}</text>`) : [];
  return `<g><title>${escaped(`${title}: ${type}${disabled ? ', skipped' : ''}`)}</title><rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${isSmall ? height / 2 : 6}"/>${
    lines.map(([text, down], index) => `<text class="${index === 0 ? 't' : 's'}" x="${x + 14}" y="${y + down}">${escaped(shortened(text, width - 28))}</text>`).join('')}${named.join('')}${mark === undefined ? '' : `<text class="m" x="${x + 4}" y="${y - 5}">${mark}</text>`}</g>`;
}

const groupText = ({ x, y, width, height, title }: SceneNode): string =>
  `<g><title>${escaped(title)}</title><rect class="f" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text class="t" x="${x + 12}" y="${y + groupSize.title - 8}">${escaped(shortened(title, width - 24))}</text></g>`;

function noteText({ x, y, width, height, summary }: SceneNode): string {
  const lines = wrapped(summary, Math.floor((width - 20) / 6.6), Math.max(1, Math.floor((height - 12) / 16)));
  return `<g><title>${escaped(summary)}</title><rect class="k" x="${x}" y="${y}" width="${width}" height="${height}" rx="2"/>${lines.map((line, index) => `<text class="w" x="${x + 10}" y="${y + 20 + index * 16}">${escaped(line)}</text>`).join('')}</g>`;
}

/** A text in lines of so many letters; what has no room in so many lines ends in dots. */
function wrapped(text: string, letters: number, most: number): string[] {
  const lines = text.trimEnd().split('\n').flatMap((paragraph) => paragraph.split(/\s+/).reduce<string[]>((made, word) => {
    const last = made.at(-1)!;
    if (last === '') return [...made.slice(0, -1), word];
    return [...last].length + 1 + [...word].length <= letters ? [...made.slice(0, -1), `${last} ${word}`] : [...made, word];
  }, ['']));
  const shown = lines.slice(0, most).map((line) => shortened(line, letters * 6.6));
  return lines.length > most ? [...shown.slice(0, -1), `${shown.at(-1)!.slice(0, Math.max(1, letters - 1))}…`] : shown;
}

/** As much of a text as has room; letters are about 6.6 wide. */
const shortened = (text: string, width: number): string => ([...text].length * 6.6 <= width ? text : `${[...text].slice(0, Math.max(1, Math.floor(width / 6.6) - 1)).join('')}…`);

const escaped = (text: string): string => text.toWellFormed().replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
