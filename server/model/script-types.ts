import { flowTypes, type TypesWorld } from './flow-types.ts';
import type { LintWorld } from './lint-world.ts';
import { unionSchema } from './schema-types.ts';
import { typescriptOf } from './typescript-of.ts';

type ScriptWorld = TypesWorld & Pick<LintWorld, 'scripts' | 'flows' | 'flowOf' | 'lookups'>;

/** What editors must know of a script: the declarations of its input and of `context`. `hosts`: those of patchbay.json. */
export function scriptTypes(world: ScriptWorld, hosts: readonly string[]): string {
  const values: Readonly<Record<string, string>> = {
    PAYLOADS: scriptPayloads(world).map(([name, type]) => `\n    ${JSON.stringify(name)}: ${type};`).join(''),
    LOOKUPS: world.lookups.length === 0 ? 'string' : world.lookups.map((name) => JSON.stringify(name)).join(' | '),
    HOSTS: hosts.length === 0 ? 'none, until `scripts.hosts` of patchbay.json names some' : hosts.join(', '),
  };
  return declarations.replaceAll(/PAYLOADS|LOOKUPS|HOSTS/g, (word) => values[word]!);
}

/** By the names of the scripts, what comes to the steps that call them, as far as it is known. */
function scriptPayloads(world: ScriptWorld): readonly (readonly [name: string, type: string])[] {
  const folder = /^scripts\//;
  const found = new Map<string, object[]>(world.scripts.map((file) => [file.replace(folder, ''), []]));
  for (const id of world.flows) {
    const flow = world.flowOf?.(id);
    if (!flow) continue;
    const types = flowTypes(flow, world);
    for (const [step, { shape, settings }] of Object.entries(flow.steps)) {
      const script = shape === 'script' ? settings?.['script'] : undefined;
      if (typeof script === 'string') found.get(script.replace(folder, ''))?.push(types.into(step).schema);
    }
  }
  return [...found].map(([name, schemas]) => [name, typescriptOf(unionSchema(schemas))]);
}

/** Where the declarations are kept: they are made anew whenever they are asked for, and are not for version control. */
export const typesFile = '.patchbay/types/scripts.d.ts';

export const scriptsConfigFile = 'scripts/tsconfig.json';

/** A script has no library but the language. What runs it removes the types and looks at nothing else. */
export const scriptsConfig = `{
  "compilerOptions": {
    "target": "ES2023",
    "lib": ["ES2023"],
    "types": [],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "allowJs": true,
    "strict": true,
    "noEmit": true,
    "erasableSyntaxOnly": true
  },
  "include": ["**/*.ts", "**/*.js", "../.patchbay/types/*.d.ts"],
  "exclude": ["**/*.test.ts", "**/*.test.js"]
}
`;

