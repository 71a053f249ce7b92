/** Names in settings that refer to something of the workspace, as the schema says by `x-ui.ref`: instances, scripts, lookups. */
export declare function refsIn(settings: unknown, schema: object, ref: string): string[];
