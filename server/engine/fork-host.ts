import type { ExchangeHead } from '../model/run-event.ts';
import type { EngineHost } from './host.ts';
import { responseOf, type Recorded } from './replay.ts';
import type { Journal, JournalRow } from './resume.ts';

/**
 * The host of a run that goes on from the middle of another: what that one has sent since, this one does not send again. A request that is the same in every way,
 * from the same step for the same payload, gets the answer of then; what is new, or different, is sent. Who was told something then is not told again.
 */
export function forkHost(host: EngineHost, journal: Journal, after: number, recorded: Recorded): EngineHost {
  const sent = new Map<string, { readonly exchange: ExchangeHead; isUsed: boolean }[]>();
  const ended = new Set<string>();
  for (const { seq, event } of journal.rows()) {
    if (seq <= after) continue;
    if (event.type === 'payload-done') ended.add(`${event.step} ${event.payload}`);
    if (event.type !== 'exchange' || event.exchange.error) continue;
    const key = keyOf(event.step, event.payload, event.exchange.method);
    const known = sent.get(key) ?? [];
    sent.set(key, known);
    known.push({ exchange: event.exchange, isUsed: false });
  }
  return {
    ...host,
    transport: {
      async send(request, options) {
        const known = sent.get(keyOf(options.step, options.payload, request.method))?.filter(({ isUsed }) => !isUsed) ?? [];
        const said = known.length > 0 ? options.said?.() : undefined;
        const same = said && known.find(({ exchange }) => exchange.url === said.url && exchange.requestBody === said.requestBody);
        if (!same) return host.transport.send(request, options);
        same.isUsed = true;
        return responseOf(same.exchange, recorded);
      },
    },
    state: { ...host.state, notify: async (group, message, place) => (ended.has(`${place.step} ${place.payload}`) ? undefined : host.state.notify(group, message, place)) },
  };
}

/** A recording as it was at one of its events. */
export function journalUntil(journal: Journal, last: number): Journal {
  return {
    ...journal,
    *rows(): Generator<JournalRow> {
      const done = new Set<string>();
      for (const { seq, event } of journal.rows()) if (seq <= last && event.type === 'payload-done') done.add(`${event.step} ${event.payload}`);
      for (const row of journal.rows()) {
        if (row.seq > last) return;
        yield row.event.type === 'payload-in' ? { ...row, isDone: done.has(`${row.event.step} ${row.event.payload.id}`) } : row;
      }
    },
  };
}

const keyOf = (step: string | undefined, payload: string | undefined, method: string): string => JSON.stringify([step, payload, method]);
