import type { InboxDetail } from '../../server/model/inbox.ts';
import type { Inbox } from '../../server/runner/inbox.ts';

const request: InboxDetail = {
  id: 1, at: 1_700_000_000_000, flow: 'orders', trigger: 'in', method: 'POST', url: '/hooks/orders/in', mediaType: 'application/json', size: 2, isRead: false, isPinned: false, status: 200, tookMs: 3, answeredBy: 'flow', run: 'r1',
  headers: { 'content-type': 'application/json' }, query: {}, body: '{}', encoding: 'text', isCut: false, isMasked: false,
};

/** The inbox of a runner to which one request has come; it takes whatever it is told, and keeps nothing. */
export const fakeInbox: Inbox = {
  state: async () => ({ isPaused: false, unread: 1, rules: [], addresses: [{ flow: 'orders', trigger: 'in', path: '/hooks/orders/in', isSigned: false }] }),
  list: async () => ({ items: [request].map(({ headers: _headers, query: _query, body: _body, encoding: _encoding, isCut: _isCut, isMasked: _isMasked, ...row }) => row), page: 1, perPage: 50, total: 1 }),
  get: async () => request,
  body: async () => ({ mediaType: 'application/json', bytes: Buffer.from('{}') }),
  markRead: async () => {}, pin: async () => {}, remove: async () => 1, setPaused: async () => {}, setRule: async () => {}, removeRule: async () => true,
  send: async () => ({ items: [{ status: 200, body: '', request: 1, run: 'r1' }] }),
  replay: async () => ({ items: [{ status: 200, body: '', request: 1, run: 'r1' }] }),
  saveTest: async () => ({ file: 'flows/orders.test.json', name: 'a', written: [], notes: [] }),
  subscribe: () => () => {}, tell: () => {},
};
