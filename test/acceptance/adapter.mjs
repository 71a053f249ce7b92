// Drives Patchbay through a scenario of the acceptance tests: writes the files of a workspace, starts the command line, and ends as it ends. The task itself is
// done by flows, connectors and instances; what stands here and beside it only says where the other systems are.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const context = JSON.parse(readFileSync(process.env.ACCEPTANCE_CTX, 'utf8'));
const scenario = context.scenario.split('-')[0];
const { default: describe } = await import(`./${scenario}.mjs`);
const { files, secrets = {}, command } = describe(context, process.env.ACCEPTANCE_PHASE);
for (const [name, content] of Object.entries({ 'patchbay.json': { version: 1, title: scenario }, ...files })) {
  mkdirSync(dirname(join(process.cwd(), name)), { recursive: true });
  writeFileSync(join(process.cwd(), name), typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`);
}
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const env = { ...process.env, ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`PATCHBAY_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`, value])) };
const child = spawn(process.execPath, [join(root, 'server', 'patchbay.js'), ...command], { env, stdio: ['ignore', 'inherit', 'inherit'] });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
