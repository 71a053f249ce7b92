import { LookupSheet, type SheetChange } from '../../extension/editors/lookup-sheet.ts';
import type { LookupFile } from '../../server/model/lookup-file.ts';
import type { ColumnSettings, LookupHost, LookupSheetState, LookupUse, LookupView } from '../../webview/protocol/lookup.ts';
import type { Api } from '../../webview/protocol/rpc.ts';

export interface LookupPageOptions {
  readonly text: string;
  readonly settings?: LookupFile;
  readonly readOnly?: string;
  readonly isOutdated?: boolean;
  readonly uses?: readonly LookupUse[];
  /** What the user chooses when asked for a file. */
  readonly imported?: string;
}

export const sampleUses: readonly LookupUse[] = [
  { file: 'flows/import-orders.flow.json', pointer: '/steps/map-order/settings/rules/3/transforms/0/settings/lookup', kind: 'flow', title: 'Import orders › Map order' },
  { file: 'maps/address.map.json', pointer: '/rules/0/transforms/0/settings/lookup', kind: 'map', title: 'Address' },
  { file: 'scripts/totals.ts', kind: 'script', title: 'scripts/totals.ts' },
];

/** The host of VS Code around the sheet of the product: with undo, and without files. */
export class LookupPageHost {
  sheet!: LookupSheet;
  /** Each change that was made: one each is one undo unit. */
  readonly changes: SheetChange[] = [];
  readonly calls: string[] = [];
  exported = '';
  view: Api<LookupView> | undefined;
  private undone: SheetChange[] = [];
  private settings: LookupFile | undefined;
  private readonly options: LookupPageOptions;

  private constructor(options: LookupPageOptions) {
    this.options = options;
    this.settings = options.settings;
  }

  static async open(options: LookupPageOptions): Promise<LookupPageHost> {
    const host = new LookupPageHost(options);
    host.sheet = await LookupSheet.open('lookups/prices.csv', Buffer.from(options.text), { value: options.settings });
    return host;
  }

  get text(): string {
    return Buffer.from(this.sheet.content).toString('utf8');
  }

  private get state(): LookupSheetState {
    const { readOnly = this.options.readOnly, ...state } = this.sheet.state;
    return { ...state, isOutdated: this.options.isOutdated ?? false, ...(readOnly !== undefined && { readOnly }) };
  }

  get host(): LookupHost {
    const { sheet, options } = this;
    const called = (name: string) => (...args: unknown[]): void => { this.calls.push([name, ...args.map((arg) => JSON.stringify(arg))].join(' ')); };
    return {
      open: async () => ({ sheet: this.state, findings: (await sheet.check()) ?? [], uses: options.uses ?? [] }),
      rows: (view, page) => sheet.rows(view, page),
      cells: (view, range) => sheet.cells(view, range),
      edit: async (action, view, version) => {
        const change = await sheet.edit(action, view, version);
        if (change) await this.made(change);
        return { version: sheet.version, changed: change?.changed ?? 0 };
      },
      find: (query, view, from, isBackward) => sheet.find(query, view, from, isBackward),
      locate: (view, row) => sheet.locate(view, row),
      test: (values, columns) => sheet.test(values, columns),
      import: async () => {
        if (options.imported === undefined) return undefined;
        const change = await sheet.import(Buffer.from(options.imported));
        if (change) await this.made(change);
        return change ? `${change.changed} rows were added or changed.` : 'All of it was there already.';
      },
      export: async (view) => {
        this.exported = Buffer.from(await sheet.export(view)).toString('utf8');
        return 'prices.csv was written.';
      },
      setColumn: async (name, column) => {
        called('setColumn')(name, column);
        this.settings = withColumn(this.settings, sheet.state.columns.map((one) => (one.name === name ? { ...one, ...column } : one)), name, column);
        await sheet.setSettings({ value: this.settings });
        await this.show();
      },
      openText: called('openText'), openSettings: async () => called('openSettings')(), openFile: called('openFile'),
    };
  }

  /** What VS Code does on Ctrl+Z and Ctrl+Y outside of fields. */
  async undo(): Promise<void> {
    const change = this.changes.pop();
    if (!change) return;
    await change.undo();
    this.undone.push(change);
    await this.show();
  }

  async redo(): Promise<void> {
    const change = this.undone.pop();
    if (!change) return;
    await change.redo();
    this.changes.push(change);
    await this.show();
  }

  /** A change by somebody else. */
  async replace(text: string): Promise<void> {
    await this.sheet.replace(Buffer.from(text));
    await this.show();
  }

  private async made(change: SheetChange): Promise<void> {
    this.changes.push(change);
    this.undone = [];
    await this.show();
  }

  private async show(): Promise<void> {
    await this.view?.sheet(this.state);
    const found = await this.sheet.check();
    if (found) await this.view?.findings(found, this.sheet.version);
  }
}

function withColumn(settings: LookupFile = { version: 1 }, columns: readonly { readonly name: string; readonly isKey: boolean }[], name: string, { type, required }: ColumnSettings): LookupFile {
  return { ...settings, columns: { ...settings.columns, [name]: { type, required } }, key: columns.filter(({ isKey }) => isKey).map((column) => column.name) };
}

/** Rows of made-up articles. */
export const largeLookup = (count: number): string => `sku,price,title\n${Array.from({ length: count }, (_, at) => `SKU-${at},${(at * 7) % 1000}.${at % 10}0,"Article ${at}, boxed"\n`).join('')}`;
