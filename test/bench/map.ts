import assert from 'node:assert/strict';
import jsonata from 'jsonata';
import type { Payload } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { planFlow } from '../../server/engine/plan.ts';
import { executeRun } from '../../server/engine/run.ts';
import { realHost } from '../support/real-plugins.ts';

// What a map costs: `node --expose-gc test/bench/map.ts [orders] [rounds]` prints a map of 20 fields against the same by hand, and against JSONata. All ways take
// turns in one process; ratios are medians of the rounds. Its time on the processor counts: that of a clock is also that of whatever else runs on the machine.

interface Order { readonly id: number; readonly [name: string]: unknown }
type Way = (orders: readonly Order[]) => unknown;

const countries = { DE: 'Germany', FR: 'France', GB: 'United Kingdom' };
const channels = { WEB: 'online', APP: 'online', POS: 'store' };
const rules = [
  { from: 'id', to: 'orderId', transforms: [{ type: 'cast-to-string' }] },
  { from: 'number', to: 'orderNumber' },
  { from: 'created', to: 'orderDate', transforms: [{ type: 'substring', settings: { start: 0, length: 10 } }] },
  { from: 'customer.id', to: 'customer.id' },
  { from: ['customer.first', 'customer.last'], to: 'customer.name', transforms: [{ type: 'concatenate' }] },
  { from: 'customer.email', to: 'customer.email', transforms: [{ type: 'case', settings: { to: 'lower' } }] },
  { from: 'customer.phone', to: 'customer.phone' },
  { from: 'shipping.street', to: 'street', transforms: [{ type: 'trim' }] },
  { from: 'shipping.city', to: 'city', transforms: [{ type: 'case', settings: { to: 'upper' } }] },
  { from: 'shipping.zip', to: 'zip' },
  { from: 'shipping.country', to: 'country', transforms: [{ type: 'map-values', settings: { values: countries, otherwise: 'default', default: 'Other' } }] },
  { from: 'currency', to: 'currency' },
  { from: 'weight', to: 'weightKg', transforms: [{ type: 'math', settings: { operation: 'divide', with: 1000 } }] },
  { from: 'tags', to: 'tags', transforms: [{ type: 'split-string', settings: { delimiter: ';' } }] },
  { from: 'channel', to: 'channel', transforms: [{ type: 'map-values', settings: { values: channels, otherwise: 'default', default: 'other' } }] },
  { from: 'note', to: 'note', default: '' },
  { from: 'items[*].quantity', to: 'pieces', transforms: [{ type: 'sum' }] },
  { from: 'items[*].sku', to: 'lines[*].sku' },
  { from: 'items[*].quantity', to: 'lines[*].quantity' },
  { from: 'items[*].price', to: 'lines[*].price' },
];

interface Item { readonly sku: string; readonly quantity: number; readonly price: number }
function byHand(order: Order): unknown {
  const { customer, shipping, items } = order as unknown as { readonly customer: Record<string, string>; readonly shipping: Record<string, string>; readonly items: readonly Item[] };
  let pieces = 0;
  const lines: unknown[] = [];
  for (const { sku, quantity, price } of items) {
    pieces += quantity;
    lines.push({ sku, quantity, price });
  }
  return {
    orderId: String(order.id), orderNumber: order['number'], orderDate: (order['created'] as string).slice(0, 10),
    customer: { id: customer['id'], name: `${customer['first']} ${customer['last']}`, email: customer['email']!.toLowerCase(), phone: customer['phone'] },
    street: shipping['street']!.trim(), city: shipping['city']!.toUpperCase(), zip: shipping['zip'], country: (countries as Record<string, string>)[shipping['country']!] ?? 'Other', currency: order['currency'],
    weightKg: (order['weight'] as number) / 1000, tags: (order['tags'] as string).split(';'), channel: (channels as Record<string, string>)[order['channel'] as string] ?? 'other', note: order['note'] ?? '', pieces, lines,
  };
}

const query = `$.{"orderId": $string(id), "orderNumber": number, "orderDate": $substring(created, 0, 10),
  "customer": {"id": customer.id, "name": customer.first & " " & customer.last, "email": $lowercase(customer.email), "phone": customer.phone},
  "street": $trim(shipping.street), "city": $uppercase(shipping.city), "zip": shipping.zip,
  "country": ($c := $lookup($countries, shipping.country); $c ? $c : "Other"), "currency": currency, "weightKg": weight / 1000, "tags": $split(tags, ";"),
  "channel": ($c := $lookup($channels, channel); $c ? $c : "other"), "note": note ? note : "", "pieces": $sum(items.quantity), "lines": [items.{"sku": sku, "quantity": quantity, "price": price}]}`;

