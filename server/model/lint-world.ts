import { errors, type ErrorCode } from '../../plugins/sdk/index.ts';
import { findPlugin, type Catalog, type CatalogEntry } from './catalog.ts';
import type { ConnectorFile } from './connector.ts';
import type { Environment } from './environment.ts';
import type { Flow } from './flow.ts';
import type { InstanceFile } from './instance.ts';
import type { MapFile } from './map-file.ts';
import type { Finding } from './read.ts';
import { meantBy, suggestion } from './suggest.ts';
import type { TestRecording } from './test-file.ts';
import type { LookupGives } from './transform-output.ts';

/** What a file is checked against. A file that exists and cannot be read is there as `undefined`: it is not unknown, and nothing can be said about what is in it. */
export interface LintWorld {
  readonly catalog: Catalog;
  readonly connectors: Readonly<Record<string, ConnectorFile | undefined>>;
  readonly instances: Readonly<Record<string, InstanceFile | undefined>>;
  readonly environments: Readonly<Record<string, Environment | undefined>>;
  /** Paths relative to the root, such as `scripts/totals.ts`. */
  readonly scripts: readonly string[];
  /** Paths relative to the root, such as `schemas/order.json`. */
  readonly schemas: readonly string[];
  /** One of them, where it can be read. */
  readonly schemaOf?: (file: string) => object | undefined;
  /** Answers of a run that a test names, by their file, where it can be read. */
  readonly recordingOf?: (file: string) => Partial<TestRecording> | undefined;
  readonly lookups: readonly string[];
  /** What the transform `lookup` gives with its settings, where the file is small enough to be looked at. */
  readonly lookupGives?: LookupGives;
  readonly maps: Readonly<Record<string, MapFile | undefined>>;
  readonly flows: readonly string[];
  /** One of them, where it can be read. */
  readonly flowOf?: (id: string) => Flow | undefined;
  /** Notification groups of patchbay.json. */
  readonly groups: readonly string[];
  /** `patchbay.json` says under which address senders reach the runner. Without it, nothing is said about it. */
  readonly hasPublicUrl?: boolean;
  /** Without it, nothing is said about secrets that are missing. */
  readonly hasSecret?: (name: string) => boolean;
}

/** What checks share while they go through one file. */
export interface LintContext {
  readonly world: LintWorld;
  /** Ids of the steps, in a flow. */
  readonly steps?: readonly string[];
  /** The value of the file, in the current version. */
  readonly root?: unknown;
  readonly findings: Finding[];
  /** Gets the places that name something, where somebody looks for them. */
  readonly namings?: Naming[];
  /** Gets the pipes whose settings are known before a run and fit their schema. */
  readonly pipes?: ConstantPipe[];
}

/** A transform in an expression. */
export interface ConstantPipe {
  /** Of the text with the expression. */
  readonly pointer: string;
  readonly transform: string;
  readonly settings: object;
  /** In that text: the name of the transform, and its settings by their names. */
  readonly span: readonly [start: number, end: number];
  readonly spans: Readonly<Record<string, readonly [start: number, end: number]>>;
}

export type NamedKind = 'flow' | 'step' | 'port' | 'variable' | 'instance' | 'connector' | 'endpoint' | 'param' | 'auth' | 'environment' | 'script' | 'lookup' | 'map' | 'schema' | 'group' | 'plugin';

/** A place in a file that names something, and what it could name. */
export interface Naming {
  readonly kind: NamedKind;
  readonly name: string;
  readonly pointer: string;
  /** It is the key, not the value. */
  readonly key?: boolean;
  /** Of an endpoint, an auth method or a param the connector (of a param with its endpoint, behind a `/`); of a step, a port or a variable the flow, where that is another file; of a plugin its kind. */
  readonly owner?: string;
  readonly known: readonly string[];
}

export const report = ({ findings }: LintContext, code: ErrorCode, pointer: string, message: string, options: Partial<Pick<Finding, 'severity' | 'fix' | 'key' | 'span' | 'meant' | 'quickFixes'>> = {}): void =>
  void findings.push({ severity: 'error', ...options, code, pointer, message });

/** Reports what a place names where there is no such thing. Nothing is said of an empty name: the schema says that it is missing. */
export function checkName(context: LintContext, naming: Naming, code: ErrorCode, message: string, options: Partial<Pick<Finding, 'severity'>> = {}): boolean {
  context.namings?.push(naming);
  const { name, known, pointer, key } = naming;
  if (name === '' || known.includes(name)) return true;
  reportUnknown(context, code, pointer, message, name, known, { ...options, ...(key && { key }) });
  return false;
}

/** Reports a name that is none of those that there are, with the one that was probably meant. */
export function reportUnknown(context: LintContext, code: ErrorCode, pointer: string, message: string, given: string, names: readonly string[], options: Partial<Pick<Finding, 'severity' | 'key' | 'span'>> = {}): void {
  const found = suggestion(given, names);
  report(context, code, pointer, message, { ...options, ...(pointer !== '' && meantBy(given, names)), fix: found === undefined ? errors[code].fix : `${found} ${errors[code].fix}` });
}

/** The plugin of a slot. Reports at `pointer` where there is none. `words`: what it is called, such as `auth method`. */
export function findOrReport(context: LintContext, kind: string, words: string, type: unknown, pointer: string): CatalogEntry | undefined {
  if (typeof type !== 'string') return undefined;
  const entry = findPlugin(context.world.catalog, kind, type);
  // By another name that it has it is known as well.
  const known = [...context.world.catalog.plugins.filter((plugin) => plugin.kind === kind).map((plugin) => plugin.type), ...(entry && entry.type !== type ? [type] : [])];
  checkName(context, { kind: 'plugin', owner: kind, name: type, pointer, known }, 'CONFIG_UNKNOWN_PLUGIN', `There is no ${words} ${JSON.stringify(type)}.`);
  if (entry?.status === 'deprecated') report(context, 'CONFIG_INVALID', pointer, `The ${words} ${JSON.stringify(type)} is deprecated.`, { severity: 'info', fix: entry.summary });
  return entry;
}
