import { startErp, erpKey } from './erp.ts';
import { shopClient, startShop, webhookSecret } from './shop.ts';

export interface Mocks {
  readonly shop: string;
  readonly erp: string;
  close(): Promise<void>;
}

export const ports = { shop: 7401, erp: 7402 } as const;

export async function startMocks({ shopPort = 0, erpPort = 0 }: { shopPort?: number; erpPort?: number } = {}): Promise<Mocks> {
  const shop = await startShop(shopPort);
  const erp = await startErp(erpPort).catch(async (error: unknown) => { await shop.close(); throw error; });
  return { shop: shop.url, erp: erp.url, close: async () => { await Promise.all([shop.close(), erp.close()]); } };
}

/** What the flows of the sample need to know of the mocks, as environment variables. They are no secrets: they open nothing else. */
export const mockEnvironment = (mocks: Pick<Mocks, 'shop' | 'erp'>): Readonly<Record<string, string>> => ({
  PATCHBAY_SECRET_SHOP_CLIENT_SECRET: shopClient.secret,
  PATCHBAY_SECRET_SHOP_WEBHOOK: webhookSecret,
  PATCHBAY_SECRET_ERP_API_KEY: erpKey,
  BROOK_SHOP_URL: mocks.shop,
  BROOK_ERP_URL: mocks.erp,
});

if (import.meta.main) {
  const mocks = await startMocks({ shopPort: ports.shop, erpPort: ports.erp });
  process.stdout.write(`${JSON.stringify({ shop: mocks.shop, erp: mocks.erp })}\n`);
  const end = (): void => void mocks.close().then(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  // Ends with whoever started it, also where that one had no time to say so.
  if (process.argv.includes('--with-parent')) process.stdin.on('end', end).resume();
}
