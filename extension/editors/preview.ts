import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';

/** Bodies longer than this are not loaded for a preview under a field. */
const longestBody = 1024 * 1024;

interface Question {
  readonly expression: string;
  readonly run: string | undefined;
  readonly step: string;
  /** Defaults of the flow's variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, unknown>>;
}

/** What an expression gives for the first payload that went into a step in a run. Answers with the reason where it gives nothing. */
export async function preview(client: RunnerClient, { expression, run, step, variables, env }: Question): Promise<{ value?: unknown; error?: string }> {
  try {
    const seen = run === undefined ? {} : await payloadOf(client, run, step);
    return { value: await client.evaluate(expression, { flow: variables, env, ...seen }) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function payloadOf(client: RunnerClient, run: string, step: string): Promise<object> {
  const [row] = (await client.payloads(run, step, 'in', 1)).items;
  if (!row) return {};
  const seen = { meta: row.meta ?? {}, run: { id: run } };
  if (row.body === '' || row.size > longestBody) return seen;
  const text = new TextDecoder().decode(await client.body(run, row.body));
  return { ...seen, payload: /[/+]json$/.test(row.mediaType) ? (parseJson(text)) : text };
}
