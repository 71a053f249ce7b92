import { type Route } from '../route.ts';
/** Deployed versions of flows, and the environment of this machine. */
export declare const versionRoutes: readonly Route[];
