import type { SchemaSource } from './plain-schema.ts';
export interface ReadServer {
    readonly baseUrl: string;
    readonly variables: Readonly<Record<string, object>>;
}
/** The address of the API: the one that the description names, with its variables, else a variable of the instance. */
export declare function readServer({ resolve, report }: SchemaSource, given: unknown): ReadServer;
