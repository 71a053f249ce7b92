import { FlowError, quotesOpen, quoteWords, readPlace, type Quoting } from '../../plugins/sdk/index.ts';
import type { CatalogEntry } from './catalog.ts';
import { escapePointer, isObject } from './json.ts';
import { parseTemplate } from './expression-parser.ts';
import { checkExpression, type Names } from './lint-expression.ts';
import { checkReference, checkReferences } from './lint-references.ts';
import { barePath, checkDeadPath } from './lint-paths.ts';
import { report, type LintContext } from './lint-world.ts';
import { namedRoots } from './expression-roots.ts';
import { compilePath } from './path.ts';
import { fieldSchema, itemSchema } from './schema-walk.ts';
import { misnamedSecret, reportMisnamed } from './lint-secrets.ts';
import { secretVariable, settingSecret } from './secret-variable.ts';
import { checkSchema } from './validate.ts';

export interface SettingsPlace {
  readonly pointer: string;
  readonly names: Names;
  /** Where the settings would stand, where they do not stand: what is missing is marked there. */
  readonly owner?: string;
  /** Names of fields that may be missing here, since another file gives them. */
  readonly given?: ReadonlySet<string>;
}

/** Checks the settings of a plugin: against its schema, and what its annotations say of paths, expressions, secrets and references. */
export function checkSettings(context: LintContext, entry: CatalogEntry, settings: unknown, place: SettingsPlace): void {
  const { $version, ...rest } = isObject(settings) ? settings : {};
  // Settings of an older version are migrated by the plugin, which is not here.
  if (typeof $version === 'number' && $version < (entry.version ?? 1)) return;
  checkAgainst(context, entry.settings, $version === undefined ? (settings ?? {}) : rest, place);
}

/** The same for any schema with annotations, such as that of credentials. */
export function checkAgainst(context: LintContext, schema: object, value: unknown, { pointer, names, owner, given }: SettingsPlace): void {
  const settled = new Set<string>();
  walk({ context, names, settled, isPlugin: true }, schema, value, pointer, {});
  for (const finding of checkSchema(schema, value, pointer)) {
    const { missing, ...own } = finding;
    if (isSettled(settled, own.pointer) || (missing !== undefined && given?.has(missing))) continue;
    context.findings.push(own.pointer === pointer && owner !== undefined ? { ...own, pointer: owner } : own);
  }
}

/** Only what annotations say: expressions, paths, secrets. For the parts of a file whose structure was checked with the file. */
export function checkAnnotations(context: LintContext, schema: object, value: unknown, { pointer, names }: SettingsPlace): void {
  walk({ context, names, settled: new Set(), isPlugin: false }, schema, value, pointer, {});
}

export const isSecretRef = (value: unknown): value is { readonly $secret: string } => isObject(value) && typeof value['$secret'] === 'string' && Object.keys(value).length === 1;

export interface Walk {
  readonly context: LintContext;
  readonly names: Names;
  /** Places about which the schema need not be asked: expressions, secrets by name. */
  readonly settled: Set<string>;
  readonly isPlugin: boolean;
}

export interface Inherited {
  readonly isTemplate?: boolean;
  readonly path?: unknown;
}

/** Goes through a value with its schema. */
export function walk(job: Walk, schema: object, value: unknown, pointer: string, inherited: Inherited): void {
  const own = schema as Readonly<Record<string, unknown>>;
  // Such as settings of a pagination that are resolved for each page, which know the page as well.
  const roots = typeof own['x-expression'] === 'string' ? namedRoots[own['x-expression']] : undefined;
  if (roots) job = { ...job, names: { ...job.names, roots } };
  if (own['x-expression'] === 'bound') job = { ...job, names: { ...job.names, roots: [...job.names.roots, 'record'] } };
  const isTemplate = inherited.isTemplate || own['x-expression'] === true || own['x-expression'] === 'bound' || roots !== undefined;
  const misnamed = own['type'] === undefined ? undefined : misnamedSecret(value, own['writeOnly'] === true);
  if (misnamed !== undefined) {
    job.settled.add(pointer);
    return reportMisnamed(job.context, `${pointer}/${escapePointer(misnamed)}`);
  }
  if (isSecretRef(value)) return checkSecret(job, value.$secret, pointer);
  if (own['writeOnly'] === true && value !== undefined && !isObject(value)) {
    job.settled.add(pointer);
    return report(job.context, 'CONFIG_SECRET_LITERAL', pointer, `${name(pointer)} is secret and must not stand in a file.`);
  }
  if (typeof value === 'string') return checkText(job, own, value, pointer, { isTemplate, path: own['x-path'] ?? inherited.path });
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'string') checkReference(job.context, itemSchema(schema, index), item, `${pointer}/${index}`);
      walk(job, itemSchema(schema, index), item, `${pointer}/${index}`, { isTemplate, path: own['x-path'] ?? inherited.path });
    }
  } else if (isObject(value)) {
    const done = checkReferences(job, schema, value, pointer, { walk, checkSettings });
    for (const [key, field] of Object.entries(value)) {
      if (!done.has(key)) walk(job, fieldSchema(schema, key), field, `${pointer}/${escapePointer(key)}`, { isTemplate });
    }
  }
}

