import { defineColumnTransform, FlowError, type ColumnContext, type Script, type ScriptResult } from '../sdk/index.ts';

export default defineColumnTransform({
  type: 'script',
  title: 'Script',
  summary: 'Sends the values of a rule through a JavaScript or TypeScript file of the workspace, all at once.',
  description: `The file exports a function \`({values}) => values\`: it is called with the values of all records of the payload, at most 10,000 at once, and returns a list of as many, in their order. Each must come of its own value alone. A missing value comes as null; null, where it is returned, is what a default of the rule stands in for. A rule with several sources gives a list for each value.

Where the script throws, it is called again for each value alone, so that only those records fail with which it cannot work. It stands in rules of maps only, not in expressions.`,
  settings: {
    type: 'object',
    properties: {
      script: { type: 'string', minLength: 1, title: 'Script', description: 'File below `scripts/`, such as `scripts/field.ts`.', 'x-ui': { ref: 'script' } },
      timeoutMs: { type: 'integer', minimum: 10, maximum: 3_600_000, title: 'Time limit', description: 'Milliseconds for one call; default that of the workspace, else 120,000.' },
    },
    required: ['script'],
    additionalProperties: false,
  },
  examples: [{ title: 'A script that does not exist', settings: { script: 'scripts/none.ts' }, input: 1, error: 'CONFIG_UNKNOWN_SCRIPT' }],
  compile: async ({ script: file, timeoutMs }, context) => {
    const script = await context.script(file);
    const run = (columns: readonly (readonly unknown[])[], { signal, log, scriptWorld }: ColumnContext): ReturnType<Script['run']> =>
      script.run(columns.map((values) => ({ values })), { signal, log, ...scriptWorld?.(), ...(timeoutMs !== undefined && { timeoutMs }) });
    return async (values, current) => {
      const [result] = await run([values], current);
      if (result && !result.error) return listOf(result.output, values.length, file);
      const { code = 'SCRIPT_THREW' } = result?.error ?? {};
      // What ends its process would do so again.
      if (code !== 'SCRIPT_THREW') throw failure(file, result?.error);
      if (values.length === 1) return [failure(file, result?.error)];
      const alone = await run(values.map((value) => [value]), current);
      return alone.map(({ output, error }) => (error ? failure(file, error) : listOf(output, 1, file)[0]));
    };
  },
});

function listOf(output: unknown, length: number, file: string): readonly unknown[] {
  if (Array.isArray(output) && output.length === length) return output;
  const given = Array.isArray(output) ? `a list of ${output.length}` : output === null ? 'nothing' : `a value of type ${typeof output}`;
  throw new FlowError('DATA_INVALID', `The script ${file} must return a list of ${length} ${length === 1 ? 'value' : 'values'}, one for each that it is given; it returned ${given}.`, { place: { file } });
}

function failure(script: string, error: NonNullable<ScriptResult['error']> | undefined): FlowError {
  const { code = 'SCRIPT_THREW', message, file = script, line, stack } = error ?? { message: 'The script gave no result.' };
  return new FlowError(code, message, { place: { file, ...(line !== undefined && { line }) }, ...(stack !== undefined && { details: { stack } }) });
}
