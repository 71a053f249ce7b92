import { spawn } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expectedAtErp, makeShop } from './mocks/data.ts';
import { mockEnvironment, startMocks, type Mocks } from './mocks/start.ts';

// The main job, for real: the mock shop and the mock ERP as servers, the flow run by the command line, and the books of the ERP compared with the seed.

const sample = import.meta.dirname;
const root = join(sample, '..', '..');
const folder = join(root, 'out', 'demo');

interface Result {
  readonly run: string;
  readonly status: string;
  readonly durationMs: number;
  readonly steps: Readonly<Record<string, { readonly in: number; readonly out: number; readonly records: number; readonly failed: number; readonly pages?: number }>>;
  readonly failures: readonly { readonly step: string; readonly code: string; readonly message: string }[];
}

interface Books {
  readonly orders: number;
  readonly batches: number;
  readonly rejected: number;
  readonly totals: Readonly<Record<string, number>>;
}

const mocks = await startMocks();
try {
  process.exitCode = await demo(mocks);
} finally {
  await mocks.close();
}

async function demo({ shop, erp }: Mocks): Promise<number> {
  await copyWorkspace({ shop, erp });
  say(`Mock shop on ${shop}, mock ERP on ${erp}`);
  say('patchbay run import-orders …');
  const { code, output } = await patchbay(['run', 'import-orders', '--env', 'demo', '--json', '--workspace', folder], mockEnvironment({ shop, erp }));
  if (code !== 0) {
    say(`The run ended with exit code ${code}.`);
    return code;
  }
  const result = JSON.parse(output) as Result;
  const books = (await (await fetch(`${erp}/stats`)).json()) as Books;
  report(result, books);
  const expected = expectedAtErp(makeShop());
  const agrees = books.orders === expected.orders && JSON.stringify(sorted(books.totals)) === JSON.stringify(sorted(expected.totals)) && result.status === 'partial-success';
  say(agrees ? 'They agree with what the shop has sold.' : `They do not agree with what the shop has sold: ${expected.orders} orders, ${money(expected.totals)}.`);
  say(`The recording of run ${result.run} is in ${relative(process.cwd(), join(folder, '.patchbay')) || '.patchbay'}; \`npm start\` shows such runs in the browser.`);
  return agrees ? 0 : 1;
}

function report({ status, durationMs, steps, failures }: Result, books: Books): void {
  const read = steps['get-orders'];
  const paid = steps['only-paid'];
  say('');
  say(`run             ${status} in ${(durationMs / 1000).toFixed(1)} s`);
  say(`pages read      ${read?.pages ?? 0}`);
  say(`orders read     ${read?.records ?? 0}`);
  say(`filtered out    ${(read?.records ?? 0) - (paid?.records ?? 0)} (not paid)`);
  say(`sent            ${steps['totals']?.records ?? 0} in ${steps['send-orders']?.in ?? 0} batches`);
  say(`failed          ${failures.length}`);
  for (const { step, code, message } of failures) say(`                ${step}: ${message} (${code})`);
  say(`the ERP says    ${books.orders} orders in ${books.batches} batches, ${books.rejected} refused, ${money(books.totals)}`);
}

/** The sample as it is, but with the addresses of these servers, so that the demo runs beside others and changes no file. */
async function copyWorkspace({ shop, erp }: { shop: string; erp: string }): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['patchbay.json', 'flows', 'connectors', 'instances', 'environments', 'lookups', 'scripts']) await cp(join(sample, name), join(folder, name), { recursive: true });
  const environment = { version: 1, title: 'Demo', instances: { shop: { settings: { url: shop } }, erp: { settings: { url: erp } } } };
  await writeFile(join(folder, 'environments', 'demo.env.json'), `${JSON.stringify(environment, undefined, 2)}\n`);
}

function patchbay(options: readonly string[], environment: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, 'server', 'cli', 'patchbay.ts'), ...options], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') })));
}

function sorted(totals: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(totals).sort(([a], [b]) => a.localeCompare(b));
}

function money(totals: Readonly<Record<string, number>>): string {
  return sorted(totals).map(([currency, minor]) => `${currency} ${(minor / 100).toFixed(2)}`).join(', ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
