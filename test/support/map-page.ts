import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { applyEdits } from '../../server/model/flow-edit-apply.ts';
import { editMap, type MapChange } from '../../server/model/map-edit.ts';
import { openRunner } from '../../server/runner/runner.ts';
import type { FlowWorkspace } from '../../webview/protocol/flow.ts';
import type { MapFileHost, MapFileView, MapHost } from '../../webview/protocol/map.ts';
import type { Api } from '../../webview/protocol/rpc.ts';
import { catalog } from './flow-page.ts';
import { MapAnswers, type Later, type MapAnswerOptions } from './map-answers.ts';

type Runner = Awaited<ReturnType<typeof openRunner>>;

/** A runner without flows, which mappings are tried with. */
export async function openMapRunner(): Promise<Runner & { end(): Promise<void> }> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-maps-'));
  writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
  const runner = await openRunner({ root });
  return Object.assign(runner, { async end() { await runner[Symbol.asyncDispose](); rmSync(root, { recursive: true, force: true }); } });
}

export interface MapPageOptions extends MapAnswerOptions {
  readonly text: string;
  readonly readOnly?: boolean;
}

/** A host that keeps the document in memory, as VS Code does: with versions, undo and redo. */
export class MapPageHost {
  text: string;
  version = 1;
  /** Every edit that the editor made: one each is one undo unit. */
  readonly edits: (readonly MapChange[])[] = [];
  readonly calls: string[] = [];
  refuses: string | undefined;
  view: Api<MapFileView> | undefined;
  diagnostics: readonly Diagnostic[] = [];
  private readonly undone: string[] = [];
  private readonly done: string[] = [];
  private readonly options: MapPageOptions;
  private readonly workspace: FlowWorkspace;
  readonly answers: MapAnswers;

  constructor(options: MapPageOptions, runner: Runner, workspace: FlowWorkspace) {
    this.options = options;
    this.workspace = workspace;
    this.text = options.text;
    this.answers = new MapAnswers(options, runner.maps, { settings: () => this.settings, edit: (changes) => this.edit(changes) });
  }

  get document() {
    return { text: this.text, version: this.version, file: 'maps/order.map.json', readOnly: this.options.readOnly ?? false };
  }

  get host(): Later<MapFileHost> {
    const called = (name: string) => (...args: unknown[]): void => { this.calls.push([name, ...args.map((arg) => JSON.stringify(arg))].join(' ')); };
    return {
      ...this.mapHost,
      open: () => ({ ...this.document, catalog: catalog.plugins, workspace: { ...this.workspace, schemas: Object.keys(this.options.schemas ?? {}) }, diagnostics: this.diagnostics, trusted: this.options.trusted ?? true }),
      openText: called('openText'), openFile: called('openFile'),
    };
  }

  private get mapHost(): Later<MapHost> {
    return this.answers.host;
  }

  /** What VS Code does on Ctrl+Z. */
  async undo(): Promise<void> {
    const before = this.done.pop();
    if (before === undefined) return;
    this.undone.push(this.text);
    await this.show(before);
  }

  async redo(): Promise<void> {
    const next = this.undone.pop();
    if (next === undefined) return;
    this.done.push(this.text);
    await this.show(next);
  }

  /** A change by something else than the editor. */
  async replace(text: string): Promise<void> {
    this.done.push(this.text);
    await this.show(text);
  }

  get settings(): Record<string, unknown> {
    return (parse(this.text) ?? {}) as Record<string, unknown>;
  }

  /** How often a result was asked for. */
  get tries(): number {
    return this.answers.tries;
  }

  private async show(text: string): Promise<void> {
    this.text = text;
    this.version++;
    await this.view?.document(this.document);
  }

  private edit(changes: readonly MapChange[]): number {
    if (this.refuses !== undefined) throw new Error(this.refuses);
    const text = applyEdits(this.text, editMap(this.text, [...changes], undefined, catalog));
    this.edits.push(changes);
    if (text !== this.text) {
      this.done.push(this.text);
      this.undone.length = 0;
      this.text = text;
      this.version++;
      void this.view?.document(this.document);
    }
    return this.version;
  }
}

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;

