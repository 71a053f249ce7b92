import { partId, type CallContext, type CheckpointOptions, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { withId } from './payload.ts';

/** What of a payload goes on behind an endpoint that sends it: the records that got through, each once. */
export interface Passing {
  /** The context of the call with this kept beside the state of the endpoint. */
  readonly own: Pick<CallContext<never>, 'checkpoint' | 'fail' | 'resumed'>;
  /** All was sent: what is to go on. */
  end(): Promise<Payload | undefined>;
  /** The rest fails: what is to go on before it does. */
  cutOff(): Promise<Payload | undefined>;
}

/** Beside the state of the endpoint: the first record that was not passed on, and those from there on that were given up. */
interface Kept {
  readonly passed: number;
  readonly refused: readonly number[];
}

/** `passesInput`: otherwise the answers go on, and only the parts that are left get their ids here. */
export function passingOf(payload: Payload, context: PayloadContext, passesInput: boolean): Passing {
  const { kept, state } = unwrap(context.resumed);
  let { passed } = kept;
  let refused = new Set(kept.refused);
  let last: { readonly state: unknown; readonly options: CheckpointOptions } | undefined;
  let done = 0;
  /** `isOnward`: of what goes on itself. */
  const keep = (given: unknown, { rest, done: left = 0, ...options }: CheckpointOptions, isOnward: boolean): void => context.checkpoint(wrap(given, { passed, refused: [...refused] }), {
    ...options,
    // What is not given out cannot be waited for.
    withNext: isOnward || (options.withNext === true && !passesInput),
    ...(rest && { rest: () => numbered(rest(), left === 0 ? payload.id : partId(payload.id, left)) }),
  });
  const checkpoint: PayloadContext['checkpoint'] = (given, options = {}) => {
    last = { state: given, options };
    done = options.done ?? done;
    keep(given, options, false);
  };
  /** From the first that was not passed on to before another. A payload of one record is that record. */
  const through = async (to = Infinity): Promise<Payload | undefined> => {
    const document = await payload.json();
    if (!Array.isArray(document)) return refused.size > 0 ? undefined : payload;
    if (passed === 0 && to >= document.length && refused.size === 0) return payload;
    const part = document.slice(passed, to).filter((_, index) => !refused.has(passed + index));
    return part.length === 0 ? undefined : payload.with({ body: part });
  };
  return {
    own: {
      resumed: state,
      checkpoint,
      fail(failed, error, { record } = {}) {
        if (record !== undefined && passesInput) refused.add(record);
        context.fail(failed, error);
      },
    },
    // Read only where it must be: it may be longer than anybody reads as a whole.
    end: async () => (passed === 0 && refused.size === 0 ? payload : through()),
    async cutOff() {
      const part = passesInput && done > passed ? await through(done) : undefined;
      if (!part || !last) return undefined;
      passed = done;
      refused = new Set();
      keep(last.state, last.options, true);
      return part;
    },
  };
}

const key = '$passing';

const wrap = (state: unknown, kept: Kept): unknown => (kept.passed === 0 && kept.refused.length === 0 ? state : { [key]: kept, state });

const unwrap = (given: unknown): { readonly kept: Kept; readonly state: unknown } =>
  (isObject(given) && key in given ? { kept: given[key] as Kept, state: given['state'] } : { kept: { passed: 0, refused: [] }, state: given });

const numbered = (part: Payload | undefined, id: string): Payload | undefined => part && withId(part, id);