/** About 1 KB of JSON. */
function makeOrder(index: number): Order {
  return {
    id: 1_000_000 + index, number: `SO-2024-${String(index).padStart(7, '0')}`, created: new Date(Date.UTC(2024, 0, 1) + index * 61_000).toISOString(), currency: ['EUR', 'USD', 'GBP'][index % 3],
    customer: { id: `C-${index % 9973}`, first: ['Ada', 'José', 'Zoë'][index % 3], last: ['King', 'García', 'Müller'][index % 7 % 3], email: `Ada.King${index % 97}@EXAMPLE.COM`, phone: `+49 30 ${1000 + index % 8999}` },
    shipping: { street: ` ${index % 200} High Street `, city: ['Leeds', 'Paris', 'Bonn'][index % 3], zip: String(10_000 + index % 89_999), country: ['DE', 'FR', 'GB', 'JP'][index % 4] },
    items: Array.from({ length: 2 + (index % 3) }, (_, line) => ({ sku: `WID-${10_000 + (index * 7 + line) % 89_999}`, name: 'Widget, size L, blue', quantity: 1 + ((index + line) % 9), price: ((index * 31 + line) % 50_000) / 100, taxRate: 0.19, discount: 0 })),
    tags: ['gift;priority', 'b2b', 'promo;export;sample'][index % 3], channel: ['WEB', 'POS', 'PHONE'][index % 3], weight: 100 + index % 20_000, billing: { method: 'invoice', reference: `PAY-${index.toString(16)}`, captured: true },
    ...(index % 2 && { note: `Please leave the parcel with the neighbour on the second floor if nobody answers; ring twice. Ref ${index}` }),
  };
}

const orders = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 5);
const all = Array.from({ length: orders }, (_, index) => makeOrder(index));
/** A run of a flow of one map, in batches as a flow would have them, without a recording. */
async function flowOf(own: readonly object[], batch: number): Promise<Way> {
  const kept = { hash: '', size: 1 };
  // Where a process is waited for, time must not pass by itself.
  const clock = { now: Date.now, sleep: (_: number, signal: AbortSignal) => new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))) };
  const base = realHost({ clock });
  const host = { ...base, bodies: { keep: () => kept, keepRaw: () => kept, mask: <T>(value: T): T => value } };
  const plan = await planFlow(host, { flow: { version: 1, start: 'map', steps: { map: { shape: 'map', settings: { rules: own } } } }, flowId: 'bench', file: 'bench' });
  return async (given) => {
    const made: unknown[] = [];
    for (let at = 0; at < given.length; at += batch) {
      const outputs: Payload[] = [];
      const result = await executeRun(host, plan, { run: { id: 'r', flow: 'bench', flowVersion: '', trigger: 'manual', queuedAt: 0 }, seed: 1, variables: {}, signal: new AbortController().signal, payload: createPayload({ id: 'p', body: given.slice(at, at + batch) }), emit: () => undefined, onOutput: (payload) => void outputs.push(payload) });
      assert.equal(result.status, 'success', JSON.stringify(result));
      for (const payload of outputs) for (const record of (await payload.json()) as unknown[]) made.push(record);
    }
    return made;
  };
}

const expression = jsonata(query);
/** Each order is read, half of them are mapped and written, 1,000 at a time. */
const inFull = (way: Way): Way => {
  const text = all.map((order) => JSON.stringify(order));
  return async () => {
    let letters = 0;
    for (let at = 0; at < text.length; at += 1_000) {
      const made = (await way(text.slice(at, at + 1_000).map((line) => JSON.parse(line) as Order).filter(({ id }) => id % 2 === 0))) as readonly unknown[];
      for (const record of made) letters += JSON.stringify(record).length;
    }
    return letters;
  };
};

async function compare(title: string, ways: Readonly<Record<string, Way>>): Promise<void> {
  const now = (): number => process.cpuUsage().user / 1_000;
  const times: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      globalThis.gc?.();
      const start = now();
      await way(all);
      // The first round warms up.
      if (round >= 0) (times[name] ??= []).push(now() - start);
    }
  }
  const median = (values: readonly number[]): number => [...values].sort((left, right) => left - right)[values.length >> 1]!;
  const [first] = Object.values(times);
  for (const [name, own] of Object.entries(times)) console.log(`${title}, ${name}: ${median(own.map((time, index) => time / first![index]!)).toFixed(2)} × (${(median(own) * 1_000 / orders).toFixed(2)} µs per record)`);
}

const hand: Way = (given) => given.map(byHand);
const ours = await flowOf(rules, 500);
const rival: Way = async (given) => {
  const made: unknown[] = [];
  for (let at = 0; at < given.length; at += 500) for (const record of (await expression.evaluate(given.slice(at, at + 500), { countries, channels })) as unknown[]) made.push(record);
  return made;
};
const sample = all.slice(0, 100);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
assert.deepEqual(plain(await ours(sample)), plain(hand(sample)));
assert.deepEqual(plain(await rival(sample)), plain(hand(sample)));

await compare('map of 20 fields', { 'by hand': hand, 'a map step': ours, JSONata: rival });
await compare('the same with JSON read, every other order mapped and written', { 'by hand': inFull(hand), 'a map step': inFull(ours), JSONata: inFull(rival) });

// Where the time of a map goes: its rules by kind, each kind as a map of its own beside one of a single field.
const isList = ({ to }: { readonly to: string }): boolean => to.includes('[*]');
const kinds = { 'a single field': rules.slice(1, 2), 'fields as they are': rules.filter((rule) => !isList(rule) && !('transforms' in rule)), 'fields with transforms': rules.filter((rule) => 'transforms' in rule), 'fields of lists': rules.filter(isList) };
await compare('parts of the map', Object.fromEntries(await Promise.all(Object.entries(kinds).map(async ([kind, own]) => [`${own.length} ${kind}`, await flowOf(own, 500)] as const))));
