import type { Inbox } from '../../server/runner/inbox.ts';

const never = (): never => { throw new Error('There is no inbox here.'); };

/** The inbox of a runner to whose webhooks nothing has come. */
export const noInbox: Inbox = {
  state: async () => ({ isPaused: false, unread: 0, rules: [], addresses: [] }),
  list: async () => ({ items: [], page: 1, perPage: 50, total: 0 }),
  markRead: async () => {}, subscribe: () => () => {},
  get: never, body: never, pin: never, remove: never, setPaused: never, setRule: never, removeRule: never, send: never, replay: never, saveTest: never,
};
