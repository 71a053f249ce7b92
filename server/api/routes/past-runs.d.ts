import { type Route } from '../route.ts';
/** What can be done with a run that is over. */
export declare const pastRunRoutes: readonly Route[];
