import { type Route } from '../route.ts';
/** Caches, pools, cursors, tracked data and lookups: what runs keep, for people to see and change. */
export declare const stateRoutes: readonly Route[];
