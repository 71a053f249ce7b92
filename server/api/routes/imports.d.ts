import { type Route } from '../route.ts';
/** Connectors out of descriptions. Nothing is written: the editor shows what comes, and writes what is accepted. */
export declare const importRoutes: readonly Route[];
