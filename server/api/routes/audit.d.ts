import { type Route } from '../route.ts';
/** Who has changed what through the runner. */
export declare const auditRoutes: readonly Route[];
