import { pointerOf } from '../model/json.ts';
import type { CaseReport, SavedCase, TestFileSummary, TestReport } from '../model/test-report.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Audit } from './audited.ts';
import { saveRun } from './cases/save-run.ts';
import { flowOf, namesOf } from './cases/sound-cases.ts';
import type { Executors, TestOrder } from './executors.ts';
import type { Workspace } from './workspace.ts';

/** Tests of flows. */
export interface Tests {
  list(): Promise<readonly TestFileSummary[]>;
  /** Runs cases, one after the other; those that fail are in the report. `onCase` is told of each when it has ended, in the order of the report. Fails with `CONFIG_NOT_FOUND` where there is no such file, and with the reason of the signal. */
  run(order: TestOrder & { readonly signal: AbortSignal; readonly onCase?: (report: CaseReport) => void }): Promise<TestReport>;
  /** Makes a case of a run that is over. See `saveRun`. */
  save(request: SaveRequest): Promise<SavedCase>;
}

/** Which run becomes a case; `name`: of the case, default made of the run's time. */
export interface SaveRequest {
  readonly run: string;
  readonly name?: string;
  readonly signal: AbortSignal;
}

export interface TestsOptions {
  readonly root: string;
  refresh(): Promise<void>;
  readonly workspace: Workspace;
  readonly executors: Executors;
  readonly recordings: () => Recordings;
  readonly audit: Audit;
}

export function createTests({ root, refresh, workspace, executors, recordings, audit }: TestsOptions): Tests {
  const run: Tests['run'] = async ({ signal, onCase, ...order }) => {
    await refresh();
    return executors.test(order, signal, onCase);
  };
  return {
    run,
    async list() {
      await refresh();
      return [...workspace.tests.values()].map((entry) => [entry, entry.read] as const).map(([entry, read]) => ({
        file: entry.file, flow: flowOf(entry), ...(read.value?.title !== undefined && { title: read.value.title }),
        cases: namesOf(entry).map((name) => {
          const skip = read.value?.cases[name]?.skip;
          return { name, line: read.mark(pointerOf(['cases', name]), { key: true }).line, ...(skip !== undefined && { skip }) };
        }),
      }));
    },
    async save({ signal, ...request }) {
      const saved = await saveRun({ root, recordings: recordings(), ...request, runCase: (file, name) => run({ files: [file], cases: [name], update: true, signal }) });
      audit('test.save', `run ${request.run}`, { file: saved.file, name: saved.name });
      return saved;
    },
  };
}
