import type { DebugEvent } from '../model/debug.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import { invalid } from './arguments.ts';
import type { PastHost } from './past.ts';

/** What a session is told of the runs of the case that it debugs: they are no runs of the workspace, so nobody else keeps them. */
export class CaseRecordings {
  readonly #evaluate: PastHost['evaluate'];
  readonly #runs = new Map<string, { readonly flow: string; readonly flowText: string; readonly events: NumberedRunEvent[] }>();
  readonly #bodies = new Map<string, { readonly mediaType: string; readonly bytes: Uint8Array }>();
  /** Step → payloads that began there, in the cases that are over. */
  #began = new Map<string, number>();
  #main: string | undefined;
  #kept = 0;
  #isCut = false;

  constructor({ evaluate }: Pick<PastHost, 'evaluate'>) {
    this.#evaluate = evaluate;
  }

  take(told: DebugEvent): void {
    if (told.type === 'recording') {
      // The next case has the same name.
      if (told.caller === undefined) this.#next(told.run);
      this.#runs.set(told.run, { flow: told.flow, flowText: told.flowText, events: [] });
    } else if (told.type === 'recorded') {
      // What comes late is of a case that is over.
      const { events } = this.#runs.get(told.event.run) ?? {};
      if (!events) return;
      if (events.length < mostEvents) events.push(told.event);
      else this.#isCut = true;
    } else if (told.type === 'recorded-body') {
      const bytes = typeof told.data === 'string' ? Buffer.from(told.data) : told.data;
      if (this.#bodies.has(told.hash) || this.#kept + bytes.length > mostBytes) return;
      this.#kept += bytes.length;
      this.#bodies.set(told.hash, { mediaType: told.mediaType, bytes });
    }
  }

  /** Where such a run can be looked back at. Fails with `API_INVALID` where it was too long to be kept. */
  host(run: string): PastHost | undefined {
    if (!this.#runs.has(run)) return undefined;
    if (this.#isCut) throw invalid(`The case has had more than ${mostEvents.toLocaleString('en')} events, which are not kept: there is no way back.`, 'Debug the case again, with a breakpoint further to the front.');
    return {
      archive: {
        run: (id) => this.#runs.get(id),
        body: (_run, hash) => {
          const body = this.#bodies.get(hash);
          return body && { mediaType: body.mediaType, size: body.bytes.length, open: async function* (range = { start: 0, end: body.bytes.length }) { yield body.bytes.subarray(range.start, range.end); } };
        },
        window: async () => undefined,
      },
      debug: { events: async (id, afterSeq, limit) => this.#runs.get(id)?.events.slice(afterSeq, afterSeq + limit) ?? [] },
      evaluate: this.#evaluate,
    };
  }

  /** How many payloads had begun at a step when one of the run of a case did, in that case and those before it. */
  countOf(run: string, seq: number, step: string): number {
    return (this.#began.get(step) ?? 0) + begun(this.#runs.get(run)?.events ?? []).filter((one) => one.seq <= seq && one.step === step).length;
  }

  /** The first case comes again. */
  forget(): void {
    this.#main = undefined;
    this.#began = new Map();
    this.#drop();
  }

  #next(run: string): void {
    for (const { step } of begun(this.#runs.get(this.#main ?? '')?.events ?? [])) this.#began.set(step, (this.#began.get(step) ?? 0) + 1);
    this.#main = run;
    this.#drop();
  }

  #drop(): void {
    this.#runs.clear();
    this.#bodies.clear();
    this.#kept = 0;
    this.#isCut = false;
  }
}

const begun = (events: readonly NumberedRunEvent[]): readonly { readonly seq: number; readonly step: string }[] => events.flatMap(({ seq, event }) => (event.type === 'payload-in' && event.attempt === 1 ? [{ seq, step: event.step }] : []));

const mostEvents = 100_000;
/** Of bodies; further ones are said not to be recorded. */
const mostBytes = 64 * 1024 * 1024;
