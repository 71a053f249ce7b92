import { type Route } from './route.ts';
/** Every address of the API. `openapi.json` is written from this table. */
export declare const routes: readonly Route[];
