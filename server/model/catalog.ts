import type { DescribedEndpoint } from './protocol.ts';

/** What a plugin says of itself, without its functions: palette, forms, completion, lint and docs work from this. */
export interface CatalogEntry {
  readonly kind: string;
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly status?: string;
  readonly icon?: string;
  readonly version?: number;
  /** JSON Schema. */
  readonly settings: object;
  readonly examples: readonly object[];
  /** `built-in`, a file of the workspace, or an npm package. */
  readonly source: string;
  // Of shapes:
  readonly group?: string;
  readonly ports?: readonly string[] | { readonly each: string; readonly and?: readonly string[] };
  readonly catches?: string;
  readonly retries?: number;
  readonly timeoutMs?: number;
  // Of auth methods and connectors: schema of the credentials.
  readonly credentials?: object;
  // Of connectors:
  readonly endpoints?: Readonly<Record<string, DescribedEndpoint>>;
  // Of transforms:
  readonly takes?: readonly string[];
  readonly gives?: readonly string[];
  readonly generates?: boolean;
  readonly column?: boolean;
  // Of triggers:
  readonly takesRequests?: boolean;
  // Of converters:
  readonly mediaTypes?: readonly string[];
  readonly fileExtensions?: readonly string[];
}

export interface Catalog {
  readonly plugins: readonly CatalogEntry[];
}

export const findPlugin = (catalog: Catalog, kind: string, type: string): CatalogEntry | undefined =>
  catalog.plugins.find((plugin) => plugin.kind === kind && (plugin.type === type || plugin.aliases?.includes(type)));

/** The names of a step's outputs: fixed ones, or one per item of a settings field, as in a route. */
export function portsOf(entry: Pick<CatalogEntry, 'ports'> | undefined, settings: unknown): readonly string[] {
  const ports = entry?.ports ?? ['out'];
  if (Array.isArray(ports)) return ports as readonly string[];
  const { each, and = [] } = ports as { each: string; and?: readonly string[] };
  const items = (settings as Record<string, unknown> | undefined)?.[each];
  const names = Array.isArray(items) ? items.map((item) => (item as { name?: unknown } | null)?.name).filter((name) => typeof name === 'string') : [];
  return [...names, ...and];
}
