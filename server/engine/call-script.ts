import { scriptFailure, type PayloadContext, type Script } from '../../plugins/sdk/index.ts';

/** What a call takes from the attempt that it is made in. */
export interface ScriptCall extends Pick<PayloadContext, 'log' | 'scriptWorld'> {
  readonly signal: AbortSignal;
}

/** What a script gives for one input. Fails with what the script failed with, naming its line. */
export async function callScript(script: Script, file: string, input: unknown, { signal, log, scriptWorld }: ScriptCall): Promise<unknown> {
  const [result] = await script.run([input], { signal, log, ...scriptWorld?.() });
  if (result && !result.error) return result.output;
  throw scriptFailure(file, result?.error);
}
