import { recordedDiff, recordedLineage } from '../browser/recorded-diff.ts';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import type { BodyWindow, PayloadRow } from '../../server/model/api.ts';
import type { Catalog } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { ConnectorManifest } from '../../server/model/connector.ts';
import { completeSetting } from '../../server/model/flow-completion.ts';
import type { LastPayload } from '../../server/model/flow-place.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { idFault } from '../../server/model/step-id.ts';
import type { LintWorld } from '../../server/model/lint-world.ts';
import { applyEdits, editFlow } from '../../server/model/flow-edit-apply.ts';
import type { FlowChange, TextEdit } from '../../server/model/flow-edit.ts';
import type { Flow } from '../../server/model/flow.ts';
import { editMap, type MapChange } from '../../server/model/map-edit.ts';
import type { openRunner } from '../../server/runner/runner.ts';
import type { StepCounts } from '../../server/model/run-event.ts';
import type { FlowDebug, FlowHost, FlowRun, FlowView, FlowWorkspace } from '../../webview/protocol/flow.ts';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import type { Api } from '../../webview/protocol/rpc.ts';
import { findInText, queryValue } from './recorded-bodies.ts';
import { MapAnswers, type Later, type MapAnswerOptions } from './map-answers.ts';

type Runner = Awaited<ReturnType<typeof openRunner>>;

const root = join(import.meta.dirname, '..', '..');
const sample = join(root, 'samples', 'brook-and-co');

export const catalog = JSON.parse(await readFile(join(root, 'plugins', 'catalog.json'), 'utf8')) as Catalog;

/** A flow of eight steps that the tests know by heart, on the instances of the sample. */
export const readSample = (flow: string): Promise<string> => readFile(join(import.meta.dirname, 'flows', `${flow}.flow.json`), 'utf8');

const filesOf = async <T>(folder: string, ending: string): Promise<Record<string, T>> =>
  Object.fromEntries(await Promise.all((await readdir(join(sample, folder))).filter((name) => name.endsWith(ending)).map(async (name) => [name.slice(0, -ending.length), JSON.parse(await readFile(join(sample, folder, name), 'utf8')) as T])));

/** What is known in the sample's workspace while somebody writes. */
const world: LintWorld = {
  catalog, connectors: await filesOf('connectors', '.connector.json'), instances: await filesOf<InstanceFile>('instances', '.instance.json'), environments: await filesOf('environments', '.env.json'), scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [],
};

/** The names of the sample's workspace, as the runner would give them. */
export async function sampleWorkspace(): Promise<FlowWorkspace> {
  const names = async (folder: string, ending: string): Promise<string[]> => (await readdir(join(sample, folder))).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(sample, path), 'utf8'));
  const connectors = await Promise.all((await names('connectors', '.connector.json')).map(async (id) => {
    const manifest = (await read(`connectors/${id}.connector.json`)) as ConnectorManifest;
    return { id, title: manifest.title, endpoints: Object.entries(manifest.endpoints).map(([endpoint, { title, direction, params = {} }]) => ({ id: endpoint, title, direction, params })) };
  }));
  const instances = await Promise.all((await names('instances', '.instance.json')).map(async (id) => ({ id, connector: ((await read(`instances/${id}.instance.json`)) as { connector: string }).connector, missingSecrets: [] })));
  return { connectors, instances, flows: await names('flows', '.flow.json'), schemas: [], scripts: (await names('scripts', '.ts')).map((name) => `scripts/${name}.ts`), lookups: await names('lookups', '.csv'), maps: ['address'], groups: [], environments: [{ id: 'development', production: false }], environment: 'development' };
}

export interface FlowPageOptions {
  /** What is known of its mappings, and the runner that tries them. */
  readonly maps?: MapAnswerOptions & { readonly runner: Runner };
  readonly text: string;
  readonly run?: FlowRun;
  readonly diagnostics?: readonly Diagnostic[];
  readonly debug?: FlowDebug;
  readonly trusted?: boolean;
  readonly readOnly?: boolean;
  readonly payloads?: readonly PayloadRow[];
  readonly body?: (hash: string) => unknown;
  /** What the user picks, one after the other. */
  readonly picks?: readonly string[];
  readonly texts?: readonly string[];
  /** What arrived last at each step. */
  readonly last?: LastPayload;
  /** What an expression gives; default its text. */
  readonly evaluate?: (expression: string) => unknown;
}

