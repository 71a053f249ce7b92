import type { BodyWindow, LoginState, WorkspaceInfo } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { Imported } from '../../server/model/import-plan.ts';
import type { RunError } from '../../server/model/run-event.ts';
import type { Detection, Trial, TrialExchange, TrialPage, TrialRequest, TrialResponse } from '../../server/model/trial.ts';
import type { Opened } from './opened.ts';

/** A connector as it is shown for the first time. */
export type ConnectorOpening = ConnectorDocument & { readonly catalog: readonly CatalogEntry[]; readonly workspace: ConnectorWorkspace; readonly diagnostics: readonly Diagnostic[]; readonly trusted: boolean };

/** What the connector editor asks of its host. The text document is the truth: the editor never keeps a change to itself. */
export interface ConnectorHost {
  /** First call of the editor. */
  open(): Opened<ConnectorOpening>;
  /** Applies the changes as one undo unit. Fails where they do not fit the document any more. Gives the new version. */
  edit(changes: readonly ConnectorChange[], baseVersion: number): number;
  /** Shows the file as text, at a pointer. */
  openText(pointer?: string): void;
  /** Opens another file of the workspace (a script). */
  openFile(path: string): void;
  /** Calls an endpoint with what the files say; those that it uses are saved first. */
  try(order: TrialOrder): TrialAnswer;
  /** Ends the trial that is under way. */
  stopTrial(): void;
  /** A window of a body of the last trial. */
  body(hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): BodyWindow;
  /** A whole body of the last trial, as a file for the user. */
  saveBody(hash: string, suggestedName: string): void;
  /** Looks at an answer that somebody has pasted. */
  detect(answer: string): Detection;
  /** Lets the user log in to an instance in the browser. */
  /** `method`: of endpoints that have one of their own. */
  logIn(instance: string, method?: string): void;
  /** Lets the user set a secret of this machine. */
  setSecret(): void;
  /** Starts a mock of this connector as its file is, in place of one that runs. */
  startMock(): void;
  stopMock(): void;
  /** Asks where a description is, and reads it; nothing is written. `undefined`: cancelled. */
  import(kind: ImportKind): Imported | undefined;
  /** Makes an instance of this connector, whose name the user enters, and opens its file. */
  newInstance(): void;
}

/** What the host tells the connector editor. Snapshots: the latest wins. */
export interface ConnectorView {
  document(document: ConnectorDocument): void;
  /** Without plugins: they are as they were. */
  catalog(plugins: readonly CatalogEntry[] | undefined, workspace: ConnectorWorkspace): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

export interface ConnectorDocument {
  readonly text: string;
  readonly version: number;
  readonly file: string;
  readonly readOnly: boolean;
}

/** Names to choose from, and what belongs to this connector. */
export type ConnectorWorkspace = Pick<WorkspaceInfo, 'scripts' | 'environments' | 'environment'> & {
  readonly instances: readonly ConnectorInstance[];
  /** Where its mock is asked, while there is one. */
  readonly mock?: string;
};

export interface ConnectorInstance {
  readonly id: string;
  readonly missingSecrets: readonly string[];
  /** Those with a browser that it needs. */
  readonly logins?: readonly Pick<LoginState, 'method' | 'state'>[];
}

export interface TrialOrder {
  readonly instance: string;
  /** Without one, the connection is tested. */
  readonly endpoint?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly payload?: { readonly body: unknown; readonly mediaType: string };
  readonly pages?: number;
  readonly environment?: string;
  /** The mock is asked, not the other system. */
  readonly isMocked?: boolean;
  readonly confirm?: readonly TrialConfirmation[];
}

/** What whoever tries it knows: that something is written, that the environment is a production one. */
export type TrialConfirmation = 'write' | 'production';

export type TrialAnswer =
  | { readonly kind: 'done'; readonly trial: ShownTrial }
  /** The same again with this confirmed; `message` is the runner's sentence. */
  | { readonly kind: 'ask'; readonly confirm: TrialConfirmation; readonly message: string }
  /** Nothing was asked. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly remedy?: string };

/** A trial without its bodies, which are read in windows. */
export interface ShownTrial extends Omit<Trial, 'pages'> {
  readonly pages: readonly ShownPage[];
}

export interface ShownPage extends Omit<TrialPage, 'request' | 'response' | 'before'>, ShownMessages {
  readonly before: readonly ShownExchange[];
}

export interface ShownExchange extends Omit<TrialExchange, 'request' | 'response'>, ShownMessages {
  readonly error?: RunError;
}

interface ShownMessages {
  readonly request: Omit<TrialRequest, 'body'> & { readonly body?: BodyRef };
  readonly response?: Omit<TrialResponse, 'body'> & { readonly body?: BodyRef };
}

export interface BodyRef {
  readonly hash: string;
  readonly mediaType: string;
}

export const importKinds = ['curl', 'openapi', 'postman', 'har', 'graphql', 'wsdl'] as const;
export type ImportKind = (typeof importKinds)[number];

