import type { ConnectorChange } from './connector-edit.ts';
import type { ConnectorManifest } from './connector.ts';
import { fitImport } from './import-fit.ts';
import { isObject, isSame, objectAt } from './json.ts';

type Json = Readonly<Record<string, unknown>>;

/** POST /imports/{kind} */
export interface Imported {
  /** An id for the connector. */
  readonly connector: string;
  readonly manifest: ConnectorManifest;
  readonly auth: readonly { readonly name: string; readonly type: string; readonly secrets: readonly string[] }[];
  readonly operations: number;
  /** What the description files its operations under, by endpoint. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
  readonly suggestions: readonly { readonly kind: string; readonly endpoint?: string; readonly value: unknown; readonly score: number; readonly why: string }[];
}

/** What an import adds to a connector. What is there already stays as it is. */
export interface ImportPlan {
  readonly changes: readonly ConnectorChange[];
  /** Names of the endpoints that come. */
  readonly added: readonly string[];
  /** Those that are there already, otherwise. */
  readonly kept: readonly string[];
  /** The description under the names that it has in this connector. */
  readonly imported: Imported;
}

export function planImport(connector: Json, given: Imported): ImportPlan {
  const imported = fitImport(connector, given);
  const { version: _version, variables = {}, allowedOrigins = [], ...manifest } = imported.manifest;
  const changes: ConnectorChange[] = [];
  const addTo = (name: string, entries: Json): void => {
    const there = objectAt(connector, name);
    for (const [key, value] of Object.entries(entries)) if (!Object.hasOwn(there, key)) changes.push({ op: 'set', path: [name, key], value });
  };
  for (const [name, value] of Object.entries(manifest)) {
    if (isObject(value)) addTo(name, value);
    else if (connector[name] === undefined || connector[name] === '') changes.push({ op: 'set', path: [name], value });
  }
  addTo('variables', usedVariables(variables, changes));
  const origins = Array.isArray(connector['allowedOrigins']) ? (connector['allowedOrigins'] as string[]) : [];
  const further = allowedOrigins.filter((origin) => !origins.includes(origin));
  if (further.length > 0) changes.push({ op: 'set', path: ['allowedOrigins'], value: [...origins, ...further] });
  const there = objectAt(connector, 'endpoints');
  const names = Object.keys(manifest.endpoints);
  return {
    changes: connector['version'] === undefined && changes.length > 0 && Object.keys(connector).length > 0 ? [{ op: 'set', path: ['version'], value: 1 }, ...changes] : changes,
    added: names.filter((name) => !Object.hasOwn(there, name)),
    kept: names.filter((name) => Object.hasOwn(there, name) && !isSame(there[name], manifest.endpoints[name])),
    imported,
  };
}

/** An address that was left out needs none of its variables. */
function usedVariables(variables: Json, changes: readonly ConnectorChange[]): Json {
  const text = JSON.stringify(changes);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => new RegExp(`instance\\.${name}\\b`).test(text)));
}