/** A host that keeps the document in memory, as VS Code does: with versions, undo and redo. */
export class FlowPageHost {
  text: string;
  version = 1;
  /** Every edit that the editor made: one each is one undo unit. */
  readonly edits: (readonly (FlowChange | MapChange)[])[] = [];
  readonly calls: string[] = [];
  /** What the editor has said that is selected, one after the other. */
  readonly selected: (string | undefined)[] = [];
  /** Why edits are refused, if they are. */
  refuses: string | undefined;
  /** The rows of a tree that were dragged last. */
  dragged: readonly DroppedStep[] = [];
  view: Api<FlowView> | undefined;
  private readonly undone: string[] = [];
  private readonly done: string[] = [];
  private readonly options: FlowPageOptions;
  private readonly workspace: FlowWorkspace;
  private readonly picks: string[];
  private readonly texts: string[];
  readonly answers: MapAnswers;

  constructor(options: FlowPageOptions, workspace: FlowWorkspace) {
    this.options = options;
    this.workspace = workspace;
    this.text = options.text;
    this.picks = [...(options.picks ?? [])];
    this.texts = [...(options.texts ?? [])];
    this.answers = new MapAnswers(options.maps ?? {}, options.maps?.runner.maps, { settings: (step) => this.settings(step!), edit: (changes, step) => this.editMap(changes, step!) });
  }

  settings(step: string): Record<string, unknown> {
    return ((parse(this.text) as Flow | undefined)?.steps[step]?.settings ?? {}) as Record<string, unknown>;
  }

  get document() {
    return { text: this.text, version: this.version, file: 'flows/import-orders.flow.json', readOnly: this.options.readOnly ?? false };
  }

  get host(): Later<FlowHost> {
    const called = (name: string) => (...args: unknown[]): void => { this.calls.push([name, ...args.map((arg) => JSON.stringify(arg))].join(' ')); };
    return {
      ...this.answers.host,
      open: () => {
        const { run, debug, diagnostics = [], trusted = true } = this.options;
        return { ...this.document, catalog: catalog.plugins, workspace: this.workspace, diagnostics, trusted, ...(run && { run }), ...(debug && { debug }) };
      },
      edit: (changes) => this.edit(changes),
      pickShape: () => this.picks.shift(),
      dragged: () => this.dragged,
      askText: ({ idOf }) => this.askText(idOf),
      run: called('run'), breakpoint: called('breakpoint'), stop: called('stop'), selected: (node) => { this.selected.push(node); }, openText: called('openText'), openFile: called('openFile'), openRun: called('openRun'),
      payloads: (_run, step, side, page) => {
        const rows = (this.options.payloads ?? []).filter((row) => row.step === step && row.side === side);
        return { items: rows.slice((page - 1) * 50, page * 50), page, perPage: 50, total: rows.length };
      },
      body: (_run, hash, window) => bodyWindow(hash, this.options.body?.(hash), window),
      findInBody: (_run, hash, request) => findInText(JSON.stringify(this.options.body?.(hash)), 'json', request),
      queryBody: (_run, hash, request) => queryValue(this.options.body?.(hash), request),
      openBody: (_run, _hash, name) => { this.calls.push(`openBody ${name}`); return true; },
      saveBody: called('saveBody'),
      lineage: (run, value) => recordedLineage(run, value),
      payloadDiff: (order) => recordedDiff(order), openDiff: (_order, title) => { this.calls.push(`openDiff ${title}`); return true; },
      evaluate: (expression) => ({ value: this.options.evaluate?.(expression) ?? `value of ${expression.replaceAll(/[{}]/g, '').trim()}` }),
      complete: (setting) => completeSetting(this.text, setting, world, async () => this.options.last),
    };
  }

  /** What the user enters; what cannot be an id the box does not take, and says why. */
  private askText(idOf: string | undefined): string | undefined {
    const others = Object.keys((JSON.parse(this.text) as Flow).steps).filter((id) => id !== idOf);
    for (let text = this.texts.shift(); text !== undefined; text = this.texts.shift()) {
      const fault = idOf === undefined ? undefined : idFault(text, others);
      if (fault === undefined) return text;
      this.calls.push(fault);
    }
    return undefined;
  }

  /** What VS Code does on Ctrl+Z with the canvas focused. */
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

  private async show(text: string): Promise<void> {
    this.text = text;
    this.version++;
    await this.view?.document(this.document);
  }

