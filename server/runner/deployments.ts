import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowError, withChanges } from '../../plugins/sdk/index.ts';
import type { DeployResult, FileChange, FlowVersions, VersionDetail, VersionDiff } from '../model/api.ts';
import { compareJson, compareLines } from '../model/json-compare.ts';
import { readFile } from '../model/read.ts';
import { hashOf, type SnapshotContent, type Snapshots } from '../stores/snapshots.ts';
import type { DeployedVersion, Deployment, StateFile } from '../stores/state.ts';
import { errorOf, type Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import { snapshotContent, type SnapshotPlan } from './snapshot-content.ts';
import { versionNotFound, type Versions } from './versions.ts';
import { among, kindOf, type Workspace } from './workspace.ts';

/** Makes versions of flows and puts them into use. The index in the state is what counts: a folder that it does not name is no version. */
export interface Deployments {
  /**
   * Puts the files as they are into use: as a new version, or as the one that holds the same. Fails with the first error of the files, and then nothing has changed.
   * `by`: who does it, for the history.
   */
  deploy(flow: string, options: { readonly by: string; readonly note?: string }): Promise<DeployResult>;
  /** Puts a version of before into use. Fails with `VERSION_NOT_FOUND`, and as `Versions.open` does where it cannot be used any more. */
  rollback(flow: string, version: number, by: string): Promise<DeployResult>;
  /** Fails with `CONFIG_NOT_FOUND` where there is neither a flow nor a version of it. */
  list(flow: string): FlowVersions;
  detail(flow: string, version: number): VersionDetail;
  compare(flow: string, from: number | 'draft', to: number | 'draft'): VersionDiff;
  /** See `FlowSummary`. */
  draftDiffers(flow: string): boolean | undefined;
}

export interface DeploymentsOptions {
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly diagnoser: Diagnoser;
  readonly state: StateFile;
  readonly snapshots: Snapshots;
  readonly versions: Versions;
  readonly now: () => number;
  /** Version of Patchbay. */
  readonly engine: string;
}

const longestHistory = 1_000;

export function createDeployments(options: DeploymentsOptions): Deployments {
  const { workspace, plugins, diagnoser, state, snapshots, versions, now, engine } = options;
  const hashes = new Map<string, { readonly stamp: string; readonly hash: string }>();

  const draftOf = (flow: string): SnapshotPlan => {
    const entry = workspace.flows.get(flow);
    if (!entry) throw noFlow(workspace, flow);
    return snapshotContent(workspace, plugins.catalog, entry);
  };
  /** The hash alone is kept: tables may be long. */
  const draftHash = (flow: string): string => {
    const stamp = `${workspace.version} ${plugins.version}`;
    const known = hashes.get(flow);
    if (known?.stamp === stamp) return known.hash;
    const hash = hashOf(draftOf(flow));
    hashes.set(flow, { stamp, hash });
    return hash;
  };
  const resultOf = (flow: string, version: DeployedVersion, isNew: boolean, before: Deployment | undefined): DeployResult => ({ flow, ...version, isNew, ...(before && { previous: before.version }) });
  const contentOf = (flow: string, version: number | 'draft'): SnapshotContent => (version === 'draft' ? draftOf(flow) : storedContent(options, flow, version));

  /** Writes a version and tries it: one that lacks something must not come into use. */
  const write = async (flow: string, plan: SnapshotPlan, number: number, by: string, note: string | undefined): Promise<DeployedVersion> => {
    const at = now();
    const { hash } = await snapshots.write(plan, { flow, number, createdAt: at, by, ...(note !== undefined && { note }), engine, flows: plan.flows }, versions.tryOut);
    return { number, hash, at, by, ...(note !== undefined && { note }) };
  };

  const draftDiffers = (flow: string): boolean | undefined => {
    const deployment = state.deployment(flow);
    if (!deployment || !workspace.flows.has(flow)) return undefined;
    return deployment.versions.find(({ number }) => number === deployment.version)?.hash !== draftHash(flow);
  };

  return {
    async deploy(flow, { by, note }) {
      const draft = draftOf(flow);
      await refuseErrors(diagnoser, draft);
      const wanted = hashOf(draft);
      let result: DeployResult | undefined;
      await state.changeDeployment(flow, async (before) => {
        const same = before?.versions.find(({ number, hash }) => hash === wanted && isWhole(snapshots, flow, number, hash));
        const version = same ?? (await write(flow, draft, 1 + Math.max(0, ...(before?.versions ?? []).map(({ number }) => number)), by, note));
        result = resultOf(flow, version, !same, before);
        if (same && same.number === before!.version) return before!;
        return { version: version.number, versions: [...(before?.versions ?? []), ...(same ? [] : [version])], history: withUse(before, version.number, now(), by, 'deploy') };
      });
      const undeployed = draft.flows.filter((called) => called !== flow && !state.deployment(called));
      return { ...result!, ...(undeployed.length > 0 && { undeployed }) };
    },
    async rollback(flow, number, by) {
      // It is tried before it comes into use.
      const { head } = await versions.open(flow, number);
      await versions.tryOut(snapshots.folderOf(flow, number), head);
      let result: DeployResult | undefined;
      await state.changeDeployment(flow, async (before) => {
        const version = before?.versions.find((one) => one.number === number);
        if (!before || !version) throw versionNotFound(flow, number, state);
        result = resultOf(flow, version, false, before);
        return before.version === number ? before : { ...before, version: number, history: withUse(before, number, now(), by, 'rollback') };
      });
      return result!;
    },
    list(flow) {
      const deployment = state.deployment(flow);
      if (!deployment && !workspace.flows.has(flow)) throw noFlow(workspace, flow);
      const differs = draftDiffers(flow);
      return {
        flow, enabled: state.isEnabled(flow), ...(deployment && { deployed: deployment.version }), ...(differs !== undefined && { draftDiffers: differs }),
        versions: deployment?.versions.toReversed() ?? [], history: deployment?.history.toReversed() ?? [],
      };
    },
    detail(flow, number) {
      const version = listed(state, flow, number);
      const { engine: made, packages, flows, files } = snapshots.verify(flow, number, version.hash);
      return { flow, ...version, engine: made, packages, flows, files };
    },
    compare: (flow, from, to) => compareContents(flow, { name: String(from), content: contentOf(flow, from) }, { name: String(to), content: contentOf(flow, to) }),
    draftDiffers,
  };
}

const noFlow = ({ flows }: Workspace, flow: string): FlowError => new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}${among([...flows.keys()])}`, { details: { flow } });

function listed(state: StateFile, flow: string, number: number): DeployedVersion {
  const found = state.deployment(flow)?.versions.find((one) => one.number === number);
  if (!found) throw versionNotFound(flow, number, state);
  return found;
}

const withUse = (before: Deployment | undefined, version: number, at: number, by: string, action: 'deploy' | 'rollback'): Deployment['history'] => [...(before?.history ?? []), { version, at, by, action }].slice(-longestHistory);

/** A version that was damaged is no reason to refuse the same files: they become a new one. */
function isWhole(snapshots: Snapshots, flow: string, number: number, hash: string): boolean {
  try {
    snapshots.verify(flow, number, hash);
    return true;
  } catch {
    return false;
  }
}

async function refuseErrors(diagnoser: Diagnoser, { files, outside }: SnapshotPlan): Promise<void> {
  const [out] = outside;
  if (out) throw new FlowError('CONFIG_INVALID', `${out.file} imports ${out.specifier}, which lies outside of the workspace: a version could not hold it.`, { place: { file: out.file } });
  const errors = (await diagnoser.all(files.map(({ file }) => file), () => true)).filter(({ severity }) => severity === 'error');
  const first = errorOf(errors);
  if (!first) return;
  const more = errors.length === 1 ? '' : ` (${errors.length - 1} more: see \`patchbay lint\`)`;
  throw withChanges(first, { message: `The flow cannot be deployed: ${first.message}${more}` });
}

