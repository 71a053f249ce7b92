import type { InstanceOverride } from '../model/environment.ts';
import type { OpenMock } from '../model/api.ts';
import type { Runner } from '../runner/contract.ts';
import type { MockRequest, StartedMock } from '../runner/mocks.ts';
import { notFound, type Call } from './route.ts';

// As long as the server of the runner: whoever tries endpoints out asks them.
const known = new WeakMap<Runner, Map<string, StartedMock>>();

function mocksOf({ runner, closing }: Pick<Call, 'runner' | 'closing'>): Map<string, StartedMock> {
  const there = known.get(runner);
  if (there) return there;
  const mocks = new Map<string, StartedMock>();
  known.set(runner, mocks);
  closing.addEventListener('abort', () => { for (const mock of mocks.values()) void mock[Symbol.asyncDispose](); }, { once: true });
  return mocks;
}

/** Starts a mock in place of the one of this connector, and keeps it. */
export async function openMock(call: Pick<Call, 'runner' | 'closing'>, request: Pick<MockRequest, 'connector' | 'records' | 'seed'>): Promise<OpenMock> {
  const mocks = mocksOf(call);
  const started = await call.runner.mocks.start(request);
  const before = mocks.get(request.connector);
  mocks.set(request.connector, started);
  await before?.[Symbol.asyncDispose]();
  // The server was closed meanwhile.
  if (call.closing.aborted) await started[Symbol.asyncDispose]();
  return shown(request.connector, started);
}

export const openMocks = (call: Pick<Call, 'runner' | 'closing'>): readonly OpenMock[] => [...mocksOf(call)].map(([connector, mock]) => shown(connector, mock));

export async function endMock(call: Pick<Call, 'runner' | 'closing'>, connector: string): Promise<OpenMock> {
  const mocks = mocksOf(call);
  const mock = mocks.get(connector);
  if (!mock) throw notFound(`No mock of the connector ${JSON.stringify(connector)} is open.`);
  mocks.delete(connector);
  await mock[Symbol.asyncDispose]();
  return shown(connector, mock);
}

/** What leads an instance to the mock of its connector. */
export function mockOverride(call: Pick<Call, 'runner' | 'closing'>, instance: string): InstanceOverride {
  const found = [...mocksOf(call).values()].find(({ overrides }) => Object.hasOwn(overrides, instance));
  if (!found) throw notFound(`No mock is open that answers for the instance ${JSON.stringify(instance)}.`);
  return found.overrides[instance]!;
}

const shown = (connector: string, { url, elsewhere }: StartedMock): OpenMock => ({ connector, url, elsewhere });
