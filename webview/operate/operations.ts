import type {
  AuditFilter, AuditRow, DeployResult, FlowSummary, FlowVersions, Insights, InsightsBy, LookupPage, LookupSummary, PageOf, PayloadSearch, QueuePage, RunAction,
  RunActionsResult, RunFilter, RunSummary, StateChange, TrackedRow, VersionDiff,
} from '../../server/model/api.ts';
import type { RowChange } from '../../server/model/lookup-change.ts';
import { filterQuery, type RunnerCalls } from '../protocol/runner-client.ts';
import { stateClient, type StateClient } from '../protocol/state.ts';

/** Number of a version, or the files as they are. */
export type VersionName = number | 'draft';
export interface TrackedFilter {
  readonly value?: string;
  readonly prefix?: string;
  readonly entity?: string;
  readonly flow?: string;
  readonly direction?: string;
  readonly since?: number;
  readonly until?: number;
}
/** Either a text, or a path and the value there. */
export type PayloadQuery = Pick<RunFilter, 'flow' | 'since' | 'until'> & { readonly text?: string; readonly path?: string; readonly value?: string };

/** What operators do beside looking at a run: the runner's API with types. Pages count from 1. */
export interface Operations extends StateClient {
  flows(): Promise<readonly FlowSummary[]>;
  enable(flow: string, enabled: boolean): Promise<FlowSummary>;
  runs(filter: RunFilter, page: number): Promise<PageOf<RunSummary>>;
  search(query: PayloadQuery, cursor: string | undefined): Promise<PayloadSearch>;
  act(action: RunAction, runs: readonly string[], confirm?: 'production'): Promise<RunActionsResult>;
  queue(flow: string | undefined, page: number): Promise<QueuePage>;
  versions(flow: string): Promise<FlowVersions>;
  compare(flow: string, from: VersionName, to: VersionName): Promise<VersionDiff>;
  deploy(flow: string, note: string): Promise<DeployResult>;
  rollback(flow: string, version: number): Promise<DeployResult>;
  lookups(): Promise<readonly LookupSummary[]>;
  lookupRows(lookup: string, text: string, page: number): Promise<LookupPage>;
  changeLookup(lookup: string, csv: string): Promise<StateChange>;
  /** `stamp`: of the page that the numbers of the rows are from. */
  editLookup(lookup: string, stamp: string, change: RowChange): Promise<StateChange>;
  exportLookup(lookup: string): Promise<Blob>;
  tracked(filter: TrackedFilter, page: number): Promise<PageOf<TrackedRow>>;
  audit(filter: AuditFilter, page: number): Promise<PageOf<AuditRow>>;
  insights(query: { readonly by: InsightsBy; readonly from: string; readonly to: string; readonly flow: string }): Promise<Insights>;
}

const json = { 'content-type': 'application/json' };
const csvBody = (csv: string): RequestInit => ({ body: csv, headers: { 'content-type': 'text/csv' } });
const at = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

export function operations({ get, post, request }: RunnerCalls): Operations {
  const blob = async (path: string): Promise<Blob> => (await request(path)).blob();
  return {
    ...stateClient({ get, post, request }),
    flows: () => get('/flows'),
    enable: (flow, enabled) => post(at('flows', flow, enabled ? 'enable' : 'disable')),
    runs: (filter, page) => get('/runs', { ...filterQuery(filter), page }),
    search: ({ flow, since, until, text, path, value }, cursor) => get('/runs/search', { text, path, value, cursor, ...filterQuery({ flow, since, until }) }),
    act: (action, runs, confirm) => post('/runs/actions', {}, { body: JSON.stringify({ action, runs, ...(confirm && { confirm }) }), headers: json }),
    queue: (flow, page) => get('/queue', { ...filterQuery({ flow }), page }),
    versions: (flow) => get(at('flows', flow, 'versions')),
    compare: (flow, from, to) => get(at('flows', flow, 'versions', String(from), 'diff', String(to))),
    deploy: (flow, note) => post(at('flows', flow, 'deploy'), { note: note || undefined }),
    rollback: (flow, version) => post(at('flows', flow, 'rollback'), { version }),
    lookups: () => get('/lookups'),
    lookupRows: (lookup, text, page) => get(at('lookups', lookup, 'rows'), { ...filterQuery({ text }), page }),
    changeLookup: (lookup, csv) => post(at('lookups', lookup, 'rows'), {}, csvBody(csv)),
    editLookup: (lookup, stamp, change) => post(at('lookups', lookup, 'edits'), {}, { body: JSON.stringify({ stamp, changes: [change] }), headers: json }),
    exportLookup: (lookup) => blob(at('lookups', lookup, 'export')),
    tracked: (filter, page) => get('/tracked', { ...filterQuery(filter), page }),
    audit: (filter, page) => get('/audit', { ...filterQuery(filter), page }),
    insights: ({ by, from, to, flow }) => get('/insights', { by, from, to, ...filterQuery({ flow }) }),
  };
}
