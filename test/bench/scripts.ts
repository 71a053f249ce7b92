import vm2 from '../../plugins/scripts/vm2.ts';
import type { Script } from '../../plugins/sdk/index.ts';
import { median, runTransports, type TransportFigures } from './script-transport.ts';

export interface FieldFigures {
  readonly what: string;
  readonly values: number;
  readonly perSecond: number;
  /** Against a plain call of the same function in the same round, median. */
  readonly ratio: number;
}

export interface ScriptFigures {
  readonly name: string;
  /** Microseconds per record, median of the rounds. */
  readonly micros: number;
  /** Against a plain call in the same round, median. */
  readonly ratio: number;
  /** Against the JSON alone that takes a record to another process and back: less than that no engine behind a pipe can do. */
  readonly overJson: number;
}

interface Order {
  readonly items: readonly { readonly qty: number; readonly price: number; readonly discount: number; readonly tax: number; readonly name: string; readonly sku: string }[];
  readonly customer: Readonly<Record<string, unknown>> & { readonly first: string; readonly last: string };
}

const words = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heath'];

/** About 1 KB of JSON. */
const order = (index: number): Order & Readonly<Record<string, unknown>> => ({
  id: index, number: `ORD-${String(index).padStart(8, '0')}`, status: index % 3 === 0 ? 'open' : 'paid', currency: 'EUR', createdAt: new Date(1_700_000_000_000 + index * 60_000).toISOString(),
  customer: { id: index % 977, first: words[index % 8]!, last: words[(index >> 3) % 8]!, email: `c${index % 977}@example.org`, phone: '+41 44 000 00 00' },
  address: { street: `${words[index % 8]} street ${index % 90}`, city: 'Zürich', zip: '8001', country: 'CH' },
  items: Array.from({ length: 5 }, (_, item) => ({ sku: `SKU-${(index * 7 + item) % 5_000}`, name: `${words[(index + item) % 8]} ${words[item]}`, qty: 1 + ((index + item) % 4), price: 9.99 + item, discount: item % 2 === 0 ? 0.1 : 0, tax: 0.077 })),
  note: 'Leave it at the door, please; the bell is broken.', tags: ['web', 'eu', words[index % 8]],
});

const body = 'let total = 0; for (const item of o.items) total += item.qty * item.price * (1 - item.discount) * (1 + item.tax); return { ...o, total: Math.round(total * 100) / 100, label: `${o.customer.last}, ${o.customer.first}`.toUpperCase(), big: total > 50 };';
const plain = new Function('o', body) as (order: Order) => { readonly total: number; readonly label: string };

const jsonAlone = 'JSON to a copy and back, around it';

/** One script over whole records of 1 KB, in several ways that take turns. */
export async function runScripts(records: number, rounds = 5, pageSize = 500): Promise<readonly ScriptFigures[]> {
  const all = Array.from({ length: records }, (_, index) => order(index));
  const pages = Array.from({ length: Math.ceil(records / pageSize) }, (_, index) => all.slice(index * pageSize, (index + 1) * pageSize));
  const context = { log: silent };
  const perRecord = await vm2.compile({ file: 'scripts/record.js', text: `export default (o) => { ${body} };` }, { timeoutMs: 60_000, memoryMb: 512 }, context);
  const perPage = await vm2.compile({ file: 'scripts/page.js', text: `const f = (o) => { ${body} };\nexport default ({ payload }) => ({ payload: payload.map(f) });` }, { timeoutMs: 60_000, memoryMb: 512 }, context);
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const ways: Readonly<Record<string, () => unknown>> = {
    'a plain call': () => all.map(plain),
    [jsonAlone]: () => pages.flatMap((page) => json((json(page) as Order[]).map(plain)) as unknown[]),
    'a field script, record by record in columns': async () => (await outputs(perRecord, all)),
    'a step, a page at a time': async () => {
      const made: unknown[] = [];
      for (const page of pages) made.push(...((await outputs(perPage, [{ payload: page, meta: {}, variables: {} }]))[0] as { payload: unknown[] }).payload);
      return made;
    },
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(ways)) {
      const begin = performance.now();
      const made = (await run()) as { total: number }[];
      const took = performance.now() - begin;
      if (made.length !== records || made.at(-1)!.total !== plain(all.at(-1)!).total) throw new Error(`${name}: the result is wrong.`);
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), took]);
    }
  }
  await vm2.close();
  const against = (list: readonly number[], other: string): number => median(list.map((time, round) => time / times.get(other)![round]!));
  return [...times].map(([name, list]) => ({ name, micros: (median(list) / records) * 1_000, ratio: against(list, 'a plain call'), overJson: against(list, jsonAlone) }));
}

