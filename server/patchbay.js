#!/usr/bin/env node
// JavaScript, so that an older Node, too, gets as far as starting the one that came with `npm ci`.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) await import('./cli/patchbay.ts');
else startNewerNode();

function startNewerNode() {
  const node = newerNode();
  if (node === undefined) {
    process.stderr.write(`error: Patchbay needs Node.js 22.18 or newer; this is ${process.version}.\n  Install a newer one, or run npm ci in the folder of Patchbay: it brings one along.\n`);
    process.exit(2);
  }
  const script = fileURLToPath(new URL('./cli/patchbay.ts', import.meta.url));
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, PATCHBAY_LAUNCHED: '1' } });
  // A terminal sends Ctrl-C to both of us; other signals come to this process alone.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => { if (!hasTerminal) child.kill('SIGINT'); });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function newerNode() {
  const { resolve } = createRequire(import.meta.url);
  for (const name of [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      return resolve(`${name}/bin/node${process.platform === 'win32' ? '.exe' : ''}`);
    } catch {
      // Not installed.
    }
  }
  return undefined;
}
