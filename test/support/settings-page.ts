import { documentWindow } from '../../server/model/body-window.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { editValues, type FileChange } from '../../server/model/file-change.ts';
import { applyEdits } from '../../server/model/flow-edit-apply.ts';
import { valueAt } from '../../webview/form/change.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { TrialAnswer, TrialConfirmation } from '../../webview/protocol/connector.ts';
import type { SettingsDocument, SettingsHost, SettingsView, SettingsWorkspace } from '../../webview/protocol/settings.ts';
import type { Api } from '../../webview/protocol/rpc.ts';
import { readConnector } from './connector-page.ts';
import { catalog } from './flow-page.ts';

export interface SettingsPageOptions {
  readonly kind: SettingsDocument['kind'];
  readonly id: string;
  readonly text: string;
  readonly readOnly?: boolean;
  readonly trusted?: boolean;
  readonly workspace?: Partial<SettingsWorkspace>;
  readonly diagnostics?: readonly Diagnostic[];
  /** What tests answer, one after the other; the last one again and again. */
  readonly answers?: readonly TrialAnswer[];
  readonly bodies?: Readonly<Record<string, unknown>>;
}

export const instanceText = '{\n  "version": 1,\n  // The account of the shop.\n  "title": "Brook & Co shop",\n  "connector": "brook-shop",\n  "settings": { "url": "http://127.0.0.1:7401" },\n  "credentials": { "clientId": "brook-flows", "clientSecret": { "$secret": "shop/client-secret" } }\n}\n';
export const environmentText = '{\n  "version": 1,\n  "title": "The real shop",\n  "production": true,\n  "variables": { "batchSize": 100 },\n  "instances": {\n    "shop": { "settings": { "url": "https://shop.example.com" }, "credentials": { "clientSecret": { "$secret": "shop/live-client-secret" } } }\n  }\n}\n';

const shop = JSON.parse(await readConnector('brook-shop')) as ConnectorFile;
const erp = JSON.parse(await readConnector('mock-erp')) as ConnectorFile;
export const withLogin = { ...shop, auth: { login: { type: 'oauth2-authorization-code', settings: { authorizationUrl: 'https://id.example.com/authorize', tokenUrl: 'https://id.example.com/token' } } } } as unknown as ConnectorFile;

export const settingsPlugins = catalog.plugins.filter(({ kind }) => kind === 'auth' || kind === 'connector');

const workspace: SettingsWorkspace = {
  connectors: { 'brook-shop': shop, 'mock-erp': erp }, environment: 'dev', logins: [],
  instances: { shop: { version: 1, title: 'Brook & Co shop', connector: 'brook-shop', settings: { url: 'http://127.0.0.1:7401' }, credentials: { clientId: 'brook-flows', clientSecret: { $secret: 'shop/client-secret' } } }, erp: { version: 1, title: 'Mock ERP', connector: 'mock-erp', settings: { url: 'http://127.0.0.1:7402' }, credentials: { key: { $secret: 'erp/api-key' } } } },
  environments: { dev: { version: 1 }, live: { version: 1, production: true, instances: { shop: { settings: { url: 'https://shop.example.com' }, credentials: { clientSecret: { $secret: 'shop/live-client-secret' } } } } } },
  secrets: { 'shop/client-secret': 'vscode' },
};

/** A host that keeps the document and the secrets in memory, as VS Code does. */
export class SettingsPageHost {
  text: string;
  version = 1;
  /** Every edit that the editor made: one each is one undo unit. */
  readonly edits: (readonly FileChange[])[] = [];
  readonly calls: string[] = [];
  readonly kept = new Map<string, unknown>();
  readonly tests: (readonly [instance: string, environment: string | undefined, confirm: readonly TrialConfirmation[]])[] = [];
  view: Api<SettingsView> | undefined;
  workspace: SettingsWorkspace;
  private readonly done: string[] = [];
  private readonly options: SettingsPageOptions;

  constructor(options: SettingsPageOptions) {
    this.options = options;
    this.text = options.text;
    this.workspace = { ...workspace, ...options.workspace };
  }

  get document(): SettingsDocument {
    const { kind, id, readOnly = false } = this.options;
    return { kind, id, text: this.text, version: this.version, file: kind === 'instance' ? `instances/${id}.instance.json` : `environments/${id}.env.json`, readOnly };
  }

  get host(): { [K in keyof SettingsHost]: (...args: Parameters<SettingsHost[K]>) => ReturnType<SettingsHost[K]> | Promise<ReturnType<SettingsHost[K]>> } {
    const called = (name: string) => (...args: unknown[]): void => { this.calls.push([name, ...args.filter((arg) => arg !== undefined).map((arg) => JSON.stringify(arg))].join(' ')); };
    const { options } = this;
    return {
      open: () => ({ ...this.document, catalog: settingsPlugins, workspace: this.workspace, trusted: options.trusted ?? true, diagnostics: options.diagnostics ?? [] }),
      edit: (changes) => this.edit(changes),
      setSecret: async (name) => { called('setSecret')(name); await this.setWorkspace({ secrets: { ...this.workspace.secrets, [name]: 'vscode' } }); },
      removeSecret: async (name) => { called('removeSecret')(name); const { [name]: _gone, ...secrets } = this.workspace.secrets; await this.setWorkspace({ secrets }); },
      keepSecret: async (path, name) => {
        this.kept.set(name, valueAt(JSON.parse(this.text.replaceAll(/^\s*\/\/.*$/gm, '')), path));
        this.edit([{ path, value: { $secret: name } }]);
        await this.setWorkspace({ secrets: { ...this.workspace.secrets, [name]: 'vscode' } });
      },
      test: (instance, environment, confirm) => {
        this.tests.push([instance, environment, confirm]);
        const { answers = [] } = options;
        return answers[Math.min(this.tests.length, answers.length) - 1]!;
      },
      body: (hash, window) => documentWindow({ hash, size: 10, mediaType: 'application/json' }, options.bodies?.[hash], window)!,
      openText: called('openText'), openFile: called('openFile'), stopTest: called('stopTest'), saveBody: called('saveBody'), logIn: called('logIn'), logOut: called('logOut'),
    };
  }

  async setWorkspace(more: Partial<SettingsWorkspace>): Promise<void> {
    this.workspace = { ...this.workspace, ...more };
    await this.view?.workspace(this.workspace);
  }

  /** What VS Code does on Ctrl+Z with no text field focused. */
  async undo(): Promise<void> {
    const before = this.done.pop();
    if (before === undefined) return;
    this.text = before;
    this.version++;
    await this.view?.document(this.document);
  }

  private edit(changes: readonly FileChange[]): number {
    const text = applyEdits(this.text, editValues(this.options.kind, this.text, changes));
    this.edits.push(changes);
    if (text !== this.text) {
      this.done.push(this.text);
      this.text = text;
      this.version++;
      void this.view?.document(this.document);
    }
    return this.version;
  }
}
