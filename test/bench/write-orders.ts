import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Writes one JSON array of small orders. Gives how many they are. */
export async function writeOrders(file: string, megabytes: number): Promise<number> {
  const out = createWriteStream(file);
  let items = 0;
  out.write('[');
  for (let bytes = 0; bytes < megabytes * 1e6; items++) {
    const text = `${items > 0 ? ',' : ''}${JSON.stringify({ id: items, email: `ada${items}@example.com`, password: 'secret', lines: [{ sku: `BC-${items % 999}`, quantity: 2, price: '19.90' }], note: 'n'.repeat(150) })}`;
    bytes += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end(']');
  await once(out, 'close');
  return items;
}
