import { type Route } from '../route.ts';
/** Endpoints that are tried out, connections that are tested, answers that are looked at. */
export declare const trialRoutes: readonly Route[];
