import type { Judge } from './verdict.ts';
/** An answer with `errors` is a failure whatever its status is: GraphQL servers say 200. One that asks to go slower is waited for. */
export declare const graphqlJudge: Judge;
