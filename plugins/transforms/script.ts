import { defineColumnTransform, FlowError, scriptFailure, type ColumnContext, type Script } from '../sdk/index.ts';

export default defineColumnTransform({
  type: 'script',
  title: 'Script',
  summary: 'Sends the values of a rule through a JavaScript or TypeScript file of the workspace, all at once.',
  description: `The file exports a function \`({values}) => values\`: it is called with the values of all records of the payload, at most 10,000 at once and fewer where they are large, and returns a list of as many, in their order. Each must come of its own value alone. A missing value comes as null; null or \`undefined\`, where it is returned, is no value, and a default of the rule stands in for it. A rule with several sources gives a list for each value.

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
  examples: [
    { title: 'In practice: the carrier of a parcel, by its tracking number', settings: { script: 'carrier.js' }, scripts: { 'carrier.js': "export default ({ values }) => values.map((number) => (/^1Z[0-9A-Z]{16}$/.test(number) ? 'UPS' : /^JJD\\d{16,18}$/.test(number) ? 'DHL' : null));" }, input: '1Z999AA10123456784', output: 'UPS' },
    { title: 'The article number of an ERP', settings: { script: 'article.ts' }, scripts: { 'article.ts': 'export default ({ values }: { values: (string | null)[] }) => values.map((sku) => sku && `ART-${sku.padStart(6, "0").toUpperCase()}`);' }, input: '41b', output: 'ART-00041B' },
    { title: 'Null comes as null', settings: { script: 'count.js' }, scripts: { 'count.js': 'export default ({ values }) => values.map((value) => value ?? 0);' }, input: null, output: 0 },
    { title: 'No value for one of them', settings: { script: 'codes.js' }, scripts: { 'codes.js': "const codes = { kg: 'KGM', pc: 'C62' };\nexport default ({ values }) => values.map((unit) => codes[unit]);" }, input: 'box', output: null },
    { title: 'Empty text', settings: { script: 'length.js' }, scripts: { 'length.js': 'export default ({ values }) => values.map((value) => value.length);' }, input: '', output: 0 },
    { title: 'A value with which it cannot work', settings: { script: 'length.js' }, scripts: { 'length.js': 'export default ({ values }) => values.map((value) => value.trim());' }, input: 7, error: 'SCRIPT_THREW' },
    { title: 'A script that gives too few values', settings: { script: 'none.js' }, scripts: { 'none.js': 'export default () => [];' }, input: 7, error: 'DATA_INVALID' },
    { title: 'A script that does not exist', settings: { script: 'missing.ts' }, input: 1, error: 'CONFIG_UNKNOWN_SCRIPT' },
  ],
  compile: async ({ script: file, timeoutMs }, context) => {
    const script = await context.script(file);
    const run = (columns: readonly (readonly unknown[])[], { signal, log, scriptWorld }: ColumnContext): ReturnType<Script['run']> =>
      script.run(columns.map((values) => ({ values })), { signal, log, areColumns: true, ...scriptWorld?.(), ...(timeoutMs !== undefined && { timeoutMs }) });
    return async (values, current) => {
      const parts = partsOf(values);
      const results = await run(parts, current);
      const given = await Promise.all(parts.map(async (part, index) => {
        const { output, error } = results[index]!;
        if (!error) return listOf(output, part.length, file);
        // What ends its process would do so again.
        if (!['SCRIPT_THREW', 'DATA_TOO_LARGE'].includes(error.code ?? 'SCRIPT_THREW')) throw scriptFailure(file, error);
        const alone = part.length === 1 ? [results[index]!] : await run(part.map((value) => [value]), current);
        return alone.map((one) => (one.error ? scriptFailure(file, one.error) : listOf(one.output, 1, file)[0]));
      }));
      return given.length === 1 ? given[0]! : given.flat(1);
    };
  },
});

/** Letters of JSON in one call, about: of so many the sandbox makes one message; more would only fill its memory. */
const lettersPerCall = 500_000;
const sampled = 20;

function partsOf(values: readonly unknown[]): readonly (readonly unknown[])[] {
  const step = Math.max(1, Math.floor(values.length / sampled));
  const sample = values.filter((_, index) => index % step === 0);
  const perValue = JSON.stringify(sample).length / sample.length;
  const length = Math.max(1, Math.floor(lettersPerCall / perValue));
  return Array.from({ length: Math.ceil(values.length / length) }, (_, index) => values.slice(index * length, (index + 1) * length));
}

function listOf(output: unknown, length: number, file: string): readonly unknown[] {
  if (Array.isArray(output) && output.length === length) return output;
  const given = Array.isArray(output) ? `a list of ${output.length}` : output === null ? 'nothing' : `a value of type ${typeof output}`;
  throw new FlowError('DATA_INVALID', `The script ${file} must return a list of ${length} ${length === 1 ? 'value' : 'values'}, one for each that it is given; it returned ${given}.`, { place: { file } });
}
