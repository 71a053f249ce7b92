import type { LastPayload } from '../../server/model/flow-place.ts';
import { RunnerProblem, type RunnerClient } from '../../webview/protocol/runner-client.ts';

/** Payloads longer than this (in characters of JSON) are not sent for a preview under a field. */
const longestBody = 1024 * 1024;

interface Question {
  readonly expression: string;
  /** What arrives at the step. */
  readonly last: LastPayload | undefined;
  /** Defaults of the flow's variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, unknown>>;
}

/** What an expression gives for the payload that arrives at a step. Answers with the reason where it gives nothing. */
export async function preview(client: Pick<RunnerClient, 'evaluate'>, { expression, last, variables, env }: Question): Promise<{ value?: unknown; error?: string }> {
  const isLong = last !== undefined && JSON.stringify(last.body).length > longestBody;
  const seen = last && { ...(!isLong && { payload: last.body }), meta: last.meta, run: { id: last.from } };
  try {
    return { value: await client.evaluate(expression, { flow: variables, env, ...seen }) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What is missing is then not the fault of the expression.
    const needs = error instanceof RunnerProblem && error.code === 'DATA_MISSING' ? / has no value: (payload|meta|run)\b/.exec(message)?.[1] : undefined;
    if (needs !== undefined && !last) return { error: 'No payload yet: run the flow.' };
    if (needs === 'payload' && isLong) return { error: 'The last payload is longer than 1 MB: its values are not shown here.' };
    return { error: message };
  }
}
