import { type Route } from '../route.ts';
/** Logging in to other systems with a browser. */
export declare const loginRoutes: readonly Route[];
