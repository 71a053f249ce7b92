/** `environments/<id>.env.json`: overrides only. */
export interface Environment {
  readonly version: 1;
  readonly title?: string;
  /** Runs against it must be confirmed. */
  readonly production?: boolean;
  /** Values of `env.x`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly instances?: Readonly<Record<string, { readonly settings?: Readonly<Record<string, unknown>>; readonly credentials?: Readonly<Record<string, unknown>> }>>;
}
