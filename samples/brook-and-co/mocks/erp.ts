import { listen, type Answer, type Mock, type Request } from './http.ts';

/** Key of the sample. It opens nothing but this mock. */
export const erpKey = 'brook-erp-key';

interface State {
  batches: number;
  orders: number;
  rejected: number;
  /** Minor units by currency. */
  totals: Record<string, number>;
  /** Orders in the books, by reference. */
  books: Map<string, string>;
  /** Orders that came again as they were. */
  known: number;
  repeated: number;
  stock: Map<string, number>;
  /** Answers by idempotency key. */
  answers: Map<string, Answer>;
  failures: { left: number; status: number };
}

const fresh = (): State => ({ batches: 0, orders: 0, rejected: 0, totals: {}, books: new Map(), known: 0, repeated: 0, stock: new Map(), answers: new Map(), failures: { left: 0, status: 503 } });

/** The mock ERP: takes batches of sales orders and stock levels, checks each item, and counts what it received. */
export async function startErp(port = 0): Promise<Mock> {
  let state = fresh();
  return listen(port, (request) => {
    if (request.path === '/admin/reset' && request.method === 'POST') {
      state = fresh();
      return { body: {} };
    }
    if (request.path === '/admin/fail' && request.method === 'POST') {
      const { next = 1, status = 503 } = request.json();
      state.failures = { left: Number(next), status: Number(status) };
      return { body: state.failures };
    }
    if (request.path === '/stats') return { body: { batches: state.batches, orders: state.orders, rejected: state.rejected, known: state.known, totals: state.totals, repeated: state.repeated, articles: state.stock.size } };
    if (request.headers['x-api-key'] !== erpKey) return { status: 401, body: { error: 'Wrong API key' } };
    if (state.failures.left > 0) {
      state.failures.left--;
      return { status: state.failures.status, body: { error: 'Out of order' } };
    }
    return once(request, state, () => serve(request, state));
  });
}

/** A request with a key that was seen before gets the same answer and has no effect. */
function once({ headers }: Request, state: State, answer: () => Answer): Answer {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return answer();
  const known = state.answers.get(key);
  if (known) {
    state.repeated++;
    return known;
  }
  const given = answer();
  state.answers.set(key, given);
  return given;
}

function serve(request: Request, state: State): Answer {
  if (request.method === 'GET' && request.path === '/account') return { body: { account: 'brook-and-co' } };
  if (request.method === 'POST' && request.path === '/sales-orders') return takeOrders(request, state);
  if (request.method === 'POST' && request.path === '/stock') return takeStock(request, state);
  return { status: 404, body: { error: 'Not found' } };
}

function takeOrders(request: Request, state: State): Answer {
  const { orders } = request.json();
  if (!Array.isArray(orders)) return { status: 400, body: { error: 'The body needs "orders", a list' } };
  state.batches++;
  const errors: { index: number; message: string }[] = [];
  const before = state.books.size;
  for (const [index, order] of (orders as SalesOrder[]).entries()) {
    const message = problemOf({ ...order }, state);
    if (message) errors.push({ index, message });
    // Whoever runs an import again must not be told that all of it is wrong.
    else if (state.books.has(order.reference)) state.known++;
    else {
      state.books.set(order.reference, JSON.stringify(order));
      state.totals[order.currency] = (state.totals[order.currency] ?? 0) + order.totalMinor;
    }
  }
  state.orders += state.books.size - before;
  state.rejected += errors.length;
  return { body: { accepted: orders.length - errors.length, errors } };
}

interface SalesOrder {
  readonly reference: string;
  readonly currency: string;
  readonly totalMinor: number;
}

function problemOf(order: Record<string, unknown>, state: State): string | undefined {
  const { reference, currency, totalMinor, country, lines } = order;
  if (typeof reference !== 'string' || !/^WEB-\d+$/.test(reference)) return 'reference must look like WEB-100001';
  if (state.books.has(reference) && state.books.get(reference) !== JSON.stringify(order)) return `${reference} is in the books already, and was another order`;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return 'currency must be an ISO code';
  if (typeof country !== 'string' || !/^[A-Z]{3}$/.test(country)) return 'country must be an ISO code of three letters';
  if (!Number.isInteger(totalMinor)) return 'totalMinor must be a whole number';
  if (!Array.isArray(lines) || lines.length === 0) return 'lines must not be empty';
  return undefined;
}

function takeStock(request: Request, state: State): Answer {
  const { items } = request.json();
  if (!Array.isArray(items)) return { status: 400, body: { error: 'The body needs "items", a list' } };
  for (const { article, quantity } of items as { article: string; quantity: number }[]) state.stock.set(article, quantity);
  return { body: { accepted: items.length } };
}
