/** What the mock shop sells and has sold: the same on every machine and every day. */
export interface ShopData {
  readonly orders: readonly Order[];
  readonly products: readonly Product[];
  readonly customers: readonly Customer[];
}

export interface Order {
  readonly id: number;
  readonly number: string;
  readonly created_at: string;
  readonly currency: string;
  readonly financial_status: 'paid' | 'pending' | 'refunded';
  readonly customer: Customer;
  readonly shipping_address: Address;
  readonly line_items: readonly Line[];
  readonly shipping_lines: readonly { readonly title: string; readonly price: string }[];
  readonly discount_codes: readonly string[];
  readonly note: string | null;
  readonly tags: string;
  readonly total_price: string;
}

export interface Address {
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country_code: string;
}

export interface Line {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly price: string;
  readonly tax_rate: string;
}

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly title: string;
  readonly price: string;
  readonly stock: number;
  readonly grams: number;
  readonly updated_at: string;
}

export interface Customer {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly vat_number: string | null;
}

export const counts = { orders: 1234, products: 2000, customers: 500 } as const;

/** Paid orders that no ERP can take: a country that is none, and a price that is no number. */
export const badOrders = [{ index: 417, number: 'BC-100418' }, { index: 902, number: 'BC-100903' }] as const;

/** What must arrive at the ERP: paid orders without the bad ones, and their totals in minor units by currency. */
export function expectedAtErp(data: ShopData): { readonly orders: number; readonly totals: Readonly<Record<string, number>> } {
  const bad = new Set<string>(badOrders.map(({ number }) => number));
  const good = data.orders.filter((order) => order.financial_status === 'paid' && !bad.has(order.number));
  const totals: Record<string, number> = {};
  for (const { currency, total_price } of good) totals[currency] = (totals[currency] ?? 0) + Math.round(Number(total_price) * 100);
  return { orders: good.length, totals };
}

export function makeShop(seed = 42): ShopData {
  const random = numbers(seed);
  const customers = Array.from({ length: counts.customers }, (_, index) => customer(index, random));
  const products = Array.from({ length: counts.products }, (_, index) => product(index, random));
  const orders = Array.from({ length: counts.orders }, (_, index) => order(index, random, customers, products));
  return { customers, products, orders: orders.map(spoil) };
}

const first = ['Ada', 'Zoë', 'Björn', 'Chloé', 'José', 'Łukasz', 'Siobhán', 'Noor', '美咲', 'Олена', 'Emeka', 'Ingrid', 'Tom', "D'Arcy", 'Anna-Lena'];
const last = ['Brook', 'Müller', "O'Neill", 'García', 'Sørensen', 'Nowak', 'van den Berg', '田中', 'Šimić', 'Okafor', 'Smith-Jones', 'Le Goff', 'Kovács'];
const cities: readonly (readonly [country: string, city: string, postcode: string, currency: string])[] = [
  ['GB', 'London', 'SW1A 1AA', 'GBP'], ['GB', 'Leeds', 'LS1 4AP', 'GBP'], ['DE', 'München', '80331', 'EUR'], ['FR', 'Orléans', '45000', 'EUR'], ['IE', 'Cork', 'T12 XH99', 'EUR'],
  ['ES', 'Málaga', '29001', 'EUR'], ['US', 'Portland', '97204', 'USD'], ['NL', "'s-Hertogenbosch", '5211', 'EUR'],
];
const things = ['Kettle', 'Teapot', 'Mug', 'Tray', 'Spoon', 'Cosy', 'Tin', 'Strainer', 'Whisk', 'Caddy'];
const kinds = ['Copper', 'Glass', 'Porcelain', 'Oak', 'Steel', 'Crème', 'Blue & white', '“Regent”', 'Small', 'XL'];

function customer(index: number, random: () => number): Customer {
  const id = 5001 + index;
  return {
    id, first_name: pick(first, random), last_name: pick(last, random), email: `customer${id}@brook.example`,
    phone: random() < 0.3 ? null : `+44 20 7946 0${String(100 + Math.floor(random() * 900))}`,
    vat_number: random() < 0.15 ? `GB${String(100_000_000 + Math.floor(random() * 899_999_999))}` : null,
  };
}

function product(index: number, random: () => number): Product {
  return {
    id: 9001 + index, sku: `BC-${String(1 + index).padStart(4, '0')}`, title: `${pick(kinds, random)} ${pick(things, random)}`, price: money(200 + Math.floor(random() * 9800)),
    stock: Math.floor(random() * 250), grams: 50 + Math.floor(random() * 3000), updated_at: time(index * 7 + Math.floor(random() * 5000)),
  };
}

function order(index: number, random: () => number, customers: readonly Customer[], products: readonly Product[]): Order {
  const [country_code, city, postcode, currency] = pick(cities, random);
  const line_items = Array.from({ length: 1 + Math.floor(random() * 4) }, (): Line => {
    const { sku, title, price } = pick(products, random);
    return { sku, title, quantity: 1 + Math.floor(random() * 3), price, tax_rate: currency === 'USD' ? '0' : '20.0' };
  });
  const shipping = random() < 0.4 ? '0.00' : '4.95';
  const total = line_items.reduce((sum, line) => sum + Math.round(Number(line.price) * 100) * line.quantity, Math.round(Number(shipping) * 100));
  const chance = random();
  return {
    id: 100_001 + index, number: `BC-${100_001 + index}`, created_at: time(index * 30), currency,
    financial_status: chance < 0.78 ? 'paid' : chance < 0.93 ? 'pending' : 'refunded',
    customer: pick(customers, random),
    shipping_address: { street: `${1 + Math.floor(random() * 200)} ${pick(['High Street', 'Mill Lane', 'Königsallee', 'Rue de l’Église', 'Main St.'], random)}`, city, postcode, country_code },
    line_items, shipping_lines: [{ title: shipping === '0.00' ? 'Free' : 'Standard', price: shipping }],
    discount_codes: random() < 0.1 ? ['SPRING'] : [], note: random() < 0.12 ? pick(['  Leave with neighbour ', 'Gift – no invoice please 🎁', 'Ring twice'], random) : null,
    tags: pick(['', 'vip', 'vip, gift', 'wholesale'], random), total_price: money(total),
  };
}

function spoil(order: Order, index: number): Order {
  if (index === badOrders[0].index) return { ...order, financial_status: 'paid', shipping_address: { ...order.shipping_address, country_code: 'XX' } };
  if (index === badOrders[1].index) return { ...order, financial_status: 'paid', total_price: 'n/a' };
  return order;
}

const money = (minor: number): string => (minor / 100).toFixed(2);
const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T;

/** Minutes after the first of January 2024, in the time of London. */
function time(minutes: number): string {
  const at = Date.UTC(2024, 0, 1) + minutes * 60_000;
  const isSummer = at >= Date.UTC(2024, 2, 31, 1) && at < Date.UTC(2024, 9, 27, 1);
  return new Date(at + (isSummer ? 3_600_000 : 0)).toISOString().replace('.000Z', isSummer ? '+01:00' : '+00:00');
}

/** Numbers in [0, 1) from a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
