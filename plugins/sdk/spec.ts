import type { Given, Schema } from './schema.ts';

export const kinds = ['connector', 'transform', 'pagination', 'auth', 'shape', 'script', 'trigger', 'store', 'converter'] as const;
export type Kind = (typeof kinds)[number];

/** What every plugin says about itself. The form, the docs page, the palette and the validation derive from it. */
export interface Spec<K extends Kind, S extends Schema, E> {
  readonly kind: K;
  /** Name used in files, kebab-case. Never changed once released: add an entry to `aliases` instead. */
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  /** One sentence of Markdown: palette tooltip and first line of the docs page. */
  readonly summary: string;
  /** Further Markdown for the docs page. */
  readonly description?: string;
  readonly status?: 'experimental' | 'stable' | 'deprecated';
  /** Name of a codicon, without `codicon-`. */
  readonly icon?: string;
  /** Version of `settings`; defaults to 1. */
  readonly version?: number;
  /** `migrations[n]` turns settings of version n into version n + 1. */
  readonly migrations?: Readonly<Record<number, (settings: Record<string, unknown>) => Record<string, unknown>>>;
  /** Closed object schema (`additionalProperties: false`); every field has a title and a description. */
  readonly settings: S;
  /** Shown in the docs and executed by the tests. */
  readonly examples: readonly ({ readonly title: string; readonly settings: Given<S> } & E)[];
}