/** Little to do for each value, and some. */
const fieldBodies: Readonly<Record<string, string>> = {
  'trimmed and in capitals': 'return v.trim().toUpperCase();',
  'taken apart and put together': 'const [head, ...rest] = v.trim().split(/[\\s-]+/); return `${head.toUpperCase()}-${rest.join("_").toLowerCase()}-${v.length % 7}`;',
};

/** A field of every record, in columns as the transform `script` sends them. */
export async function runFieldScript(what: string, values: number, rounds = 5, column = 10_000): Promise<FieldFigures> {
  const body = fieldBodies[what]!;
  const all = Array.from({ length: values }, (_, index) => `sku ${index % 5_000} ${words[index % 8]}-${words[(index >> 3) % 8]}`);
  const columns = Array.from({ length: Math.ceil(values / column) }, (_, index) => ({ values: all.slice(index * column, (index + 1) * column) }));
  const byHand = new Function('v', body) as (value: string) => string;
  const script = await vm2.compile({ file: 'scripts/field.js', text: `const f = (v) => { ${body} };\nexport default ({ values }) => values.map(f);` }, { timeoutMs: 60_000, memoryMb: 512 }, { log: silent });
  const times: { readonly plain: number; readonly script: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const begin = performance.now();
    const plainly = all.map(byHand);
    const middle = performance.now();
    const made = ((await outputs(script, columns)) as string[][]).flat(1);
    const end = performance.now();
    if (made.length !== values || made.at(-1) !== plainly.at(-1)) throw new Error('The field script gave something else.');
    if (round > 0) times.push({ plain: middle - begin, script: end - middle });
  }
  await vm2.close();
  return { what, values, perSecond: values / (median(times.map((time) => time.script)) / 1_000), ratio: median(times.map((time) => time.script / time.plain)) };
}

async function outputs(script: Script, inputs: readonly unknown[]): Promise<unknown[]> {
  const results = await script.run(inputs, { signal: new AbortController().signal, log: silent });
  return results.map(({ output, error }) => {
    if (error) throw new Error(error.message);
    return output;
  });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface AllScriptFigures {
  readonly fields: readonly FieldFigures[];
  readonly records: readonly ScriptFigures[];
  readonly transports: readonly TransportFigures[];
}

export async function runAllScripts(records: number): Promise<AllScriptFigures> {
  const pages = Array.from({ length: Math.ceil(records / 500) }, (_, page) => Array.from({ length: 500 }, (_none, row) => order(page * 500 + row)));
  const fields: FieldFigures[] = [];
  for (const what of Object.keys(fieldBodies)) fields.push(await runFieldScript(what, 100_000));
  return { fields, records: await runScripts(records), transports: runTransports(pages, 5) };
}

/** Why a script over whole records cannot be as near to a plain call as one over a field: what only its transport takes. */
const describeTransports = (transports: readonly TransportFigures[], plainMicros: number): string => transports.map(({ name, micros, bytes }) => `  there and back without a script, ${name}: ${micros.toFixed(2)} µs per record (${bytes} bytes), ${(micros / plainMicros).toFixed(0)} times a plain call\n`).join('');

const describeField = ({ what, values, perSecond, ratio }: FieldFigures): string =>
  `script over a field of ${values} records, ${what}, in columns: ${(perSecond / 1e6).toFixed(2)} million values per second, ${ratio.toFixed(1)} times a plain call (target: 12, and half a million)\n`;

export const describeAllScripts = ({ fields, records, transports }: AllScriptFigures): string => `${fields.map(describeField).join('')}${describeScripts(records)}${describeTransports(transports, records[0]!.micros)}`;

const describeScripts = (figures: readonly ScriptFigures[]): string => figures.map(({ name, micros, ratio, overJson }) => `script over records of 1 KB, ${name}: ${micros.toFixed(2)} µs per record, ${ratio.toFixed(1)} times a plain call, ${overJson.toFixed(2)} times the JSON\n`).join('');

if (import.meta.main) process.stdout.write(describeAllScripts(await runAllScripts(Number(process.argv[2] ?? 50_000))));
