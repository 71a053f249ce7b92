import type { ServerResponse } from 'node:http';
/** Answers with the operators' page or a file that it needs. Only names of its own shape are looked up, so there is nothing to climb out with. */
export declare function answerPage(response: ServerResponse, path: string, webRoot: string): Promise<void>;
/** Built files lie beside the bundle, or in `dist` when the sources run. */
export declare function defaultWebRoot(): string;
export declare const isPageBuilt: (webRoot?: string) => boolean;
