import type { Flow, Step } from '../model/flow.ts';
import type { PayloadHead, RunEvent } from '../model/run-event.ts';
import { recordWay, type RecordWay } from './record-way.ts';

/** Which of some payloads got through to the ends of a flow, by the events of the run. */
export interface ThroughReader {
  read(event: RunEvent): void;
  through(): ReadonlySet<string>;
  /** What of each of the others did not, once all events are read. */
  stuck(): ReadonlyMap<string, StuckPayload>;
  sourceOf(payload: PayloadHead): Source | undefined;
}

export interface StuckPayload {
  /** As the step gave it that made it. */
  readonly page: PayloadHead;
  readonly parts: readonly StuckPart[];
}

export interface StuckPart {
  readonly part: PayloadHead;
  /** The payload in work that it was a part of, or itself. */
  readonly work: PayloadHead;
}

/** What a payload was made of; `way` is absent where nobody can say how. */
export interface Source {
  readonly payload: PayloadHead;
  readonly way?: RecordWay;
}

/**
 * A payload got through where all that was made of it left the flow at an end: nothing failed, nothing is on its way or in work, and nothing vanished in a
 * step without an output. The last one is deliberately strict: a filter lets payloads vanish, but so does a step that gathers them for later, and what is
 * taken for lost is only sent again. Give it all events of the run, in their order.
 */
export function createThroughReader({ steps }: Pick<Flow, 'steps'>, roots: Iterable<string>): ThroughReader {
  /** Payload → those of the roots that it was made of. */
  const origins = new Map<string, ReadonlySet<string>>([...roots].map((root) => [root, new Set([root])]));
  const pages = new Map<string, PayloadHead>();
  const stuck = new Map<string, StuckPart[]>();
  const sources = new Map<string, Source>();
  /** Payloads that are on their way to a step or in work there, with whether they have given something yet. */
  const visits = new Map<string, { payload: PayloadHead; hasGiven: boolean }>();
  const seen = new Set<string>();

  const visit = (step: string, payload: PayloadHead): void => {
    const key = JSON.stringify([step, payload.id]);
    visits.set(key, { payload, hasGiven: visits.get(key)?.hasGiven ?? false });
  };
  const fail = (payload: string, part: PayloadHead, work = part): void => {
    for (const root of origins.get(payload) ?? []) {
      const parts = stuck.get(root) ?? [];
      parts.push({ part, work });
      stuck.set(root, parts);
    }
  };
  const out = ({ step, port, payload, from = payload.id }: RunEvent & { type: 'payload-out' }): void => {
    const { id } = payload;
    const inherited = origins.get(from);
    if (inherited) {
      if (from !== id) origins.set(id, new Set([...(origins.get(id) ?? []), ...inherited]));
      // What a try-catch has caught is not in work there.
      const known = visits.get(JSON.stringify([step, from]));
      if (known) known.hasGiven = true;
      if (known && (from !== id || known.payload.body !== payload.body)) sources.set(nameOf(payload), sourceBy(steps[step], port, known.payload, payload));
    } else if (!origins.has(id)) return;
    // One that a step made itself, such as a page, begins here.
    if (origins.get(id)!.has(id)) {
      seen.add(id);
      if (from !== id) pages.set(id, payload);
    }
    const next = steps[step]?.next;
    const target = next && Object.hasOwn(next, port) ? next[port] : undefined;
    if (target !== undefined) visit(target, payload);
  };
  const done = (step: string, payload: string): void => {
    const key = JSON.stringify([step, payload]);
    const known = visits.get(key);
    if (known?.hasGiven === false) fail(payload, known.payload);
    visits.delete(key);
  };
  const end = (): void => {
    for (const { payload } of visits.values()) fail(payload.id, payload);
    visits.clear();
  };

  return {
    read(event) {
      if (event.type === 'payload-in') {
        if (!origins.has(event.payload.id)) return;
        seen.add(event.payload.id);
        visit(event.step, event.payload);
      } else if (event.type === 'payload-out') out(event);
      else if (event.type === 'payload-done') done(event.step, event.payload);
      else if (event.type === 'payload-failed') {
        const { step, payload, from } = event;
        fail(payload.id, payload);
        if (from !== undefined && from !== payload.id) fail(from, payload, visits.get(JSON.stringify([step, from]))?.payload ?? unknownHead(from));
      }
    },
    through() {
      end();
      return new Set([...origins.keys()].filter((payload) => seen.has(payload) && origins.get(payload)!.has(payload) && !stuck.has(payload)));
    },
    stuck() {
      end();
      return new Map([...stuck].flatMap(([root, parts]) => (pages.has(root) ? [[root, { page: pages.get(root)!, parts }]] : [])));
    },
    sourceOf: (payload) => sources.get(nameOf(payload)),
  };
}

const unknownHead = (id: string): PayloadHead => ({ id, mediaType: '', body: '', size: -1 });

/** The same payload comes by with another body behind a step that changes it. */
const nameOf = ({ id, body }: PayloadHead): string => `${id} ${body}`;

function sourceBy(step: Step | undefined, port: string, payload: PayloadHead, made: PayloadHead): Source {
  const way = step && recordWay(step, port, payload, made);
  return { payload, ...(way && { way }) };
}
