import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import type { openRunner } from '../../server/runner/runner.ts';
import { extractMap } from '../../server/model/map-extract.ts';
import { cutTrial } from '../../server/model/map-cut.ts';
import { ruleScript } from '../../server/model/rule-script.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import type { MapHost } from '../../webview/protocol/map.ts';

type Maps = Awaited<ReturnType<typeof openRunner>>['maps'];
export type Later<T> = { [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never };

export interface MapAnswerOptions {
  /** JSON Schemas of both sides. */
  readonly source?: object;
  readonly target?: object;
  /** Of the workspace, by their files. */
  readonly schemas?: Readonly<Record<string, object>>;
  /** The last recorded payload. */
  readonly sample?: unknown;
  /** What the user chooses as a file. */
  readonly sampleFile?: { readonly name: string; readonly value: unknown };
  /** What the endpoint gives that the user chooses. */
  readonly endpoint?: { readonly name: string; readonly records: readonly unknown[] };
  readonly trusted?: boolean;
  /** What is known of both sides is told after it. */
  readonly lookAfter?: Promise<unknown>;
  /** Names that the user enters. */
  readonly texts?: readonly string[];
}

/** The document that holds the mappings. */
interface MapDocument {
  settings(step: string | undefined): Record<string, unknown>;
  edit(changes: readonly MapChange[], step: string | undefined): number;
}

/** What a host answers of the mappings of a document in memory, with a real runner behind. */
export class MapAnswers {
  /** How often a result was asked for. */
  tries = 0;
  /** Why the runner does not answer. */
  isOff: string | undefined;
  /** Files that were made. */
  readonly files: Record<string, unknown> = {};
  private sample: unknown;
  private last: unknown;
  private readonly texts: string[];
  private readonly options: MapAnswerOptions;
  private readonly given: Maps | undefined;
  private readonly document: MapDocument;

  constructor(options: MapAnswerOptions, maps: Maps | undefined, document: MapDocument) {
    this.options = options;
    this.given = maps;
    this.document = document;
    this.sample = this.last = options.sample;
    this.texts = [...(options.texts ?? [])];
  }

  get host(): Later<MapHost> {
    const { document, options } = this;
    const maps = (): Maps => this.given ?? refuse('The runner is off.');
    return {
      editMap: (step, changes) => document.edit(changes, step),
      lookAtMap: async (step) => {
        await options.lookAfter;
        const [check, lineage] = await Promise.all([maps().check(this.question(step)), maps().lineage(this.question(step))]);
        return { source: check.source, target: check.target, findings: check.findings, lineage: { targets: lineage.targets, sources: lineage.sources } };
      },
      tryMap: async (step, record) => {
        this.tries++;
        if (options.trusted === false) throw new Error('In Restricted Mode Patchbay runs nothing.');
        if (this.isOff !== undefined) throw new Error(this.isOff);
        return cutTrial(await maps().try({ ...this.question(step), record, signal: new AbortController().signal }));
      },
      suggestRules: async (step) => (await maps().suggest(this.question(step))).suggestions,
      pickSample: () => {
        const { sampleFile } = options;
        if (sampleFile) this.sample = sampleFile.value;
        return sampleFile?.name;
      },
      callEndpoint: () => {
        const { endpoint } = options;
        if (endpoint) this.sample = endpoint.records;
        return endpoint?.name;
      },
      useSample: (_step, text) => { this.sample = typeof text === 'string' ? (JSON.parse(text) as unknown) : this.last; },
      convertRule: (step, rule) => {
        const name = this.texts.shift();
        if (name === undefined) return undefined;
        const { file, text, changes } = ruleScript(document.settings(step), rule, name, catalogFile as Catalog);
        this.files[file] = text;
        document.edit(changes, step);
        return file;
      },
      extractMap: (step) => {
        const name = this.texts.shift();
        if (name === undefined) return undefined;
        const { file, changes } = extractMap(document.settings(step), name);
        this.files[`maps/${name}.map.json`] = file;
        document.edit(changes, step);
        return `maps/${name}.map.json`;
      },
    };
  }

  /** A run records another payload. */
  record(payload: unknown): void {
    this.sample = this.last = payload;
  }

  private question(step: string | undefined) {
    const { version: _version, title: _title, description: _description, ...settings } = this.document.settings(step);
    const { options } = this;
    const side = (name: 'source' | 'target'): object | undefined => options.schemas?.[`schemas/${String(settings[name])}`] ?? options[name];
    const [source, target] = [side('source'), side('target')];
    return { settings, ...(source && { source }), ...(target && { target }), ...(this.sample !== undefined && { sample: this.sample }) };
  }
}

function refuse(why: string): never {
  throw new Error(why);
}
