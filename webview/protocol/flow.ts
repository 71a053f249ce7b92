import type { PageOf, PayloadRow, WorkspaceInfo } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { BodyHost } from './bodies.ts';
import type { DiffHost, LineageHost } from './diff.ts';
import type { DroppedStep } from './dropped-step.ts';
import type { Candidate } from '../../server/model/complete.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import type { SettingText } from '../../server/model/flow-place.ts';
import type { RunError, RunStatus, StepCounts } from '../../server/model/run-event.ts';
import type { MapCommand, MapHost } from './map.ts';
import type { Opened } from './opened.ts';

/** A flow as it is shown for the first time. */
export interface FlowOpening extends FlowDocument {
  readonly catalog: readonly CatalogEntry[];
  readonly workspace: FlowWorkspace;
  readonly diagnostics: readonly Diagnostic[];
  readonly run?: FlowRun;
  readonly debug?: FlowDebug;
  readonly coverage?: FlowCovered;
  readonly trusted: boolean;
  /** Whether letters and digits alone are commands of the canvas. */
  readonly singleKeys?: boolean;
}

/** What the flow editor asks of its host (the extension, or the plain-browser page). The text document is the truth: the editor never keeps a change to itself. */
export interface FlowHost extends MapHost, BodyHost, DiffHost, LineageHost {
  /** First call of the editor. */
  open(): Opened<FlowOpening>;
  /** Applies the changes as one undo unit. Fails where they do not fit the document any more. Gives the new version. */
  edit(changes: readonly FlowChange[], baseVersion: number): number;
  /** Lets the user pick a shape (in VS Code the native QuickPick). `undefined`: cancelled. */
  pickShape(): string | undefined;
  /** What was dragged out of a tree last. */
  dragged(): readonly DroppedStep[];
  /** Lets the user enter a short text (native input box). `idOf`: it is to be the id of that step; what cannot be one is not taken, and said below the field. */
  askText(options: { readonly title: string; readonly value?: string; readonly prompt?: string; readonly idOf?: string }): string | undefined;
  run(options: { readonly payload?: string; readonly debug?: boolean }): void;
  /** Sets a breakpoint in front of a step, or takes it away. */
  breakpoint(step: string): void;
  stop(run: string): void;
  /** Another step or trigger (`trigger:<id>`) is the one that is selected; nothing where there are none or several. */
  selected(node: string | undefined): void;
  /** Shows the file as text, at a step or a pointer. */
  openText(pointer?: string): void;
  /** Opens another file of the workspace (a script, a lookup). */
  openFile(path: string): void;
  /** Opens the run view. */
  openRun(run: string): void;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number): PageOf<PayloadRow>;
  /** Runs an expression on the payload that arrived last at a step, else left the step before it last, for the preview under a field. */
  evaluate(expression: string, step: string): { readonly value?: unknown; readonly error?: string };
  /** What may be written where the cursor stands in a field of a step: with the values of the last payload, where there is one. */
  complete(setting: SettingText): readonly Candidate[];
}

/** Names to choose from in forms. */
export type FlowWorkspace = Pick<WorkspaceInfo, 'instances' | 'connectors' | 'flows' | 'scripts' | 'schemas' | 'lookups' | 'environments' | 'environment'> & { /** Notification groups. */ readonly groups: readonly string[]; /** Mapping files. */ readonly maps: readonly string[] };

export interface FlowDocument {
  readonly text: string;
  readonly version: number;
  readonly file: string;
  readonly readOnly: boolean;
}

/** The run that the canvas shows: a complete snapshot each time. */
export interface FlowRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly steps: Readonly<Record<string, StepCounts>>;
  /** Last error per step. */
  readonly errors: Readonly<Record<string, RunError>>;
  readonly error?: RunError;
  readonly startedAt: number;
  readonly durationMs?: number;
}

/** What the debugger has to do with the flow. */
export interface FlowDebug {
  /** Step → its breakpoint; one of several. */
  readonly breakpoints: Readonly<Record<string, FlowBreakpoint>>;
  /** Where the debugger stands. */
  readonly stopped?: string;
  /** Runs that stand still in it. */
  readonly paused?: readonly string[];
}

export interface FlowBreakpoint {
  /** `unverified`: the debugger that runs cannot stop there. */
  readonly kind: 'on' | 'off' | 'condition' | 'log' | 'unverified';
  readonly text: string;
  readonly hits?: string;
}

/** Step → what the tests have run of it. */
export type FlowCovered = Readonly<Record<string, StepCovered>>;

/** The ways that a step can go (its ports, outcomes of its conditions and rules), and those that no test has gone. */
export interface StepCovered {
  readonly ran: number;
  readonly ways: number;
  readonly missed: readonly string[];
}

/** What the host tells the flow editor. Snapshots: the latest wins. */
export interface FlowView {
  document(document: FlowDocument): void;
  /** Without plugins: they are as they were. */
  catalog(plugins: readonly CatalogEntry[] | undefined, workspace: FlowWorkspace): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  run(run: FlowRun | undefined): void;
  debug(debug: FlowDebug): void;
  /** After tests with coverage; `undefined` where nothing is known any more. */
  coverage(coverage: FlowCovered | undefined): void;
  /** A command of the palette or a key binding, for the editor that has the focus. */
  command(name: FlowCommand, /** Where in the scene its menu was opened. */ at?: { readonly x: number; readonly y: number }): void;
  /** For the mapping that is open over the flow; else that of the step that is selected is opened. */
  mapCommand(name: MapCommand): void;
  /** Steps that were chosen elsewhere are added behind the one that is selected. */
  add(steps: readonly DroppedStep[]): void;
  singleKeys(isOn: boolean): void;
  select(step: string): void;
}

/** What a menu on the canvas is about. VS Code gives it to the command that is chosen, and shows commands by it. */
export interface MenuContext {
  readonly preventDefaultContextMenuItems: boolean;
  readonly webviewSection?: 'canvas' | 'step' | 'trigger' | 'note' | 'group' | 'link';
  readonly step?: string;
  readonly hasMapping?: boolean;
  readonly canEdit?: boolean;
  /** Where in the scene the menu was opened. */
  readonly at?: { readonly x: number; readonly y: number };
}

export type FlowCommand = 'add' | 'note' | 'group' | 'connect' | 'data' | 'minimap' | 'fit-selection' | 'zoom-reset' | 'help' | 'edit-map' | 'fit' | 'zoom-in' | 'zoom-out' | 'tidy' | 'find' | 'rename' | 'disable' | 'duplicate' | 'copy' | 'cut' | 'paste' | 'select-all' | 'delete' | 'breakpoint';
