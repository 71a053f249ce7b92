import { availableParallelism } from 'node:os';
import type { Script, ScriptDebug, ScriptEngine } from '../../sdk/index.ts';
import { childSource, type ChildKind } from './bundle.ts';
import { compileScript } from './compile.ts';
import { inspectedPool } from './inspected.ts';
import { canInspect } from './launch.ts';
import { openPool, type Pool } from './pool.ts';
import { runScript } from './run.ts';
import { mostLoadMs, openSandbox } from './sandbox.ts';

/** What both engines take, and do with it. */
export const settings = {
  type: 'object',
  additionalProperties: false,
  properties: {
    timeoutMs: { type: 'integer', minimum: 10, maximum: 3_600_000, default: 120_000, title: 'Time limit', description: 'Milliseconds that a script may work on one input. Loading it has a limit of its own, of five seconds.' },
    memoryMb: { type: 'integer', minimum: 32, maximum: 4_096, default: 128, title: 'Memory limit', description: 'Megabytes that a script may use, above what its process needs when it is empty.' },
  },
} as const;

export const contracts = `A script exports a function; it is called once per input, waits for promises, and returns what goes on. Two contracts:

- \`export default async function (input, context)\`, where a payload script gets \`{payload, meta, variables, flow}\` and returns the same structure, or a list of them.
- \`module.exports = async (data) => ({payload})\`, as hosted platforms have it: the payload is text, and may be returned as text.

A result is JSON: what JSON does not hold (\`NaN\`, a \`BigInt\`, a \`Map\` or \`Set\`, bytes, a function, a promise) fails that input, and the error says where in the result it stands; fields that are \`undefined\` are left out, while in a list \`undefined\` or a hole fails, since something would have to stand in for it; nothing returned is null. Whole numbers beyond 2^53 come as text, as they do in payloads, also of what a hosted script gives back as text. A number from 2^53 to 10^21 that a script makes itself (\`Number(id)\`, \`JSON.parse\`, a sum) fails that input, since JavaScript has rounded it: return it as text.

In \`context\`, what is marked * gives a promise:

- \`log\` (\`debug\`, \`info\`, \`warn\`, \`error\`) writes to the log of the run, as \`console\` does.
- \`http(request)\`*: \`request\` is an address or \`{url, method, headers, body, timeoutMs}\`, the answer \`{status, headers, body}\`, any status. With \`instance\` beside it, \`url\` is a path below the address of that instance, and the request is signed, limited and tried again as its connector says; an answer that the connector takes for a failure is one. \`scripts.hosts\` of patchbay.json names the hosts that it may reach. It is recorded. Redirects are not followed, but for those of an instance, as its connector allows.
- \`lookup(name, value, {from, to, reverse, row})\`*, null where there is no row, unless the settings of the lookup say otherwise; null, a missing value and empty text have none, and give its default or null, never its error; \`cache(name, scope)\` with \`get(key)\`* (a list), \`put(key, value, {ttlMs})\`*, \`append(key, value, {ttlMs})\`* and \`delete(key)\`*; \`pool(name)\` with \`has(values, entity)\`* and \`add(values, {entity, ttlMs})\`*, which says which of them are new.
- \`hash(algorithm, text, encoding)\`*, \`hmac(algorithm, key, text, encoding)\`*, \`base64.encode(text)\`, \`base64.decode(text)\`, \`uuid()\`.

The time stands still while a script works, and random numbers come from the run, so that a replay sees the same. A script may import npm packages of the workspace that \`scripts.packages\` of patchbay.json names; they are bundled with it, and find no module of Node.js either. There are no files, processes or timers in a script, and nothing that hosts add to the language (\`URL\`, \`URLSearchParams\`, \`fetch\`, \`structuredClone\`): the error says what to use instead. What it keeps in its variables may be gone with the next call.`;

export const examples = [
  {
    title: 'A payload script',
    settings: {},
    source: 'export default async function ({ payload, ...rest }) {\n  return { ...rest, payload: { ...payload, total: payload.lines.reduce((sum, line) => sum + line.price, 0) } };\n}\n',
    input: { payload: { lines: [{ price: 2 }, { price: 3 }] }, meta: { source: 'shop' }, variables: {} },
    output: { payload: { lines: [{ price: 2 }, { price: 3 }], total: 5 }, meta: { source: 'shop' }, variables: {} },
  },
  { title: 'A field script', settings: {}, source: "export default (name) => name.trim().split(/\\s+/).at(-1);\n", input: ' Ada King Lovelace ', output: 'Lovelace' },
  {
    title: 'A script from a hosted platform',
    settings: {},
    source: 'module.exports = async (data) => {\n  const order = JSON.parse(data.payload);\n  return { payload: JSON.stringify({ id: order.id }) };\n};\n',
    input: { payload: { id: 7, note: 'x' }, meta: {}, variables: {} },
    output: { payload: { id: 7 } },
  },
] as const;

/** Compiles scripts, and runs them in children of a kind. */
export function engineOf(kind: ChildKind): Pick<ScriptEngine<typeof settings>, 'compile' | 'close'> {
  /** One pool per limit, since the limit is a flag of the process. */
  const pools = new Map<number, Pool>();
  const poolFor = (memoryMb: number): Pool => {
    let pool = pools.get(memoryMb);
    if (!pool) {
      const open = async () => openSandbox({ source: await childSource(kind), memoryMb });
      pool = openPool({ size: availableParallelism(), idleMs: 60_000, open });
      pools.set(memoryMb, pool);
    }
    return pool;
  };
  const sessions = new WeakMap<AbortSignal, Map<number, Pool>>();
  /** Children that belong to a debug session, and end with it; `undefined` where scripts cannot be stopped. */
  const debuggedPool = ({ session, refuse }: ScriptDebug, memoryMb: number): Pool | undefined => {
    if (kind === 'strict') return void refuse('Scripts do not stop in the engine "strict": its interpreter has no debugger. Take the engine "vm2" while you look for an error.');
    if (!canInspect()) return void refuse(`Scripts do not stop here: Node.js ${process.versions.node} opens no debugger in a process that its permissions limit. It needs the flag --allow-inspector of Node.js 24.`);
    const own = sessions.get(session) ?? new Map<number, Pool>();
    sessions.set(session, own);
    const known = own.get(memoryMb);
    if (known || session.aborted) return known;
    const opened = openPool({ size: 1, idleMs: 3_600_000, open: async () => openSandbox({ source: await childSource(kind), memoryMb, isInspected: true }) });
    own.set(memoryMb, opened);
    // Who is at work there comes to its end.
    session.addEventListener('abort', () => void opened.use(new AbortController().signal, async () => undefined).catch(() => undefined).finally(() => opened.close()), { once: true });
    return opened;
  };
  return {
    async compile(source, { timeoutMs, memoryMb }) {
      const compiled = await compileScript(source);
      const pool = poolFor(memoryMb);
      // Only the engine itself and the top level of the script can say whether it really loads.
      await pool.use(new AbortController().signal, (sandbox) => sandbox.load(compiled, mostLoadMs, new AbortController().signal));
      const script: Script = {
        at: compiled.at, warnings: compiled.warnings,
        async run(inputs, { debug, ...options }) {
          const inspected = debug?.wants(compiled.file) ? debuggedPool(debug, memoryMb) : undefined;
          return runScript(inspected && debug ? inspectedPool(inspected, compiled, debug) : pool, compiled, inputs, { timeoutMs, ...options });
        },
        // A child forgets the scripts that it has not run for long.
        async [Symbol.asyncDispose]() {},
      };
      return script;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.close()));
    },
  };
}
