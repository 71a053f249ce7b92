import { type Route } from '../route.ts';
/** Runs that are not over. */
export declare const queueRoutes: readonly Route[];
