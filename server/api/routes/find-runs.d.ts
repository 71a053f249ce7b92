import { type Route } from '../route.ts';
/** Finds runs, and does things with many of them at once. */
export declare const findRunsRoutes: readonly Route[];
