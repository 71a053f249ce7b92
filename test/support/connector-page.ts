import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentWindow } from '../../server/model/body-window.ts';
import { editConnector, type ConnectorChange } from '../../server/model/connector-edit.ts';
import { applyEdits } from '../../server/model/flow-edit-apply.ts';
import type { Detection } from '../../server/model/trial.ts';
import type { Imported } from '../../server/model/import-plan.ts';
import type { BodyRef, ConnectorHost, ConnectorView, ConnectorWorkspace, ShownTrial, TrialAnswer, TrialOrder } from '../../webview/protocol/connector.ts';
import type { Api } from '../../webview/protocol/rpc.ts';
import { catalog } from './flow-page.ts';

const root = join(import.meta.dirname, '..', '..');
export const readConnector = (name: string): Promise<string> => readFile(join(root, 'samples', 'brook-and-co', 'connectors', `${name}.connector.json`), 'utf8');

export interface ConnectorPageOptions {
  readonly text: string;
  readonly readOnly?: boolean;
  readonly trusted?: boolean;
  readonly workspace?: Partial<ConnectorWorkspace>;
  /** What trials answer, one after the other; the last one again and again. */
  readonly answers?: readonly TrialAnswer[];
  readonly bodies?: Readonly<Record<string, unknown>>;
  readonly detected?: Detection;
  readonly imported?: Imported;
}

const workspace: ConnectorWorkspace = {
  instances: [{ id: 'shop', missingSecrets: [] }, { id: 'shop-eu', missingSecrets: ['shop-eu/client-secret'] }], scripts: ['scripts/totals.ts'],
  environments: [{ id: 'dev', production: false }, { id: 'live', production: true }], environment: 'dev',
};

/** A host that keeps the document in memory, as VS Code does: with versions and undo. */
export class ConnectorPageHost {
  text: string;
  version = 1;
  /** Every edit that the editor made: one each is one undo unit. */
  readonly edits: (readonly ConnectorChange[])[] = [];
  readonly calls: string[] = [];
  readonly orders: TrialOrder[] = [];
  view: Api<ConnectorView> | undefined;
  /** A trial that waits for its answer. */
  held: PromiseWithResolvers<TrialAnswer> | undefined;
  workspace: ConnectorWorkspace;
  private readonly done: string[] = [];
  private readonly options: ConnectorPageOptions;

  constructor(options: ConnectorPageOptions) {
    this.options = options;
    this.text = options.text;
    this.workspace = { ...workspace, ...options.workspace };
  }

  get document() {
    return { text: this.text, version: this.version, file: 'connectors/brook-shop.connector.json', readOnly: this.options.readOnly ?? false };
  }

  get host(): { [K in keyof ConnectorHost]: (...args: Parameters<ConnectorHost[K]>) => ReturnType<ConnectorHost[K]> | Promise<ReturnType<ConnectorHost[K]>> } {
    const called = (name: string) => (...args: unknown[]): void => { this.calls.push([name, ...args.filter((arg) => arg !== undefined).map((arg) => JSON.stringify(arg))].join(' ')); };
    return {
      open: () => ({ ...this.document, catalog: catalog.plugins, workspace: this.workspace, diagnostics: [], trusted: this.options.trusted ?? true }),
      edit: (changes) => this.edit(changes),
      try: (order) => this.try(order),
      body: (hash, window) => documentWindow({ hash, size: JSON.stringify(this.options.bodies?.[hash] ?? null).length, mediaType: 'application/json' }, this.options.bodies?.[hash], window)!,
      detect: (answer) => { this.calls.push(`detect ${answer}`); return this.options.detected ?? { records: [], pagination: [] }; },
      import: (kind) => { this.calls.push(`import ${kind}`); return this.options.imported; },
      stopTrial: () => { this.calls.push('stopTrial'); this.held?.resolve(done({ error: { code: 'RUN_STOPPED', message: 'The trial was stopped.', remedy: '' } })); },
      startMock: () => { this.calls.push('startMock'); void this.setWorkspace({ mock: 'http://127.0.0.1:7461' }); },
      stopMock: () => { this.calls.push('stopMock'); const { mock: _mock, ...rest } = this.workspace; this.workspace = rest; void this.setWorkspace({}); },
      openText: called('openText'), openFile: called('openFile'), logIn: called('logIn'), setSecret: called('setSecret'), newInstance: called('newInstance'), saveBody: called('saveBody'),
    };
  }

  async setWorkspace(more: Partial<ConnectorWorkspace>): Promise<void> {
    this.workspace = { ...this.workspace, ...more };
    await this.view?.catalog(catalog.plugins, this.workspace);
  }

  /** What VS Code does on Ctrl+Z with no text field focused. */
  async undo(): Promise<void> {
    const before = this.done.pop();
    if (before !== undefined) await this.show(before);
  }

  /** A change by something else than the editor. */
  async replace(text: string): Promise<void> {
    this.done.push(this.text);
    await this.show(text);
  }

  private async show(text: string): Promise<void> {
    this.text = text;
    this.version++;
    await this.view?.document(this.document);
  }

  private edit(changes: readonly ConnectorChange[]): number {
    const text = applyEdits(this.text, editConnector(this.text, changes, catalog));
    this.edits.push(changes);
    if (text !== this.text) {
      this.done.push(this.text);
      this.text = text;
      this.version++;
      void this.view?.document(this.document);
    }
    return this.version;
  }

