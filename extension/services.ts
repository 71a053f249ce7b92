import type * as vscode from 'vscode';
import type { Debugging } from './debug/debugging.ts';
import type { Catalogs } from './language/catalogs.ts';
import type { LookupProblems } from './language/lookup-problems.ts';
import type { Problems } from './language/problems.ts';
import type { Projects } from './language/projects.ts';
import type { Environments } from './runner/environments.ts';
import type { Roots } from './runner/roots.ts';
import type { Runners } from './runner/runners.ts';
import type { Secrets } from './runner/secrets.ts';
import type { Coverages } from './tests/coverage.ts';

/** What the parts of the extension share. */
export interface Services {
  /** Folder of the extension. */
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly roots: Roots;
  readonly runners: Runners;
  readonly secrets: Secrets;
  readonly environments: Environments;
  readonly catalogs: Catalogs;
  readonly projects: Projects;
  readonly lookupProblems: LookupProblems;
  readonly problems: Problems;
  readonly debug: Debugging;
  readonly coverages: Coverages;
}
