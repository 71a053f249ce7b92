import { test } from 'node:test';

/**
 * Where a server of `.ci/services` is, as an address; `undefined` where there is none. Then one line says that its tests are skipped, unless the environment
 * requires all of them.
 */
export function service(variable: string): URL | undefined {
  const given = process.env[variable];
  if (given) return new URL(given);
  if (process.env['PATCHBAY_REQUIRE_SERVICES'] === '1') throw new Error(`${variable} is not set: run .ci/services start FILE, and source FILE.`);
  test(`needs ${variable}`, { skip: `${variable} is not set: see .ci/services` }, () => undefined);
  return undefined;
}
