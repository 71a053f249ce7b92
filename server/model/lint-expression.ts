import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin } from './catalog.ts';
import { parseTemplate } from './expression-parser.ts';
import { childrenOf, type Argument, type Expression, type PathExpression, type Pipe } from './expression-syntax.ts';
import { checkDeadPath, pathOfExpression, type KnownValues } from './lint-paths.ts';
import { report, reportUnknown, type LintContext } from './lint-world.ts';
import { pathKeys } from './path.ts';
import { closest, meantBy, suggestion } from './suggest.ts';
import { checkSchema } from './validate.ts';

/** What expressions may say at a place. */
export interface Names {
  /** What an expression may begin with. */
  readonly roots: readonly string[];
  /** The names that there are below a root; without an entry they cannot be known. */
  readonly known?: Readonly<Record<string, KnownNames>>;
  /** What is known of the values. */
  readonly values?: () => KnownValues;
  /** Called for each name that is used below a root; without a name where all of them may be. */
  readonly used?: (root: string, name: string | undefined) => void;
}

export interface KnownNames {
  readonly names: ReadonlySet<string>;
  /** `warning` where a name may come from elsewhere. Nothing is said of warnings where `??` gives a default. */
  readonly severity: 'error' | 'warning';
  /** Sentence for a name that is not among them. */
  message(name: string): string;
  readonly fix: string;
}

/** Checks the expressions of a text: syntax, roots, names below them, paths into what is known, pipes with their settings. */
export function checkExpression(context: LintContext, names: Names, pointer: string, text: string): void {
  try {
    for (const part of parseTemplate(text).parts) if (part.kind === 'expression') checkPart({ context, names, pointer, text }, part.expression, false);
  } catch (error) {
    if (!FlowError.is(error, 'CONFIG_EXPRESSION')) throw error;
    const { start, end } = error.details as { start: number; end: number };
    report(context, 'CONFIG_EXPRESSION', pointer, error.message, { span: [start, end] });
  }
}

interface Place {
  readonly context: LintContext;
  readonly names: Names;
  readonly pointer: string;
  readonly text: string;
}

function checkPart(place: Place, part: Expression | Argument, hasDefault: boolean): void {
  switch (part.kind) {
    case 'path': return checkPathPart(place, part, hasDefault);
    case 'pipe':
      checkPart(place, part.input, hasDefault);
      for (const setting of Object.values(part.settings)) checkPart(place, setting, false);
      return checkPipe(place, part);
    case 'default':
      checkPart(place, part.value, true);
      return checkPart(place, part.fallback, hasDefault);
    default:
      for (const child of childrenOf(part)) checkPart(place, child, hasDefault || asksForNull(part));
  }
}

/** The one question that a missing value can answer. */
const asksForNull = (part: Expression | Argument): boolean => part.kind === 'binary' && (part.operator === '==' || part.operator === '!=') && [part.left, part.right].some((side) => side.kind === 'literal' && side.value === null);

function checkPathPart({ context, names: { roots, known, used, values }, pointer, text }: Place, part: PathExpression, hasDefault: boolean): void {
  const span = [part.start, part.start + part.root.length] as const;
  if (!roots.includes(part.root)) {
    const isFile = part.root === 'file' && roots.includes('meta');
    const fix = isFile ? 'What a file is called stands in the metadata of its payload: {{ meta["file.name"] }}, "file.path", "file.size", "file.modifiedAt".' : suggestion(part.root, roots);
    report(context, 'CONFIG_EXPRESSION', pointer, `${JSON.stringify(part.root)} is nothing that an expression may begin with here.`, { span, ...(fix !== undefined && { fix }), ...(!isFile && meantBy(part.root, roots)) });
    return;
  }
  if (part.root === 'payload' && part.path !== '' && values) {
    const path = pathOfExpression(text, part, hasDefault);
    if (path) checkDeadPath(context, pointer, values().payload, path);
  }
  const name = firstName(part.path);
  used?.(part.root, name);
  const group = known?.[part.root];
  if (name === undefined || !group || group.names.has(name) || (hasDefault && group.severity === 'warning')) return;
  const fix = suggestion(name, [...group.names]);
  const meant = closest(name, group.names);
  // What is marked is the whole path.
  const written = text.slice(part.start, part.end);
  const mended = meant !== undefined && /^[A-Za-z_]\w*$/.test(meant) ? part.root + written.slice(part.root.length).replace(name, meant) : undefined;
  report(context, 'CONFIG_EXPRESSION', pointer, group.message(name), { severity: group.severity, span: [part.start, part.end], fix: fix === undefined ? group.fix : `${fix} ${group.fix}`, ...(mended !== undefined && { meant: mended }) });
}

function firstName(path: string): string | undefined {
  const plain = /^\.([A-Za-z_]\w*)(?![-\w])/.exec(path);
  if (plain) return plain[1];
  try {
    const [key] = pathKeys(`$${path}`) ?? [];
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}

function checkPipe({ context, pointer }: Place, { transform, name, settings }: Pipe): void {
  const { catalog } = context.world;
  const entry = findPlugin(catalog, 'transform', transform);
  const span = [name.start, name.end] as const;
  if (!entry) {
    const names = catalog.plugins.filter(({ kind }) => kind === 'transform').map(({ type }) => type);
    return reportUnknown(context, 'CONFIG_UNKNOWN_PLUGIN', pointer, `There is no transform ${JSON.stringify(transform)}.`, transform, names, { span });
  }
  if (entry.column) return report(context, 'CONFIG_EXPRESSION', pointer, `The transform ${JSON.stringify(transform)} works on many values at once: it can only stand in a rule of a map.`, { span, fix: 'Write a rule of a map with it, in a step before this one.' });
  const value = literal({ kind: 'object', entries: settings, start: name.end, end: name.end });
  if (value === undefined) return;
  const [fault] = checkSchema(entry.settings, value);
  if (fault) return report(context, 'CONFIG_EXPRESSION', pointer, `The settings of the transform ${JSON.stringify(transform)} are not valid: ${fault.message}`, { span, ...(fault.fix !== undefined && { fix: fault.fix }) });
  const spans = Object.fromEntries(Object.entries(settings).map(([key, { start, end }]) => [key, [start, end] as const]));
  context.pipes?.push({ pointer, transform, settings: value as object, span, spans });
}

/** The value of an argument without paths; `undefined` where it has some. */
function literal(argument: Argument): unknown {
  if (argument.kind === 'literal') return argument.value;
  if (argument.kind === 'path') return undefined;
  if (argument.kind === 'list') {
    const items = argument.items.map(literal);
    return items.includes(undefined) ? undefined : items;
  }
  const entries = Object.entries(argument.entries).map(([name, value]) => [name, literal(value)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}
