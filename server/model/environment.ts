import type { CacheSettings, Limits, PoolSettings } from './workspace.ts';

/** `environments/<id>.env.json`: overrides only. */
export interface Environment {
  readonly version: 1;
  readonly title?: string;
  /** Runs against it must be confirmed by whoever starts them. */
  readonly production?: boolean;
  /** Values of `env.x`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly instances?: Readonly<Record<string, InstanceOverride>>;
  /** As in `patchbay.json`: caches and pools of its own, or other limits. */
  readonly caches?: Readonly<Record<string, CacheSettings>>;
  readonly pools?: Readonly<Record<string, PoolSettings>>;
  readonly limits?: Limits;
}

export interface InstanceOverride {
  /** Takes the place of the connector's base URL, whatever that says: the address of a mock. */
  readonly baseUrl?: string;
  /** The same for its further base URLs, by name. Where `baseUrl` is given, those that endpoints use must be as well: nothing goes to the real system then. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** Name of another of the connector's auth methods; then the credentials of the instance, which are for its own method, do not count. */
  readonly auth?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, unknown>>;
}
