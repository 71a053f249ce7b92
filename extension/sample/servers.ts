import { erpKey } from '../../samples/brook-and-co/mocks/erp.ts';
import { shopClient, webhookSecret } from '../../samples/brook-and-co/mocks/shop.ts';
import { ports, startMocks, type Mocks } from '../../samples/brook-and-co/mocks/start.ts';

// The mock servers of the sample as a process of their own. It names their addresses and secrets in one line, and ends with whoever started it.

const mocks: Mocks = await startMocks({ shopPort: ports.shop, erpPort: ports.erp }).catch(async (error: NodeJS.ErrnoException) => {
  const running = error.code === 'EADDRINUSE' ? await runningMocks() : undefined;
  if (running) return running;
  console.error(error.code === 'EADDRINUSE' ? `A port of the sample servers (${ports.shop}, ${ports.erp}) is in use by another program.` : error.message);
  process.exit(1);
});
console.log(JSON.stringify({ shop: mocks.shop, erp: mocks.erp, secrets: { 'shop/client-secret': shopClient.secret, 'shop/webhook': webhookSecret, 'erp/api-key': erpKey } }));

const end = (): void => void mocks.close().then(() => process.exit(0));
process.once('SIGTERM', end).once('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();

/** The sample servers of another window or of `npm start`: they are as good as ours. */
async function runningMocks(): Promise<Mocks | undefined> {
  const [shop, erp] = [`http://127.0.0.1:${ports.shop}`, `http://127.0.0.1:${ports.erp}`];
  const answers = await Promise.all([`${shop}/admin/stats`, `${erp}/stats`].map((url) => fetch(url).then(({ ok }) => ok, () => false)));
  return answers.every(Boolean) ? { shop, erp, close: async () => {} } : undefined;
}
