import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sign } from './mocks/shop.ts';
import { mockEnvironment, ports, startMocks, type Mocks } from './mocks/start.ts';

// Serves the sample workspace with its mock servers until Ctrl-C.

const sample = import.meta.dirname;
const root = join(sample, '..', '..');
const { port } = optionsOf(process.argv.slice(2));

const mocks = await startMocks({ shopPort: ports.shop, erpPort: ports.erp }).catch((error: NodeJS.ErrnoException): Mocks => {
  process.stderr.write(`The mock servers do not start: ${error.message}. They need the ports ${ports.shop} and ${ports.erp}; end the program that uses them (\`lsof -i :${ports.shop}\`).\n`);
  process.exit(1);
});
const runner = spawn(process.execPath, [join(root, 'server', 'cli', 'patchbay.ts'), 'serve', '--dev', '--port', port, '--workspace', sample], { env: { ...process.env, ...mockEnvironment(mocks) }, stdio: ['ignore', 'pipe', 'inherit'] });

runner.stdout.once('data', (line: Buffer) => {
  const { url, token } = JSON.parse(line.toString('utf8')) as { url: string; token: string };
  const body = '{"id":1,"number":"BC-1","currency":"gbp","financial_status":"paid","created_at":"2024-07-01T12:00:00+01:00","total_price":"12.00","customer":{"id":7,"first_name":"Ada","last_name":"King","email":"ADA@brook.example"},"shipping_address":{"country_code":"GB"},"line_items":[{"sku":"BC-0001","quantity":1,"price":"12.00","tax_rate":"20"}],"shipping_lines":[{"price":"0.00"}],"tags":""}';
  process.stdout.write(`
Mock shop         ${mocks.shop}/admin/stats
Mock ERP          ${mocks.erp}/stats

Run a flow:
  curl -X POST -H 'Authorization: Bearer ${token}' '${url}/api/v1/flows/import-orders/runs?wait=true'

Send the order webhook, signed:
  curl -i ${url}/hooks/order-webhook/shop -H 'content-type: application/json' -H 'x-brook-hmac-sha256: ${sign(body)}' -d '${body}'

Let the shop send one:
  curl -X POST ${mocks.shop}/admin/webhooks -d '{"url":"${url}/hooks/order-webhook/shop","order":3}'

Ctrl-C ends all of it.
`);
});

const end = (): void => { runner.kill('SIGTERM'); };
process.once('SIGINT', end).once('SIGTERM', end);
runner.once('exit', (code) => { void mocks.close().then(() => process.exit(code ?? 0)); });

function optionsOf(options: readonly string[]): { port: string } {
  const at = options.indexOf('--port');
  return { port: at === -1 ? '7400' : (options[at + 1] ?? '7400') };
}
