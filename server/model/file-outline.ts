import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { propertiesOf, valueOf } from './json-source.ts';
import { isObject } from './json.ts';
import type { FileKind } from './workspace.ts';

/** What a part of a file is. */
export type PartKind = 'trigger' | 'variable' | 'step' | 'port' | 'endpoint' | 'auth' | 'rule';

/** A part of a file, for an outline of its text. Offsets count from 0; the name stands within the whole. */
export interface FilePart {
  readonly kind: PartKind;
  readonly name: string;
  readonly detail: string;
  readonly from: number;
  readonly to: number;
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly children: readonly FilePart[];
}

/** The parts of a flow, a connector or a mapping in the order of the text, as far as it can be read; none for other files. */
export function fileOutline(kind: FileKind, text: string): readonly FilePart[] {
  const tree = parseTree(text);
  if (!tree) return [];
  const named = (key: string, part: PartKind, detail: (value: Fields) => string, children: (node: Node) => readonly FilePart[] = () => []): readonly FilePart[] =>
    entries(tree, [key]).map(({ name, key: at, value, node }) => titled(partOf(part, name, detail(fieldsOf(value)), node, at, children(value)), fieldsOf(value)['title']));
  const rulesOf = (node: Node, path: readonly string[]): readonly FilePart[] => (findNodeAtLocation(node, [...path])?.children ?? []).map((rule) => {
    const { to, from } = fieldsOf(rule);
    return partOf('rule', textOf(to) || 'rule', from === undefined ? '' : `← ${[from].flat().map(textOf).join(', ')}`, rule, rule, []);
  });
  const parts = {
    flow: () => [
      ...named('triggers', 'trigger', ({ trigger }) => textOf(trigger)), ...named('variables', 'variable', ({ type }) => textOf(type)),
      ...named('steps', 'step', ({ shape }) => textOf(shape), (step) => [
        ...rulesOf(step, ['settings', 'rules']), ...entries(step, ['next']).map(({ name, key, value, node }) => partOf('port', name, `→ ${String(value.value)}`, node, key, [])),
      ].toSorted((one, other) => one.from - other.from)),
    ],
    connector: () => [...named('auth', 'auth', ({ type }) => textOf(type)), ...named('endpoints', 'endpoint', ({ method, path, operation, title }) => [textOf(method), textOf(path ?? operation ?? title)].filter(Boolean).join(' '))],
    map: () => rulesOf(tree, ['rules']),
  };
  return kind === 'flow' || kind === 'connector' || kind === 'map' ? parts[kind]().toSorted((one, other) => one.from - other.from) : [];
}

type Fields = Readonly<Record<string, unknown>>;

const entries = (node: Node, path: readonly string[]): ReturnType<typeof propertiesOf> => { const found = findNodeAtLocation(node, [...path]); return found?.type === 'object' ? propertiesOf(found) : []; };
const fieldsOf = (node: Node): Fields => { const value = valueOf(node); return isObject(value) ? value : {}; };
const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));

/** What has a title is named by it, and its key comes behind: VS Code's JSON tells keys itself. */
const titled = (part: FilePart, title: unknown): FilePart => (typeof title === 'string' && title !== '' && part.kind === 'step' ? { ...part, name: title, detail: [part.detail, part.name].filter(Boolean).join(' · ') } : part);

const partOf = (kind: PartKind, name: string, detail: string, whole: Node, key: Node, children: readonly FilePart[]): FilePart =>
  ({ kind, name, detail, from: whole.offset, to: whole.offset + whole.length, nameFrom: key.offset, nameTo: key.offset + key.length, children });
