/**
 * Values of flow variables that were given as text (`var.since=…`, `--var since=…`). The flow says what they are: a text stays as it is, everything else is
 * JSON. What the flow does not declare is left to the run, which says so.
 */
export declare function readVariables(root: string, flow: string, texts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