const declarations = `// Made by \`patchbay types\`. Do not edit.
// In TypeScript: export default (async ({ payload }, context) => ({ payload })) satisfies Patchbay.PayloadScript<Patchbay.Payloads['name.ts']>;
// In JavaScript: /** @type {Patchbay.PayloadScript<Patchbay.Payloads['name.js']>} */ const script = async ({ payload }, context) => ({ payload }); export default script;

declare namespace Patchbay {
  type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
  type Awaitable<T> = T | Promise<T>;

  /** What comes to the steps of flows that call a script, as far as connectors, schemas, maps and documents say it. */
  interface Payloads {PAYLOADS
  }

  /** The script of a step: called once per payload. */
  type PayloadScript<Payload = any> = (input: Input<Payload>, context: Context) => Awaitable<Output | Output[] | void | null>;
  interface Input<Payload = any> {
    /** The document; text where it is not JSON, null where it is bytes that are no text. */
    payload: Payload;
    meta: Record<string, string>;
    /** Variables of the flow. What is changed here is kept. */
    variables: Record<string, any>;
    flow: { step: string };
  }
  /** What is left out stays as it was. */
  interface Output {
    /** Of bytes that are no text, null stands for them, too. */
    payload?: unknown;
    meta?: Record<string, unknown>;
    variables?: Record<string, unknown>;
  }

  /** A script as hosted platforms have it: \`module.exports = async (data) => ({ payload })\`, with the payload as text. */
  type HostedScript = (data: Input<string>, context: Context) => Awaitable<Output | Output[] | void | null>;

  /** The script of a field in a map: called with a whole column, and gives as many values. */
  type FieldScript<Value = any> = (input: { values: (Value | null)[] }, context: Context) => Awaitable<unknown[]>;

  interface Request { method: string; url: string; headers: Record<string, string>; body: string | null }
  /** Before a request is signed and sent: gives what is to change. A header that is null is taken away. */
  type BeforeScript<Settings = any> = (input: { request: Request; settings: Settings }, context: Context) => Awaitable<{ method?: string; url?: string; headers?: Record<string, string | null>; body?: unknown } | void | null>;

  type Action = 'success' | 'ignore' | 'retry' | 'wait' | 'renew' | 'stop-paging' | 'reset-paging' | 'fail' | 'fail-run' | 'retry-run' | 'continue' | 'retry-step' | 'reauthenticate' | 0 | 1 | 2 | 3 | 4;
  /** After an answer: gives what takes its place, and says what it means. */
  type AfterScript<Body = any, Settings = any> = (
    input: { response: { status: number; headers: Record<string, string>; body: Body }; request: Pick<Request, 'method' | 'url'>; settings: Settings }, context: Context,
  ) => Awaitable<{ status?: number; headers?: Record<string, string | null>; body?: unknown; action?: Action; as?: 'config' | 'auth' | 'remote' | 'data'; message?: string; waitMs?: number } | Action | void | null>;

  /** The response script of a connector step, after that of the endpoint: the payload is the body. */
  type ResponseScript<Payload = any> = (
    input: { payload: Payload; meta: Record<string, string>; response: { status: number; headers: Record<string, string> }; request: Pick<Request, 'method' | 'url'>; variables: Record<string, any>; flow: { step: string } }, context: Context,
  ) => Awaitable<{ payload?: unknown; status?: number; headers?: Record<string, string | null>; variables?: Record<string, unknown>; action?: Action; as?: 'config' | 'auth' | 'remote' | 'data'; message?: string; waitMs?: number } | Action | void | null>;

  /** Says how the next page is asked for; nothing ends the pages. */
  type PageScript<Body = any> = (
    input: { response: Body; headers: Record<string, string>; status: number; url: string; records: any[]; page: { index: number; size: number; total: number; [variable: string]: any }; settings: any }, context: Context,
  ) => Awaitable<{ [part: string]: unknown } | void | null>;

  /** Helps to sign: gives the values that the texts of the auth method name. It sees no secret credential. */
  type SignScript = (input: { request: Request; credentials: Record<string, any>; settings: any; now: string; nonce: string }, context: Context) => Awaitable<Record<string, Json>>;

  interface Context {
    readonly log: Record<'debug' | 'info' | 'warn' | 'error', (...values: unknown[]) => void>;
    /** Sends a request and waits for the answer, whatever its status. Hosts: HOSTS. */
    http(request: string | { /** By whose account; the url is then a path below its address. */ instance?: string; url: string; method?: string; headers?: Record<string, string>; body?: unknown; timeoutMs?: number }): Promise<{ status: number; headers: Record<string, string>; body: any; /** Of an answer that is no text. */ base64?: string }>;
    /** The value in the column \`to\` of the row whose column \`from\` holds the value; default the lookup's value and its key, with \`reverse\` the other way round. */
    lookup<T = string>(name: LookupName, value: unknown, columns?: { from?: string; to?: string; reverse?: boolean }): Promise<T | null>;
    /** The whole row, by column. */
    lookup<T = Record<string, string>>(name: LookupName, value: unknown, columns: { from?: string; reverse?: boolean; row: true }): Promise<T | null>;
    cache(name: string, scope?: 'run' | 'flow' | 'workspace'): Cache;
    pool(name: string): Pool;
    hash(algorithm: Algorithm, text: string, encoding?: Encoding): Promise<string>;
    hmac(algorithm: Algorithm, key: string, text: string, encoding?: Encoding): Promise<string>;
    readonly base64: { encode(text: string): string; decode(text: string): string };
    /** From the random numbers of the run: the same on a replay. */
    uuid(): string;
  }
  type LookupName = LOOKUPS;
  type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  type Encoding = 'hex' | 'base64' | 'base64url';
  interface Cache {
    get(key: string | number): Promise<any[]>;
    put(key: string | number, value: unknown, options?: { ttlMs?: number }): Promise<void>;
    append(key: string | number, value: unknown, options?: { ttlMs?: number }): Promise<void>;
    delete(key: string | number): Promise<boolean>;
  }
  interface Pool {
    has(values: (string | number)[], entity: string): Promise<boolean[]>;
    /** Which of the values are new. */
    add(values: (string | number)[], options: { entity: string; ttlMs?: number }): Promise<boolean[]>;
  }
}

declare const console: Patchbay.Context['log'] & Record<'log' | 'trace', (...values: unknown[]) => void>;
declare const module: { exports: unknown };
/** npm packages that \`scripts.packages\` of patchbay.json names. */
declare function require(name: string): any;
/** Not with the engine \`strict\`: \`context.base64\` and \`context.hash\` are there with both. */
declare const Buffer: { from(value: string | number[], encoding?: string): { toString(encoding?: string): string; readonly length: number } };
`;
