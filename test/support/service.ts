import { test } from 'node:test';

/**
 * Where a server of `.ci/services` is, as an address; `undefined` where there is none. Then one line says that its tests are skipped, unless the environment
 * requires all of them. `isForeign`: `.ci/services` has no such server, and nothing requires it.
 */
export function service(variable: string, { isForeign = false } = {}): URL | undefined {
  const given = process.env[variable];
  if (given) return new URL(given);
  if (!isForeign && process.env['PATCHBAY_REQUIRE_SERVICES'] === '1') throw new Error(`${variable} is not set: run .ci/services start FILE, and source FILE.`);
  test(`needs ${variable}`, { skip: `${variable} is not set: see ${isForeign ? 'CONTRIBUTING.md' : '.ci/services'}` }, () => undefined);
  return undefined;
}
