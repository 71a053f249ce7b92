import { FlowError, scriptQuestions, type ScriptQuestion, type ScriptWorld } from '../../sdk/index.ts';
import { digests } from './digests.ts';
import { maxBodyLength } from './frames.ts';

type Question = ScriptQuestion | keyof typeof digests;

/** Answers what a script asks for during one call. */
export interface Answerer {
  /** Takes what the child sent: JSON `[id, question, args][]`. It may come from a script that broke out: throws where it is not as agreed. */
  take(body: string): 'heard';
  /** The call is over: what is still being asked for is given up. */
  end(): void;
}

/** Asked for and not answered yet, at most. The harness keeps to it. */
const maxOpen = 16;

/** `stand`: whether it waits for somebody who looks at the run. */
export function answerer({ ask, stood }: Partial<ScriptWorld>, send: (question: number, body: string) => void, stand: (isStanding: boolean) => void): Answerer {
  const stop = new AbortController();
  let open = 0;
  const answerTo = async (question: Question, args: readonly unknown[]): Promise<unknown> => {
    if (question === 'hash' || question === 'hmac') return digests[question](args);
    if (!ask) throw new FlowError('SCRIPT_REFUSED', `A script cannot ask for anything here (${question}): it is not part of a run.`);
    const wait = stood?.(stop.signal);
    if (wait) {
      stand(true);
      await wait.finally(() => stand(false));
    }
    return ask(question, args, stop.signal);
  };
  const answer = async (id: number, question: Question, args: readonly unknown[]): Promise<void> => {
    let text: string;
    try {
      text = JSON.stringify({ value: (await answerTo(question, args)) ?? null });
      if (text.length > maxBodyLength) throw new FlowError('DATA_TOO_LARGE', `The answer has ${text.length} letters of JSON; a script takes ${maxBodyLength}.`);
    } catch (error) {
      const { message } = error as Error;
      text = JSON.stringify({ error: { ...(error instanceof FlowError && { code: error.code }), message } });
    }
    open--;
    if (!stop.signal.aborted) send(id, text);
  };
  return {
    take(body) {
      const given: unknown = JSON.parse(body);
      if (!Array.isArray(given) || given.length + open > maxOpen || !given.every(isQuestion)) throw new Error('its questions are not as agreed');
      open += given.length;
      for (const [id, question, args] of given) void answer(id, question, args);
      return 'heard';
    },
    end: () => stop.abort(new FlowError('RUN_STOPPED', 'The script has ended.')),
  };
}

const isQuestion = (entry: unknown): entry is [number, Question, unknown[]] =>
  Array.isArray(entry) && entry.length === 3 && Number.isSafeInteger(entry[0]) && (Object.hasOwn(digests, String(entry[1])) || (scriptQuestions as readonly unknown[]).includes(entry[1])) && Array.isArray(entry[2]);
