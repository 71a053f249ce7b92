import type { BodyWindow, LoginState } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { Environment } from '../../server/model/environment.ts';
import type { FileChange } from '../../server/model/file-change.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import type { Opened } from './opened.ts';
import type { TrialAnswer, TrialConfirmation } from './connector.ts';

/** What the editors of instances and environments ask of their host. The text document is the truth: the editor never keeps a change to itself. */
export interface SettingsHost {
  open(): Opened<SettingsOpening>;
  /** Applies the changes as one undo unit. Gives the new version. */
  edit(changes: readonly FileChange[], baseVersion: number): number;
  openText(pointer?: string): void;
  /** Opens another file of the workspace. */
  openFile(path: string): void;
  /** Lets the user enter the value of a secret, which VS Code keeps on this machine. The value is never told to the page. */
  setSecret(name: string): void;
  removeSecret(name: string): void;
  /** Takes a value out of the file: VS Code keeps it under a name, and the file has the name. */
  keepSecret(path: readonly (string | number)[], name: string): void;
  /** Asks the other system of an instance, as a flow would. What that uses is saved first. */
  test(instance: string, environment: string | undefined, confirm: readonly TrialConfirmation[]): TrialAnswer;
  stopTest(): void;
  body(hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): BodyWindow;
  saveBody(hash: string, suggestedName: string): void;
  /** `method`: of endpoints that have one of their own. */
  logIn(instance: string, method?: string): void;
  logOut(instance: string, environment: string | undefined, method?: string): void;
}

/** What the host tells the editor. Snapshots: the latest wins. */
export interface SettingsView {
  document(document: SettingsDocument): void;
  /** Without plugins: they are as they were. */
  workspace(workspace: SettingsWorkspace, plugins?: readonly CatalogEntry[]): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

export interface SettingsDocument {
  readonly kind: 'instance' | 'environment';
  /** Of the file, by which others name it. */
  readonly id: string;
  readonly text: string;
  readonly version: number;
  readonly file: string;
  readonly readOnly: boolean;
}

export type SettingsOpening = SettingsDocument & { /** Plugins for forms: auth methods and connectors in code. */ readonly catalog: readonly CatalogEntry[]; readonly workspace: SettingsWorkspace; readonly trusted: boolean; readonly diagnostics: readonly Diagnostic[] };

export interface SettingsWorkspace {
  readonly connectors: Readonly<Record<string, ConnectorFile>>;
  readonly instances: Readonly<Record<string, InstanceFile>>;
  readonly environments: Readonly<Record<string, Environment>>;
  /** The one that runs take. */
  readonly environment?: string;
  /** Of each secret that is known on this machine: who has it. Never its value. */
  readonly secrets: Readonly<Record<string, SecretOrigin>>;
  /** Instances that need a login with a browser. */
  readonly logins: readonly LoginState[];
}

export type SecretOrigin = 'vscode' | 'environment';
