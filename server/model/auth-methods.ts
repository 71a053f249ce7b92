import type { ConnectorManifest } from './connector.ts';

/** What an endpoint says that is not signed. */
export const noAuth = 'none';

/** Name of the method that an instance signs in with: the one that it names, else the first of its connector. */
export const ownMethod = ({ auth = {} }: Pick<ConnectorManifest, 'auth'>, named: string | undefined): string | undefined => named ?? Object.keys(auth)[0];

/** Names of the methods that a method needs, directly or not, without itself. Names that the connector does not have are among them. */
export function neededMethods({ auth = {} }: Pick<ConnectorManifest, 'auth'>, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (other: string): void => {
    if (found.has(other)) return;
    found.add(other);
    for (const next of directlyNeeded(auth, other)) add(next);
  };
  for (const other of directlyNeeded(auth, name)) add(other);
  return found;
}

/** Names that endpoints name as methods of their own. */
export const endpointMethods = ({ endpoints }: Pick<ConnectorManifest, 'endpoints'>): readonly string[] => [...new Set(Object.values(endpoints ?? {}).flatMap((endpoint) => (typeof endpoint?.auth === 'string' ? [endpoint.auth] : [])))];

// Files are checked before they are known to be right.
function directlyNeeded(auth: NonNullable<ConnectorManifest['auth']>, name: string): readonly string[] {
  const use = Object.hasOwn(auth, name) ? auth[name] : undefined;
  const { beside: others, tokenAuth } = use ?? {};
  return [...(Array.isArray(others) ? others : []), tokenAuth].filter((other): other is string => typeof other === 'string');
}
