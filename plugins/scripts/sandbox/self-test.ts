import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, readdirSync } from 'node:fs';
import type * as Inspector from 'node:inspector';
import { createRequire } from 'node:module';
import { parse } from 'node:path';
import { runInThisContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

/**
 * What each child tries before it takes a script, and the codes that count as a refusal. Any other outcome is a hole, an unexpected error included:
 * a file that is not found proves nothing. Patchbay then refuses to run scripts (`SANDBOX_UNSAFE`).
 */
const walls: Readonly<Record<string, { readonly refusal: RegExp; readonly attempt: () => unknown }>> = {
  'read a file': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => readFileSync(process.execPath) },
  'list a folder': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => readdirSync(parse(process.execPath).root) },
  'write a file': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => openSync(`${parse(process.execPath).root}patchbay-self-test`, 'w') },
  'start a process': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => spawnSync(process.execPath, ['--version']) },
  'start a worker': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => new Worker('', { eval: true }) },
  'load an addon': { refusal: /^ERR_(ACCESS_DENIED|DLOPEN_DISABLED)$/, attempt: () => process.dlopen({ exports: {} }, `${parse(process.execPath).root}patchbay-self-test.node`) },
  'open SQLite': { refusal: /^ERR_UNKNOWN_BUILTIN_MODULE$/, attempt: () => createRequire(process.execPath)('node:sqlite') },
  'open the debugger': { refusal: /^ERR_(ACCESS_DENIED|INSPECTOR_NOT_AVAILABLE)$/, attempt: () => new (createRequire(process.execPath)('node:inspector') as typeof Inspector).Session().connect() },
  'reach the internals': { refusal: /^ERR_ACCESS_DENIED$/, attempt: () => (process as unknown as { binding(name: string): unknown }).binding('fs') },
  'evaluate a text': { refusal: /^EvalError$/, attempt: () => runInThisContext('eval')('1') },
  'make a function of a text': { refusal: /^EvalError$/, attempt: () => runInThisContext('Function')('return 1') },
  'use __proto__': { refusal: /^ABSENT$/, attempt: () => absent(Object.getOwnPropertyDescriptor(Object.prototype, '__proto__')) },
  'read the environment': { refusal: /^ABSENT$/, attempt: () => absent(Object.keys(process.env).find((name) => !givenByTheSystem.test(name))) },
};

/** Set by Windows, macOS, the shell that sets the limits, or us (Electron as Node), whatever environment is asked for. They hold no secrets. */
const givenByTheSystem = /^(ELECTRON_RUN_AS_NODE|SHLVL|PWD|OLDPWD|_|__CF_USER_TEXT_ENCODING|SYSTEMROOT|SYSTEMDRIVE|WINDIR|TEMP|TMP|HOMEDRIVE|HOMEPATH|LOGONSERVER|PATH|USERDOMAIN|USERNAME|USERPROFILE)$/i;

/** The one that is open in a child whose scripts somebody debugs. */
export const inspectedWall = 'open the debugger';

export const wallNames: readonly string[] = Object.keys(walls);

/** Names of the walls that held, in order. Runs in the child. */
export function selfTest(): string[] {
  return Object.entries(walls).filter(([, { refusal, attempt }]) => {
    try {
      attempt();
      return false;
    } catch (error) {
      const { code, name } = error as { code?: string; name: string };
      return refusal.test(code ?? name);
    }
  }).map(([name]) => name);
}

function absent(value: unknown): void {
  if (value === undefined) throw Object.assign(new Error('there is none'), { code: 'ABSENT' });
}
