import { FlowError, type PayloadContext, type Script, type ScriptResult } from '../../plugins/sdk/index.ts';

/** What a call takes from the attempt that it is made in. */
export interface ScriptCall extends Pick<PayloadContext, 'log' | 'scriptWorld'> {
  readonly signal: AbortSignal;
}

/** What a script gives for one input. Fails with what the script failed with, naming its line. */
export async function callScript(script: Script, file: string, input: unknown, { signal, log, scriptWorld }: ScriptCall): Promise<unknown> {
  const [result] = await script.run([input], { signal, log, ...scriptWorld?.() });
  if (result && !result.error) return result.output;
  const { code = 'SCRIPT_THREW', message, file: own = file, line, stack } = result?.error ?? { message: 'The script gave no result.' } as NonNullable<ScriptResult['error']>;
  throw new FlowError(code, message, { place: { file: own, ...(line !== undefined && { line }) }, ...(stack !== undefined && { details: { stack } }) });
}
