import type { Flow } from '../flow.ts';
import { isMark } from './marks.ts';
import { readingOrder, type Scene, type SceneNode } from './scene.ts';

/** A flow as a document: a diagram that readers of Markdown draw (Mermaid), and a table of its steps in their order, then the notes of the canvas and those of the steps. */
export function markdownOf(flow: Flow, scene: Scene, id: string): string {
  const all = readingOrder(scene).map((name) => scene.nodes.get(name)!);
  const nodes = all.filter((node) => !isMark(node));
  const steps = nodes.filter(({ kind }) => kind === 'step');
  const lines = [
    `# ${inline(flow.title ?? id)}`, '',
    ...(flow.description === undefined ? [] : [flow.description, '']),
    ...(nodes.length === 0 ? ['It has no steps yet.', ''] : ['```mermaid', 'flowchart LR', ...nodes.map(mermaidNode), ...all.flatMap(mermaidGroup), ...nodes.flatMap(mermaidLinks), '```', '']),
    ...(steps.length === 0 ? [] : ['| step | kind | what it does | leads to |', '|---|---|---|---|', ...steps.map((node) => `| ${[`**${inline(node.title)}** \`${node.id}\``, `${inline(node.type)}${node.disabled ? ', skipped' : ''}`, inline(node.summary), linksOf(scene, node)].join(' | ')} |`), '']),
    ...all.flatMap(({ note }) => (note === undefined || note.text.trim() === '' ? [] : [note.text.trim().split('\n').map((line) => `> ${line}`.trimEnd()).join('\n'), ''])),
    ...steps.flatMap(({ title, step }) => (step?.notes === undefined ? [] : [`**${inline(title)}:** ${step.notes}`, ''])),
  ];
  return lines.join('\n');
}

const linksOf = (scene: Scene, node: SceneNode): string => node.ports.flatMap(({ name, to }) => (to === undefined ? [] : [`${node.ports.length > 1 ? `${inline(name)}: ` : ''}${inline(scene.nodes.get(to)?.title ?? to)}`])).join('<br>');

/** Ids of steps may be words of Mermaid's own, such as `end`. */
const mermaidId = (id: string): string => `n_${id.replaceAll(/\W/g, (character) => `_${character.codePointAt(0)!.toString(16)}_`)}`;
const mermaidText = (text: string): string => `"${text.replaceAll('"', '#quot;').replaceAll(/[<>]/g, (character) => (character === '<' ? '#lt;' : '#gt;')).replaceAll(/\s+/g, ' ')}"`;
const mermaidNode = ({ id, title, kind }: SceneNode): string => `  ${mermaidId(id)}${kind === 'step' ? `[${mermaidText(title)}]` : `([${mermaidText(title)}])`}`;
const mermaidGroup = ({ id, title, members }: SceneNode): string[] => (members === undefined ? [] : [`  subgraph ${mermaidId(id)} [${mermaidText(title)}]`, ...members.map((step) => `    ${mermaidId(step)}`), '  end']);
const mermaidLinks = ({ id, ports }: SceneNode): string[] => ports.flatMap(({ name, to, isError }) => (to === undefined ? [] : [`  ${mermaidId(id)} ${isError ? '-.->' : '-->'}${ports.length > 1 ? `|${mermaidText(name)}|` : ''} ${mermaidId(to)}`]));

/** A text in a line of Markdown, as it is. */
const inline = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, String.raw`\$&`);