  private try(order: TrialOrder): TrialAnswer | Promise<TrialAnswer> {
    this.orders.push(order);
    const { answers = [done()] } = this.options;
    return this.held?.promise ?? answers[Math.min(this.orders.length, answers.length) - 1]!;
  }
}

/** A trial of nothing, with what is given. */
export const done = (trial: Partial<ShownTrial> = {}): TrialAnswer => ({ kind: 'done', trial: { instance: 'shop', endpoint: 'orders.list', pages: [], records: 0, log: [], refused: [], ...trial } });

const json = (hash: string): BodyRef => ({ hash, mediaType: 'application/json' });
const url = 'http://127.0.0.1:7402/api/orders?limit=250';
const headers = { accept: 'application/json', authorization: 'Bearer ••••' };

/** Three pages: a token before the first, one that was refused for a while before the last. */
export const threePages: TrialAnswer = done({
  records: 542, stop: { reason: 'no-link', byGuess: false },
  pages: [
    {
      request: { method: 'GET', url, headers }, response: { status: 200, headers: { 'content-type': 'application/json', link: `<${url}&page_info=Z1>; rel="next"` }, size: 61_200, body: json('p1') }, records: 250, ms: 142, waitMs: 0, next: { query: { page_info: 'Z1' } },
      before: [{ request: { method: 'POST', url: 'http://127.0.0.1:7402/oauth/token', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, response: { status: 200, headers: {}, size: 90 }, ms: 12, waitMs: 0 }],
    },
    { request: { method: 'GET', url: `${url}&page_info=Z1`, headers }, response: { status: 200, headers: {}, size: 60_900, body: json('p1') }, records: 250, ms: 131, waitMs: 0, before: [], next: { query: { page_info: 'Z2' } } },
    {
      request: { method: 'GET', url: `${url}&page_info=Z2`, headers }, response: { status: 200, headers: {}, size: 10_400, body: json('p3') }, records: 42, ms: 160, waitMs: 2_000,
      before: [{ request: { method: 'GET', url: `${url}&page_info=Z2`, headers }, response: { status: 429, headers: { 'retry-after': '2' }, size: 21, body: json('refused') }, ms: 9, waitMs: 0 }],
    },
  ],
  schema: { type: 'object', properties: { id: { type: 'integer' }, number: { type: 'string' }, customer: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } }, required: ['id'] },
  example: { title: 'As tried out', response: { status: 200, body: { orders: [{ id: 1, number: 'BC-1' }] } } },
  detected: { records: [{ value: '$.orders', score: 0.93, why: 'A list of 250 objects with ids.' }], pagination: [{ value: { type: 'header-link', settings: { sizeParam: 'limit', size: 250 } }, score: 0.97, why: 'The header Link names a next page.' }, { value: { type: 'page-number' }, score: 0.12, why: 'Many systems page so.' }] },
  log: [{ level: 'warn', message: 'The budget of the shop is used up.' }],
});

export const trialBodies = { p1: { orders: [{ id: 1, number: 'BC-1' }, { id: 2, number: 'BC-2' }] }, p3: { orders: [] }, refused: { error: 'Too many requests' } };

/** What a description of a small shop gives. */
export const importedShop: Imported = {
  connector: 'acme', operations: 4,
  manifest: {
    version: 1, title: 'Acme', baseUrl: 'https://api.acme.test', auth: { bearer: { type: 'bearer' } },
    endpoints: {
      'orders.list': { title: 'List orders', direction: 'receive', method: 'GET', path: '/orders', records: '$.orders' },
      'orders.create': { title: 'Create an order', direction: 'send', method: 'POST', path: '/orders' },
    },
  },
  auth: [{ name: 'bearer', type: 'bearer', secrets: ['acme/token'] }],
  skipped: [{ what: 'GET /events', why: 'A stream of events is no list.' }, { what: 'The header X-Request-Id', why: 'A text there looked like a secret, and was hidden.' }],
  suggestions: [{ kind: 'pagination', endpoint: 'orders.list', value: { type: 'cursor', settings: { path: '$.next' } }, score: 0.9, why: 'It takes "cursor" and answers with "next".' }],
};

/** A connector as large as wanted. */
export function largeConnector(count: number): string {
  const endpoint = (at: number): object => ({
    title: `List things of kind ${at}`, entity: `things-${at}`, direction: 'receive', method: 'GET', path: `/v1/things-${at}`, query: { since: '{{ params.since }}' }, params: { since: { type: 'string', title: 'Since' } },
    pagination: { type: 'cursor', settings: { path: '$.next', size: 100 } }, records: '$.items', record: { type: 'object', properties: Object.fromEntries(Array.from({ length: 40 }, (_, field) => [`field_${field}`, { type: 'string', title: `Field ${field}` }])) },
    examples: [{ title: 'One', response: { status: 200, body: { items: [{ field_0: 'a' }] } } }],
  });
  return `${JSON.stringify({ version: 1, title: 'Large', baseUrl: 'https://api.example.com', endpoints: Object.fromEntries(Array.from({ length: count }, (_, at) => [`things-${at}.list`, endpoint(at)])) }, null, 2)}\n`;
}
