import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { pointerOf } from '../../server/model/json.ts';
import type { Path } from '../form/schema.ts';
import type { ConnectorDocument, ConnectorHost, ConnectorWorkspace } from '../protocol/connector.ts';
import type { Api } from '../protocol/rpc.ts';
import type { TextProblem } from '../shared/syntax.ts';
import { readConnectorText, type Json } from './document.ts';

/** What the editor shows. The document is the host's: an edit goes there and comes back as a new document. */
export class ConnectorStore {
  document: ConnectorDocument = { text: '', version: 0, file: '', readOnly: true };
  /** The last text that could be read. */
  connector: Json = {};
  problem: TextProblem | undefined;
  catalog: Catalog = { plugins: [] };
  workspace: ConnectorWorkspace = { scripts: [], environments: [], instances: [] };
  diagnostics: readonly Diagnostic[] = [];
  trusted = true;
  loaded = false;
  /** Why the host refused an edit. */
  refusal: string | undefined;

  private readonly host: Api<ConnectorHost>;
  private readonly changed: () => void;
  private byEndpoint: ReadonlyMap<string, readonly Diagnostic[]> = new Map();

  constructor(host: Api<ConnectorHost>, changed: () => void) {
    this.host = host;
    this.changed = changed;
  }

  get readOnly(): boolean {
    return this.document.readOnly || this.problem !== undefined;
  }

  setCatalog(catalog: Catalog, workspace: ConnectorWorkspace): void {
    this.catalog = catalog;
    this.workspace = workspace;
    this.changed();
  }

  setDocument(document: ConnectorDocument): void {
    // Documents are snapshots: one that is older than what is shown is of no use.
    if (this.loaded && document.version < this.document.version) return;
    const { value, problem, guessed } = readConnectorText(document.text);
    if (value && (!this.loaded || !guessed)) this.connector = value;
    this.document = document;
    this.problem = problem;
    this.loaded = true;
    this.changed();
  }

  setDiagnostics(diagnostics: readonly Diagnostic[]): void {
    this.diagnostics = diagnostics;
    const found = new Map<string, Diagnostic[]>();
    for (const diagnostic of diagnostics) {
      const [, area, name] = diagnostic.path.split('/');
      if (area === 'endpoints' && name !== undefined) found.set(name, [...(found.get(name) ?? []), diagnostic]);
    }
    this.byEndpoint = found;
    this.changed();
  }

  /** Findings at a place and below it. */
  findingsAt(path: Path): readonly Diagnostic[] {
    const pointer = pointerOf(path);
    const among = path[0] === 'endpoints' && path.length > 1 ? (this.byEndpoint.get(pointerOf([path[1]!]).slice(1)) ?? []) : this.diagnostics;
    return among.filter((diagnostic) => diagnostic.path === pointer || diagnostic.path.startsWith(`${pointer}/`));
  }

  /** Gives one undo unit to the host. Says whether it was taken. */
  async edit(changes: readonly ConnectorChange[]): Promise<boolean> {
    if (changes.length === 0 || this.readOnly) return false;
    try {
      await this.host.edit(changes, this.document.version);
      this.refusal = undefined;
      return true;
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.changed();
    }
  }
}
