/** What an expression may begin with in the settings of a step. */
export const stepRoots = ['payload', 'meta', 'flow', 'env', 'run', 'now'] as const;

/** In the addresses of a connector and in the settings of its auth methods and paginations. */
export const connectionRoots = ['instance', 'env'] as const;

/** In the path, query, headers and body of an endpoint. */
export const requestRoots = ['params', 'instance', 'env', 'payload', 'meta', 'page', 'run', 'now'] as const;

/** In the settings of an instance. */
export const instanceRoots = ['env'] as const;
