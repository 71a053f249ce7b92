import { isDeepStrictEqual } from 'node:util';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';

export interface ExampleCheck {
  readonly plugin: string;
  readonly example: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

interface Example {
  readonly title: string;
  readonly settings: unknown;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly now?: unknown;
  readonly lookups?: unknown;
}

/** Runs the examples of the workspace's own plugins. Those of transforms: what other kinds do needs a run around it. */
export async function checkExamples(runner: Pick<Runner, 'catalog' | 'plugins' | 'transform'>): Promise<readonly ExampleCheck[]> {
  const own = new Set(runner.plugins().flatMap(({ provides }) => provides.map(({ kind, type }) => `${kind}/${type}`)));
  const checks: ExampleCheck[] = [];
  for (const { kind, type, examples = [] } of runner.catalog()) {
    const plugin = `${kind}/${type}`;
    if (!own.has(plugin)) continue;
    for (const example of examples as readonly Example[]) checks.push({ plugin, example: example.title, ...(await check(runner, kind, type, example)) });
  }
  return checks;
}

async function check(runner: Pick<Runner, 'transform'>, kind: string, type: string, { settings, input, output, error, now, lookups }: Example): Promise<Pick<ExampleCheck, 'result' | 'message'>> {
  if (kind !== 'transform') return { result: 'skipped', message: `Examples of a ${kind} are not run.` };
  if (now !== undefined || lookups !== undefined) return { result: 'skipped', message: 'Examples with a time or lookups of their own are not run.' };
  const given = await runner.transform(type, settings, input).then((value) => ({ value }), (thrown: unknown) => ({ thrown }));
  if ('thrown' in given) {
    const { code, message } = FlowError.is(given.thrown) ? given.thrown : { code: 'INTERNAL', message: String(given.thrown) };
    return code === error ? { result: 'passed' } : { result: 'failed', message: `${code}: ${message}` };
  }
  if (error !== undefined) return { result: 'failed', message: `It gave ${JSON.stringify(given.value)} and did not fail with ${error}.` };
  return isDeepStrictEqual(given.value, output) ? { result: 'passed' } : { result: 'failed', message: `It gave ${JSON.stringify(given.value)}, not ${JSON.stringify(output)}.` };
}