function isSettled(settled: ReadonlySet<string>, pointer: string): boolean {
  for (let place = pointer; ; place = place.slice(0, place.lastIndexOf('/'))) {
    if (settled.has(place)) return true;
    if (place === '') return false;
  }
}

function checkSecret({ context, settled }: Walk, secret: string, pointer: string): void {
  settled.add(pointer);
  if (context.world.hasSecret?.(secret) === false) report(context, 'SECRET_MISSING', `${pointer}/$secret`, `The secret ${JSON.stringify(secret)} is not set.`, { severity: 'warning', fix: `Set it with \`${settingSecret(secret)}\`, or in the environment variable ${secretVariable(secret)}.` });
}

function checkText({ context, names, settled, isPlugin }: Walk, schema: Readonly<Record<string, unknown>>, text: string, pointer: string, { isTemplate, path }: Inherited): void {
  if (text.includes('{{')) {
    if (isTemplate) {
      settled.add(pointer);
      checkExpression(context, names, pointer, text);
      if (isObject(schema['x-quotes'])) checkQuotes(context, schema['x-quotes'] as unknown as Quoting, text, pointer);
      return;
    }
    if (isPlugin && schema['type'] === 'string' && !isCode(schema)) report(context, 'CONFIG_EXPRESSION', pointer, `Expressions are not evaluated in ${name(pointer)}: the braces stay as they are.`, { severity: 'warning', fix: 'Write the value itself, or use a field that takes expressions.' });
  }
  if (path === 'target') checkTarget(context, text, pointer);
  else if (path !== undefined && checkPath(context, text, pointer)) {
    const type = path === 'payload' || path === 'record' ? names.values?.().paths[path] : undefined;
    const written = type && barePath(text, path === 'record' ? 'the record' : 'the payload');
    if (written) checkDeadPath(context, pointer, type, written);
  }
}

/** A value that is bound means nothing within quotes and comments. */
function checkQuotes(context: LintContext, quoting: Quoting, text: string, pointer: string): void {
  let before = '';
  try {
    for (const part of parseTemplate(text).parts) {
      const open = part.kind === 'text' ? undefined : quotesOpen(before, quoting);
      if (part.kind === 'text') before = part.text;
      if (part.kind === 'text' || open === undefined) continue;
      return report(context, 'CONFIG_INVALID', pointer, `An expression stands within ${quoteWords(open)}: its value is bound, and there it would be lost.`, { span: [part.start, part.end], fix: 'Write it outside of quotation marks and comments, since it is bound as a parameter: name = {{ params.name }}.' });
    }
  } catch (error) {
    // Said already.
    if (!FlowError.is(error, 'CONFIG_EXPRESSION')) throw error;
  }
}

const isCode = (schema: Readonly<Record<string, unknown>>): boolean => isObject(schema['x-ui']) && (schema['x-ui']['widget'] === 'code' || schema['x-ui']['widget'] === 'textarea');

function checkPath(context: LintContext, query: string, pointer: string): boolean {
  try {
    compilePath(query);
    return true;
  } catch (error) {
    if (!FlowError.is(error, 'CONFIG_PATH')) throw error;
    const position = Number(error.details['position'] ?? 0);
    report(context, 'CONFIG_PATH', pointer, error.message, { span: [Math.max(0, Math.min(position, query.length - 1)), Math.max(1, Math.min(position + 1, query.length))] });
    return false;
  }
}

/** A place to write to: names, indexes and `[*]`. */
function checkTarget(context: LintContext, query: string, pointer: string): void {
  const { steps, end } = readPlace(query);
  const unsafe = steps.find(({ key }) => key === '__proto__' || key === 'constructor' || key === 'prototype');
  if (!unsafe && end === query.length) return;
  const problem = unsafe ? `"${unsafe.key}" cannot be written` : `it cannot be read at ${JSON.stringify(query.slice(end))}`;
  report(context, 'CONFIG_PATH', pointer, `The target ${JSON.stringify(query)} is not a place to write to: ${problem}.`, { span: unsafe ? [unsafe.start, unsafe.end] : [end, query.length], fix: 'Use names, indexes and [*].' });
}

const name = (pointer: string): string => JSON.stringify(pointer.slice(pointer.lastIndexOf('/') + 1).replaceAll('~1', '/').replaceAll('~0', '~'));
