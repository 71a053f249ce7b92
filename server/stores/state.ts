import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Low, type Adapter } from 'lowdb';
import { stateFolder, storageFailed, prepareStateFolder } from './database.ts';
import { faultPoint } from './fault-point.ts';
import { withFileLock } from './file-lock.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * The small state of a workspace that a person may want to read or mend: `.patchbay/state.json`. Several processes may change it: each does so under a lock,
 * on what the file says then. What is read is what the file said at the last `refresh` or change. Everything fails with `STORAGE_FAILED`.
 */
export interface StateFile {
  /** Whether the triggers of a flow may start it; they may where nothing is said. */
  isEnabled(flow: string): boolean;
  setEnabled(flow: string, enabled: boolean): Promise<void>;
  /** The environment that somebody has chosen for runs that name none. */
  readonly environment: string | undefined;
  setEnvironment(environment: string | undefined): Promise<void>;
  deployment(flow: string): Deployment | undefined;
  /** Flows that have been deployed. */
  readonly deployed: readonly string[];
  /** Nobody else changes the state until `change` is through; where it fails, nothing is changed. */
  changeDeployment(flow: string, change: (before: Deployment | undefined) => Promise<Deployment>): Promise<Deployment>;
  /** Looks whether another process has changed the file; cheap where none has. Says whether one had. */
  refresh(): Promise<boolean>;
}

/** What the index knows of a flow: its versions are folders of their own (see `snapshots`). */
export interface Deployment {
  /** The version that is in use. */
  readonly version: number;
  /** The oldest first. */
  readonly versions: readonly DeployedVersion[];
  /** What was in use when; the oldest first. */
  readonly history: readonly { readonly version: number; readonly at: number; readonly by: string; readonly action: 'deploy' | 'rollback' }[];
}

export interface DeployedVersion {
  readonly number: number;
  /** Of its content: equal ones are one version. */
  readonly hash: string;
  readonly at: number;
  readonly by: string;
  readonly note?: string;
}

interface State {
  readonly version: 1;
  enabled: Readonly<Record<string, boolean>>;
  environment?: string | undefined;
  deployments?: Readonly<Record<string, Deployment>>;
}

/** Nothing is written before something is changed. */
export async function openState(root: string): Promise<StateFile> {
  const file = join(stateFolder(root), 'state.json');
  const database = new Low<State>(adapterOf(file), { version: 1, enabled: {} });
  let stamp: string | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<void> => {
    stamp = stampOf(file);
    if (stamp === undefined) database.data = { version: 1, enabled: {} };
    else await database.read();
    if (!isState(database.data)) throw new Error('it is not what Patchbay has written');
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageFailed(error, file, 'The state');
    }
  };
  const change = <T>(work: (state: State) => Promise<T>): Promise<T> => {
    const own = changing.catch(() => undefined).then(async () => {
      prepareStateFolder(root);
      return withFileLock(join(stateFolder(root), 'state.lock'), async () => {
        await guarded(read);
        const state = { ...database.data };
        const result = await work(state);
        const before = database.data;
        database.data = state;
        await guarded(() => database.write()).catch((error: unknown) => {
          database.data = before;
          throw error;
        });
        stamp = stampOf(file);
        return result;
      });
    });
    changing = own;
    return own;
  };

  await guarded(read);
  return {
    isEnabled: (flow) => ownOf(database.data.enabled, flow) !== false,
    setEnabled: (flow, enabled) => change(async (state) => { state.enabled = withOwn(state.enabled, flow, enabled); }),
    get environment() { return database.data.environment; },
    setEnvironment: (environment) => change(async (state) => { state.environment = environment; }),
    deployment: (flow) => ownOf(database.data.deployments ?? {}, flow),
    get deployed() { return Object.keys(database.data.deployments ?? {}); },
    changeDeployment: (flow, work) => change(async (state) => {
      const deployment = await work(ownOf(state.deployments ?? {}, flow));
      state.deployments = withOwn(state.deployments ?? {}, flow, deployment);
      return deployment;
    }).then((deployment) => { faultPoint('deploy-index-written'); return deployment; }),
    async refresh() {
      if (stampOf(file) === stamp) return false;
      // A change that is under way reads the file anew by itself.
      await changing.catch(() => undefined);
      if (stampOf(file) === stamp) return false;
      await guarded(read);
      return true;
    },
  };
}

/** As lowdb's own, but what has been written survives a power cut. */
const adapterOf = (file: string): Adapter<State> => ({
  read: async () => (existsSync(file) ? ((JSON.parse(await readFile(file, 'utf8')) ?? {}) as State) : null),
  write: (state) => writeAtomically(file, `${JSON.stringify(state, undefined, 2)}\n`, 0o600),
});

function stampOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}

const isState = (value: unknown): value is State => {
  const state = value as State | null;
  return typeof state === 'object' && state !== null && isMap(state.enabled) && (state.deployments === undefined || (isMap(state.deployments) && Object.values(state.deployments).every(isDeployment)));
};
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isDeployment = (value: Partial<Deployment> | null): boolean => isMap(value) && Number.isSafeInteger(value!.version) && Array.isArray(value!.versions) && Array.isArray(value!.history);

// Ids of flows are file names, and may be `__proto__`.
const ownOf = <T>(values: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(values, key) ? values[key] : undefined);
const withOwn = <T>(values: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> => Object.fromEntries([...Object.entries(values).filter(([name]) => name !== key), [key, value]]);
