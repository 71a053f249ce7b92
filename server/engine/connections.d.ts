import type { EngineHost, OwnConnectionState, TokenKeeper } from './host.ts';
/** Tokens, rate limits and pauses in memory: one for all runs of a process. Without a keeper no token outlives it. */
export declare function createConnections(clock: EngineHost['clock'], keeper?: TokenKeeper): OwnConnectionState;