function storedContent({ snapshots, state }: DeploymentsOptions, flow: string, number: number): SnapshotContent {
  const { files, packages } = snapshots.verify(flow, number, listed(state, flow, number).hash);
  const folder = snapshots.folderOf(flow, number);
  return { files: Object.keys(files).map((file) => ({ file, bytes: readFileSync(join(folder, file)) })), packages };
}

interface Side {
  readonly name: string;
  readonly content: SnapshotContent;
}

function compareContents(flow: string, from: Side, to: Side): VersionDiff {
  const old = new Map(from.content.files.map(({ file, bytes }) => [file, bytes]));
  const fresh = new Map(to.content.files.map(({ file, bytes }) => [file, bytes]));
  const files = [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((file) => compareFile(file, old.get(file), fresh.get(file)));
  const packages = compareJson(from.content.packages, to.content.packages).map(({ pointer, ...change }) => ({ name: pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'), ...(change as { before?: string; after?: string }) }));
  return { flow, from: from.name, to: to.name, files, packages };
}

function compareFile(file: string, before: Uint8Array | undefined, after: Uint8Array | undefined): FileChange[] {
  if (!before || !after) return [{ file, change: before ? 'removed' : 'added' }];
  if (Buffer.compare(before, after) === 0) return [];
  const [old, fresh] = [before, after].map((bytes) => Buffer.from(bytes).toString('utf8')) as [string, string];
  if (!file.endsWith('.json')) return [{ file, change: 'changed', lines: compareLines(old, fresh) }];
  const [one, two] = [jsonOf(file, old), jsonOf(file, fresh)];
  return [{ file, change: 'changed', ...(one === undefined || two === undefined ? { lines: compareLines(old, fresh) } : { values: compareJson(one, two) }) }];
}

function jsonOf(file: string, text: string): unknown {
  const kind = kindOf(file);
  if (kind) return readFile(kind, file, text).raw;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
