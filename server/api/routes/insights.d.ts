import { type Route } from '../route.ts';
/** What flows have done over days. */
export declare const insightRoutes: readonly Route[];
