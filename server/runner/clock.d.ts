import type { EngineHost } from '../engine/host.ts';
/** The time of the machine. */
export declare const systemClock: EngineHost['clock'];
