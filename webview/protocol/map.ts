import type { RuleSuggestion } from '../../server/model/auto-map.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import type { MapLook } from '../../server/model/map-look.ts';
import type { ShownTrial } from '../../server/model/map-cut.ts';
import type { FlowDocument, FlowWorkspace } from './flow.ts';
import type { Opened } from './opened.ts';

/**
 * What a mapping's editor asks of its host. The mapping is that of the document as it is now; `step`: the map step that holds it, where the document is a flow.
 * The host keeps the sample, so that it does not cross with each question.
 */
export interface MapHost {
  /** Applies the changes as one undo unit. Fails where they do not fit the document any more. Gives the new version. */
  editMap(step: string | undefined, changes: readonly MapChange[], baseVersion: number): number;
  /** Both sides, what does not fit, and what comes from where. */
  lookAtMap(step: string | undefined): MapLook;
  /** Maps one record of the sample; of the last recorded payload, where none was chosen. */
  tryMap(step: string | undefined, record: number): ShownTrial;
  suggestRules(step: string | undefined): readonly RuleSuggestion[];
  /** Lets the user choose a file with JSON as the sample. Gives its name; `undefined`: cancelled. */
  pickSample(step: string | undefined): string | undefined;
  /** Lets the user choose an endpoint, calls it once, and takes its first records as the sample. Gives its name; `undefined`: cancelled. */
  callEndpoint(step: string | undefined): string | undefined;
  /** Takes a JSON text as the sample; without one, the last recorded payload again. */
  useSample(step: string | undefined, text: string | undefined): void;
  /** Puts the rules of a step into a mapping file, which the step then names. Asks for the name. Gives the file; `undefined`: cancelled. */
  extractMap(step: string, baseVersion: number): string | undefined;
  /** Writes the transforms of a rule as a script of the same result, which the rule then uses, and shows it. Asks for the name. Gives the file; `undefined`: cancelled. */
  convertRule(step: string | undefined, rule: number, baseVersion: number): string | undefined;
}

/** What the editor of mapping files asks of its host. */
export interface MapFileHost extends MapHost {
  /** First call of the editor. */
  open(): Opened<MapFileOpening>;
  openText(pointer?: string): void;
  openFile(path: string): void;
}

export interface MapFileOpening extends FlowDocument {
  readonly catalog: readonly CatalogEntry[];
  readonly workspace: FlowWorkspace;
  readonly diagnostics: readonly Diagnostic[];
  readonly trusted: boolean;
  /** Whether letters and signs alone are commands. */
  readonly singleKeys?: boolean;
}

/** What the host tells the editor of mapping files. Snapshots: the latest wins. */
export interface MapFileView {
  document(document: FlowDocument): void;
  /** Without plugins: they are as they were. */
  catalog(plugins: readonly CatalogEntry[] | undefined, workspace: FlowWorkspace): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  /** A run has ended: the last payload may be another. */
  ran(): void;
  command(name: MapCommand): void;
  singleKeys(isOn: boolean): void;
}

export type MapCommand = 'add' | 'map-to' | 'make' | 'add-transform' | 'unmap' | 'duplicate' | 'suggest' | 'table' | 'find' | 'previous-record' | 'next-record' | 'try' | 'paste-sample' | 'pick-sample' | 'call-endpoint' | 'extract' | 'to-script' | 'help';
