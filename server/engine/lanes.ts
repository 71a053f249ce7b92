import type { RateLimit } from '../model/connector-rules.ts';

/** Limits with the same lane count in one window: of a pool there may be several, each for those who have named the same numbers. */
export const laneOf = (limit: Pick<RateLimit, 'requests' | 'perMs' | 'window'> | undefined): string =>
  (limit?.requests === undefined || limit.perMs === undefined ? '' : `${limit.requests} ${limit.perMs} ${limit.window ?? 'moving'}`);