/** An order of a shop, and what an ERP wants of it: some of the rules are wrong. */
export const orderMap = {
  text: `{
  "version": 1,
  "title": "Order to ERP",
  "rules": [
    { "from": "id", "to": "externalId", "transforms": [{ "type": "cast-to-string" }] },
    {
      "from": "total_price",
      "to": "amount",
      "transforms": [{ "type": "cast-to-number" }, { "type": "round-number", "settings": { "places": 1 } }]
    },
    { "from": ["customer.first_name", "customer.last_name"], "to": "customer.name", "transforms": [{ "type": "concatenate" }] },
    { "from": "line_items[*].sku", "to": "lines[*].itemCode" },
    { "from": "line_items[*].quantity", "to": "lines[*].quantity" },
    { "from": "note", "to": "remark", "default": "none", "when": [{ "field": "note", "is": "is-not-empty" }] }, // by the warehouse
    { "to": "channel", "transforms": [{ "type": "custom-string", "settings": { "value": "web" } }] },
    { "from": "custmer.email", "to": "customer.email" }
  ]
}
`,
  source: {
    type: 'object', required: ['id', 'total_price', 'customer', 'line_items'], additionalProperties: false,
    properties: {
      id: { type: 'integer' }, total_price: text, currency: text, note: { type: ['string', 'null'] },
      customer: { type: 'object', required: ['first_name', 'last_name', 'email'], properties: { first_name: text, last_name: text, email: { ...text, format: 'email' } }, additionalProperties: false },
      line_items: { type: 'array', items: { type: 'object', required: ['sku', 'quantity'], properties: { sku: text, title: text, quantity: { type: 'integer' }, price: text } } },
    },
  },
  target: {
    type: 'object', required: ['externalId', 'amount', 'currency', 'lines'],
    properties: {
      externalId: { ...text, description: 'Number of the order in the shop.' }, amount: number, currency: text, remark: text, channel: text,
      customer: { type: 'object', required: ['name'], properties: { name: text, email: text } },
      lines: { type: 'array', items: { type: 'object', required: ['itemCode', 'quantity'], properties: { itemCode: text, quantity: number, title: text } } },
    },
  },
  sample: [
    { id: 1001, total_price: '20.56', currency: 'GBP', note: 'Ring twice', customer: { first_name: 'Ada', last_name: 'King', email: 'ada@shop.test' }, line_items: [{ sku: 'A1', title: 'Lamp', quantity: 1, price: '12.50' }, { sku: 'B2', title: 'Bulb', quantity: 4, price: '2.01' }] },
    { id: 1002, total_price: '8.00', currency: 'EUR', note: null, customer: { first_name: 'Bo', last_name: 'Li', email: 'bo@shop.test' }, line_items: [{ sku: 'C3', title: 'Desk', quantity: 1, price: '8.00' }] },
    { id: 1003, total_price: 'many', currency: 'EUR', note: '', customer: { first_name: 'Cy', last_name: 'Oh', email: 'cy@shop.test' }, line_items: [] },
  ],
} as const satisfies MapPageOptions;

/** So many rules between two sides of so many fields each. */
export function largeMap(rules: number, fields: number): MapPageOptions {
  const side = (prefix: string): object => ({ type: 'object', properties: Object.fromEntries(Array.from({ length: fields / 20 }, (_, group) => [`${prefix}_group_${group}`, { type: 'object', properties: Object.fromEntries(Array.from({ length: 19 }, (_, at) => [`${prefix}_field_${at}`, text])) }])) });
  const at = (prefix: string, rule: number): string => `${prefix}_group_${Math.floor(rule / 19)}.${prefix}_field_${rule % 19}`;
  const list = Array.from({ length: rules }, (_, rule) => ({ from: at('source', rule), to: at('target', (rule * 7) % rules), transforms: [{ type: 'trim' }] }));
  return { text: `${JSON.stringify({ version: 1, rules: list }, null, 2)}\n`, source: side('source'), target: side('target'), sample: {} };
}
