import type { CatalogEntry } from './catalog.ts';
import { cell, code, inlineCode } from './markdown.ts';

/** What the plugins of a kind are called, in the order in which they are told. */
export const pluginHeadings = {
  connector: 'Connectors', shape: 'Shapes', transform: 'Transforms', pagination: 'Pagination', auth: 'Authentication', trigger: 'Triggers', converter: 'Converters', store: 'Stores', script: 'Script engines',
} as const;

/** What a plugin says of itself, as lines of Markdown: its settings in a table, and its examples. */
export function pluginPage(entry: CatalogEntry): string[] {
  const aliases = entry.aliases?.length ? ` Also called ${entry.aliases.map(code).join(', ')}.` : '';
  return [
    `### ${entry.title} \`${entry.type}\``, '', `${entry.summary}${aliases}${entry.status && entry.status !== 'stable' ? ` **${entry.status}**` : ''}`, '',
    ...(entry.description === undefined ? [] : [entry.description, '']),
    ...fieldTable('Setting', entry.settings), ...(entry.credentials === undefined ? [] : fieldTable('Credential', entry.credentials)),
    ...Object.entries(entry.endpoints ?? {}).flatMap(([name, { title, summary, direction, params }]) => [`**${title}** ${code(name)} (${direction}): ${summary}`, '', ...fieldTable('Parameter', params)]),
    ...entry.examples.flatMap(example),
  ];
}

interface Field {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
  readonly anyOf?: readonly Field[];
  readonly required?: readonly string[];
}

function fieldTable(heading: string, schema: object): string[] {
  const rows = fieldRows(schema as Field, '', []);
  return rows.length === 0 ? [] : [`| ${heading} | type | default | meaning |`, '|---|---|---|---|', ...rows, ''];
}

/** Fields of objects and of the items of lists stand below them. `around`: the objects that these lie in. */
function fieldRows(schema: Field, before: string, around: readonly Field[]): string[] {
  const within = [...around, schema];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const values = field.enum?.map((value, index) => code(value) + (field.enumDescriptions?.[index] ? ` ${field.enumDescriptions[index]}` : '')).join(' ') ?? '';
    const needed = schema.required?.includes(name) ? '*required*' : field.default === undefined ? '' : code(field.default);
    const meaning = [field.description ?? '', values, field.writeOnly ? '*secret*' : ''].filter(Boolean).join(' ');
    const below = field.items && !isAgain(field.items, within) ? fieldRows(field.items, `${before}${name}[].`, within) : [];
    return [`| ${code(before + name)} | ${typeOf(field)} | ${needed} | ${cell(meaning)} |`, ...fieldRows(field, `${before}${name}.`, within), ...below];
  });
}

const typeOf = (field: Field): string => field.type ?? (field.enum ? 'text' : field.anyOf?.every(({ type }) => type !== undefined) ? field.anyOf.map(({ type }) => type).join(' or ') : 'any');

/** A group of conditions in a group of conditions: but for what nests, they have the same fields. */
const isAgain = ({ properties = {} }: Field, around: readonly Field[]): boolean =>
  around.some((other) => Object.entries(properties).every(([name, field]) => field.items?.properties !== undefined || JSON.stringify(field) === JSON.stringify(other.properties?.[name])));

function example(entry: object): string[] {
  const { title, ...parts } = entry as { title: string } & Record<string, unknown>;
  const shown = Object.entries(parts).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(Object.fromEntries(shown));
  return [`- ${title}: ${text.length <= 400 ? inlineCode(text) : `\n\n  \`\`\`json\n  ${JSON.stringify(Object.fromEntries(shown), undefined, 2).replaceAll('\n', '\n  ')}\n  \`\`\``}`, ''];
}