  private edit(changes: readonly FlowChange[]): number {
    return this.take(changes, (text) => editFlow(text, [...changes], catalog));
  }

  private editMap(changes: readonly MapChange[], step: string): number {
    return this.take(changes, (text) => editMap(text, changes, step, catalog));
  }

  private take(changes: readonly (FlowChange | MapChange)[], editsOf: (text: string) => readonly TextEdit[]): number {
    if (this.refuses !== undefined) throw new Error(this.refuses);
    const text = applyEdits(this.text, editsOf(this.text));
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

/** A run of the sample in which two orders could not be mapped. */
export function sampleRun(text: string): Pick<FlowPageOptions, 'run' | 'payloads' | 'body'> {
  const flow = JSON.parse(text) as Flow;
  const error = { code: 'DATA_INVALID', message: 'The lookup country-codes has no row for “XX”.', step: 'to-erp', remedy: 'Add a row to lookups/country-codes.csv, or say in the transform what else to give.' };
  const counts = (all: number, failed: number, ports: readonly string[]): StepCounts => ({ in: all, out: all - failed, failed, records: all - failed, durationMs: 840, ports: Object.fromEntries(ports.map((port) => [port, all - failed])), retries: 0, firstAt: 0, lastAt: 1 });
  const steps = Object.fromEntries(Object.entries(flow.steps).map(([id, { next = {} }]) => [id, id === 'report-failure' ? counts(2, 0, []) : counts(id === 'to-erp' ? 1_204 : 1_202, id === 'to-erp' ? 2 : 0, Object.keys(next).filter((port) => port !== 'catch'))]));
  const payloads = Array.from({ length: 120 }, (_, index): PayloadRow => ({ id: `p${index}`, side: index < 2 ? 'failed' : 'out', step: 'to-erp', port: 'out', mediaType: 'application/json', body: `h${index}`, size: 812 + index, records: 1, at: index, ...(index < 2 && { error }) }));
  return {
    run: { id: 'r1', status: 'partial-success', steps, errors: { 'to-erp': error }, startedAt: 0, durationMs: 3_200 }, payloads,
    body: (hash) => ({ id: hash, shipping_address: { country_code: 'XX', city: 'Nowhere' }, line_items: [{ sku: 'A1', quantity: 2 }] }),
  };
}

/** A flow of routes whose branches meet again, as large as wanted. */
export function largeFlow(count: number): string {
  const steps: Record<string, object> = {};
  const shapes = ['map', 'filter', 'script', 'connector'];
  const name = (at: number): string => `step-${at}`;
  for (let at = 0; at < count; at++) {
    const isRoute = at % 4 === 0;
    const to = (next: number): string | undefined => (next < count ? name(next) : undefined);
    const next = isRoute ? { uk: to(at + 1), eu: to(at + 2), else: to(at + 3) } : { out: at % 4 === 3 ? undefined : to(at - (at % 4) + 4) };
    steps[name(at)] = { shape: isRoute ? 'route' : shapes[at % 4], title: `${isRoute ? 'Route' : 'Step'} number ${at}`, ...(isRoute && { settings: { routes: [{ name: 'uk' }, { name: 'eu' }] } }), next: Object.fromEntries(Object.entries(next).filter(([, id]) => id !== undefined)) };
  }
  return `${JSON.stringify({ version: 1, start: name(0), steps }, null, 2)}\n`;
}

function bodyWindow(hash: string, whole: unknown, { path, offset, limit }: { readonly path: string; readonly offset: number; readonly limit: number }): BodyWindow {
  const value = path.split('/').slice(1).reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], whole);
  const size = JSON.stringify(whole ?? null).length;
  const kindOf = (one: unknown): BodyWindow['kind'] => (one === null ? 'null' : Array.isArray(one) ? 'array' : (typeof one as BodyWindow['kind']));
  if (typeof value !== 'object' || value === null) return { hash, size, mediaType: 'application/json', kind: kindOf(value), count: 0, offset: 0, entries: [], value };
  const all = Object.entries(value);
  const entries = all.slice(offset, offset + limit).map(([key, one]) => ({ key, kind: kindOf(one), ...(typeof one === 'object' && one !== null ? { count: Object.keys(one).length } : { value: one as unknown }) }));
  return { hash, size, mediaType: 'application/json', kind: kindOf(value), count: all.length, offset, entries };
}
