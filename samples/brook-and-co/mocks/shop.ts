import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { makeShop, type ShopData } from './data.ts';
import { listen, numberOf, type Answer, type Mock, type Request } from './http.ts';

/** Keys of the sample. They open nothing but these mocks. */
export const shopClient = { id: 'brook-flows', secret: 'brook-shop-secret' } as const;
export const webhookSecret = 'brook-webhook-secret';

/** The mock shop. One request of the API in seven is answered 429 first, as real shops do. */
export async function startShop(port = 0): Promise<Mock> {
  const data = makeShop();
  const state = { requests: 0, limited: 0, tokens: new Set<string>() };
  return listen(port, (request) => {
    if (request.path.startsWith('/admin/')) return admin(request, data, state);
    if (request.method === 'POST' && request.path === '/oauth/token') return token(request, state.tokens);
    if (!state.tokens.has((request.headers.authorization ?? '').replace(/^Bearer /, ''))) return { status: 401, body: { error: 'invalid_token' } };
    state.requests++;
    if (state.requests % 7 === 3) {
      state.limited++;
      return { status: 429, headers: { 'retry-after': '1' }, body: { error: 'Too many requests' } };
    }
    return api(request, data);
  });
}

interface State {
  requests: number;
  limited: number;
  tokens: Set<string>;
}

function token({ headers, body }: Request, tokens: Set<string>): Answer {
  const form = new URLSearchParams(body.toString('utf8'));
  const basic = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8').split(':').map(decodeURIComponent);
  const [id = form.get('client_id') ?? '', secret = form.get('client_secret') ?? ''] = basic.length === 2 ? basic : [];
  if (form.get('grant_type') !== 'client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } };
  if (id !== shopClient.id || !isSame(secret, shopClient.secret)) return { status: 401, body: { error: 'invalid_client', error_description: 'Unknown client or wrong secret' } };
  const access_token = randomUUID();
  tokens.add(access_token);
  return { body: { access_token, token_type: 'Bearer', expires_in: 3600 } };
}

function api(request: Request, data: ShopData): Answer {
  if (request.method !== 'GET') return { status: 405, body: { error: 'Only GET' } };
  switch (request.path) {
    case '/api/orders': return orders(request, data);
    case '/api/products': return products(request, data);
    case '/api/customers': return customers(request, data);
    case '/api/inventory': return inventory(request, data);
    default: return { status: 404, body: { error: 'Not found' } };
  }
}

/** Pages by a `Link` header. */
function orders({ query, origin }: Request, data: ShopData): Answer {
  const limit = numberOf(query, 'limit', 50, 250);
  const since = query.get('created_at_min');
  const all = since ? data.orders.filter(({ created_at }) => Date.parse(created_at) >= Date.parse(since)) : data.orders;
  const from = Number(Buffer.from(query.get('page_info') ?? '', 'base64url').toString('utf8') || 0);
  const isLast = from + limit >= all.length;
  const next = new URL('/api/orders', origin);
  next.search = new URLSearchParams({ limit: String(limit), ...(since && { created_at_min: since }), page_info: Buffer.from(String(from + limit)).toString('base64url') }).toString();
  return { ...(!isLast && { headers: { link: `<${next.href}>; rel="next"` } }), body: { orders: all.slice(from, from + limit) } };
}

/** Pages by a cursor in the body. */
function products({ query }: Request, data: ShopData): Answer {
  const limit = numberOf(query, 'limit', 100, 500);
  const from = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString('utf8') || 0);
  const next_cursor = from + limit < data.products.length ? Buffer.from(String(from + limit)).toString('base64url') : null;
  return { body: { products: data.products.slice(from, from + limit), next_cursor } };
}

/** Pages by number. */
function customers({ query }: Request, data: ShopData): Answer {
  const per_page = Math.max(1, numberOf(query, 'per_page', 50, 100));
  const page = Math.max(1, numberOf(query, 'page', 1, 1e6));
  return { body: { customers: data.customers.slice((page - 1) * per_page, page * per_page), page, pages: Math.ceil(data.customers.length / per_page) } };
}

/** Pages by offset. */
function inventory({ query }: Request, data: ShopData): Answer {
  const limit = numberOf(query, 'limit', 100, 500);
  const offset = numberOf(query, 'offset', 0, 1e9);
  return { body: { items: data.products.slice(offset, offset + limit).map(({ sku, stock, updated_at }) => ({ sku, available: stock, updated_at })), total: data.products.length } };
}

async function admin(request: Request, data: ShopData, state: State): Promise<Answer> {
  if (request.path === '/admin/stats') return { body: { orders: data.orders.length, products: data.products.length, customers: data.customers.length, requests: state.requests, limited: state.limited } };
  if (request.method === 'POST' && request.path === '/admin/reset') {
    Object.assign(state, { requests: 0, limited: 0 });
    return { body: {} };
  }
  if (request.method === 'POST' && request.path === '/admin/webhooks') return sendWebhook(request, data);
  return { status: 404, body: { error: 'Not found' } };
}

/** Sends an order to an address on this machine, signed as shops do, and gives the answer. */
async function sendWebhook(request: Request, data: ShopData): Promise<Answer> {
  const { url, order = 0, secret = webhookSecret } = request.json();
  const target = new URL(String(url));
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(target.hostname)) return { status: 400, body: { error: 'Webhooks go to this machine only' } };
  const body = JSON.stringify(data.orders[Number(order)]);
  const response = await fetch(target, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-brook-hmac-sha256': sign(body, String(secret)), 'x-brook-delivery': randomUUID() } });
  const text = await response.text();
  return { body: { status: response.status, answer: text } };
}

/** The signature of a webhook: HMAC-SHA256 of the raw body, in base64. */
export const sign = (body: string, secret: string = webhookSecret): string => createHmac('sha256', secret).update(body).digest('base64');

const isSame = (given: string, wanted: string): boolean => given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
