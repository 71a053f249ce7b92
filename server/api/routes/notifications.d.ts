import type { Route } from '../route.ts';
/** Groups of people who are told of failures. */
export declare const notificationRoutes: readonly Route[];
