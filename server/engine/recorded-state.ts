import type { Cache, CachedDocument, FlowCall, Payload, Pool } from '../../plugins/sdk/index.ts';
import type { PayloadHead, StateRead } from '../model/run-event.ts';
import type { Cursor, CursorPlace } from './host.ts';
import { childId, createPayload } from './payload.ts';
import type { Recorder } from './recorder.ts';
import type { RunScope } from './run-scope.ts';

/** What a step reads of the state becomes part of the recording, so that a replay reads the same. */
export interface ReadSink {
  readonly step: string;
  write(read: StateRead): void;
  /** Keeps what was read, by the name that it gets in the recording. */
  keep(payload: Payload): PayloadHead;
}

export function readSink({ recorder, host }: RunScope, step: string): ReadSink {
  return {
    step,
    write: (read) => recorder.write({ type: 'state', step, read, at: host.clock.now() }),
    keep: (payload) => headOf(recorder, payload),
  };
}

const headOf = (recorder: Recorder, payload: Payload): PayloadHead => recorder.itemOf(payload).head;

/** Stands for the arguments of a call: they may be long, and a replay has them itself. */
export const argsKey = (...args: readonly unknown[]): string => childId(JSON.stringify(args), 'args', args.length);

export function recordedCache(cache: Cache, name: string, sink: ReadSink): Cache {
  return {
    ...cache,
    async get(key) {
      const documents = await cache.get(key);
      sink.write({ op: 'cache-get', name, args: argsKey(key), answer: documents.map((document, index) => sink.keep(payloadOf(document, `${sink.step} ${key}`, index))) });
      return documents;
    },
    async delete(key) {
      const was = await cache.delete(key);
      sink.write({ op: 'cache-delete', name, args: argsKey(key), answer: was });
      return was;
    },
  };
}

export function recordedPool(pool: Pool, name: string, sink: ReadSink): Pool {
  return {
    async has(values, entity) {
      const answer = await pool.has(values, entity);
      sink.write({ op: 'pool-has', name, args: argsKey(values, entity), answer: bits(answer) });
      return answer;
    },
    async add(values, options) {
      const answer = await pool.add(values, options);
      sink.write({ op: 'pool-add', name, args: argsKey(values, options.entity), answer: bits(answer) });
      return answer;
    },
  };
}

export function recordedCursor(cursor: Cursor, place: CursorPlace, sink: ReadSink): Cursor {
  return {
    ...cursor,
    async begin(reading) {
      const start = await cursor.begin(reading);
      sink.write({ op: 'cursor-begin', name: cursorName(place), args: argsKey(place.slice, reading.input, reading.seq), answer: start });
      return start;
    },
  };
}

export const cursorName = ({ instance, endpoint }: CursorPlace): string => `${instance} ${endpoint}`;

export function recordedFlow(call: FlowCall, name: string, sink: ReadSink): FlowCall {
  return {
    async start(payload, options) {
      const started = await call.start(payload, options);
      sink.write({ op: 'flow-start', name, args: argsKey(options.key), answer: started.run });
      return {
        run: started.run,
        async done() {
          const outputs = await started.done();
          sink.write({ op: 'flow-done', name, args: argsKey(options.key), answer: outputs.map(sink.keep) });
          return outputs;
        },
      };
    },
  };
}

const payloadOf = ({ body, mediaType, meta }: CachedDocument, key: string, index: number): Payload => createPayload({ id: childId(key, 'cache', index), body, mediaType, meta });

/** `101`: one digit for each answer, since there may be thousands. */
const bits = (answer: readonly boolean[]): string => answer.map(Number).join('');
export const fromBits = (text: string): boolean[] => Array.from(text, (bit) => bit === '1');
