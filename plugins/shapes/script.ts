import { isDeepStrictEqual } from 'node:util';
import { defineShape, FlowError, scriptFailure, type Output, type Payload, type PayloadContext } from '../sdk/index.ts';

export default defineShape({
  type: 'script',
  title: 'Script',
  summary: 'Runs a JavaScript or TypeScript file of the workspace on each payload.',
  description: `The file exports a function \`(input, context) => output\`; \`input\` is \`{payload, meta, variables, flow}\`. It returns the same structure (what is left out stays as it was), a list of them for several payloads, or nothing, and then nothing goes on. Documents that are not JSON come as text; bytes that are no text (a PDF, an image) come as null, and stay as they were where \`payload\` is left out or null in what is returned. What it changes in \`variables\`, and what it sets in \`meta\`, is kept. It has no files and no processes, and no network but \`context.http\`, which reaches the hosts that \`scripts.hosts\` of patchbay.json names.`,
  icon: 'code',
  group: 'script',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      script: { type: 'string', minLength: 1, title: 'Script', description: 'File below `scripts/`, such as `scripts/totals.ts`.', 'x-ui': { ref: 'script' } },
      timeoutMs: { type: 'integer', minimum: 10, maximum: 3_600_000, title: 'Time limit', description: 'Milliseconds for one payload; default that of the workspace, else 120,000.' },
    },
    required: ['script'],
    additionalProperties: false,
  },
  examples: [{ title: 'A script that does not exist', settings: { script: 'scripts/none.ts' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_SCRIPT' }],
  open: async (settings, context) => {
    const script = await context.script(settings.script);
    const { timeoutMs } = settings;
    return async (payload, current) => {
      const body = isJson(payload) ? await payload.json() : await textOf(payload, current);
      // Others may set variables while the script is at work.
      const variables = { ...current.variables.all() };
      const input = { payload: body, meta: payload.meta, variables, flow: { step: context.step.id } };
      const [result] = await script.run([input], { signal: current.signal, log: current.log, ...current.scriptWorld?.(), ...(timeoutMs !== undefined && { timeoutMs }) });
      if (!result || result.error) throw scriptFailure(settings.script, result?.error);
      return outputsOf(result.output, { payload, body }, { variables, set: (name, value) => current.variables.set(name, value) }, settings.script);
    };
  },
});

const isJson = ({ mediaType }: Payload): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

/** Null where bytes are no text, and nobody says that they are one. */
async function textOf(payload: Payload, { log }: PayloadContext): Promise<string | null> {
  try {
    return await payload.text();
  } catch (error) {
    if (!FlowError.is(error, 'DATA_INVALID') || payload.isText || /^text\/|json|xml|csv|yaml|html|urlencoded/.test(payload.mediaType)) throw error;
    log.info(`${error.message} The script gets null in its place; it stays as it is where the script gives no other.`);
    return null;
  }
}

/** What the script was given, and how to keep what it changed. */
interface Variables {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly set: PayloadContext['variables']['set'];
}

/** What a script was given: the payload, and what it saw of it. */
interface Given {
  readonly payload: Payload;
  readonly body: unknown;
}

function outputsOf(output: unknown, { payload, body: seen }: Given, { variables: given, set }: Variables, script: string): Output[] {
  if (output === undefined || output === null) return [];
  return (Array.isArray(output) ? output : [output]).map((item: unknown): Output => {
    if (!isRecord(item) || !('payload' in item || (Object.keys(item).length > 0 && Object.keys(item).every((name) => parts.has(name))))) {
      throw new FlowError('DATA_INVALID', `The script ${script} must return {payload, …}, a list of such objects, or nothing; it returned ${describe(item)}.`, { place: { file: script } });
    }
    const { payload: body, meta, variables } = item;
    const isKept = body === undefined || (body === null && seen === null && !isJson(payload));
    if (isRecord(variables)) for (const [name, value] of Object.entries(variables)) if (!Object.hasOwn(given, name) || !isDeepStrictEqual(given[name], value)) set(name, value);
    return { port: 'out', payload: payload.with({ ...(!isKept && { body }), ...(isRecord(meta) && { meta: metaOf(meta) }) }) };
  });
}

/** Of what is returned, beside the payload. */
const parts: ReadonlySet<string> = new Set(['meta', 'variables', 'flow']);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const metaOf = (meta: Record<string, unknown>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, value === null || value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)]));
const describe = (value: unknown): string => (Array.isArray(value) ? 'a list in a list' : typeof value === 'object' ? `an object with ${Object.keys(value ?? {}).slice(0, 5).join(', ') || 'nothing in it'}` : `${JSON.stringify(value)}`);
