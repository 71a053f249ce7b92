import * as vscode from 'vscode';
import { FlowError } from '../../plugins/sdk/index.ts';
import { suggestRules } from '../../server/model/auto-map.ts';
import { cutTrial } from '../../server/model/map-cut.ts';
import { editMap, type MapChange } from '../../server/model/map-edit.ts';
import type { Flow } from '../../server/model/flow.ts';
import { extractMap } from '../../server/model/map-extract.ts';
import { lookAtMap } from '../../server/model/map-look.ts';
import type { MapSide } from '../../server/model/map-report.ts';
import { readMapSettings } from '../../server/model/map-rules.ts';
import { readFile } from '../../server/model/read.ts';
import { ruleScript } from '../../server/model/rule-script.ts';
import { serialize } from '../../server/model/serialize.ts';
import { sayBrokenJson } from '../../server/model/syntax-errors.ts';
import { fileKinds, fileOfId } from '../../server/model/workspace.ts';
import type { MapHost } from '../../webview/protocol/map.ts';
import { RunnerProblem } from '../../webview/protocol/runner-client.ts';
import { takenFault } from '../commands/ask-name.ts';
import { saveUsed } from '../commands/save-used.ts';
import { lintWorld } from '../language/project.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import type { BaseVersions } from './base-version.ts';
import { callEndpoint } from './call-endpoint.ts';
import { applyToDocument, editsOf } from './document-edits.ts';
import { callsBefore, sourcesOf } from './endpoint-sample.ts';
import { questionOf, rulesOfOthers, sidesOf, type MapPlace, type MapQuestion } from './map-question.ts';
import { refuse } from './refuse.ts';
import type { Later } from './session-parts.ts';

interface MapHostOptions {
  readonly services: Services;
  readonly document: vscode.TextDocument;
  readonly root: vscode.Uri | undefined;
  /** The flow or mapping file that the document is; `undefined` outside of a workspace. */
  readonly id: string | undefined;
  readonly kind: 'flow' | 'map';
  /** Those of the page, whatever else it changes. */
  readonly edits: <T>(work: () => Promise<T>) => Promise<T>;
  readonly versions: BaseVersions;
}

/** Samples beyond this are not mapped while one types. */
const longestSample = 8 * 1024 * 1024;
const tooLong = 'The sample is longer than 8 MB. Take a part of it.';

/** What is asked of the mappings of a document: what the files say is found here, at once and without a runner; results are the runner's. */
export function mapHost({ services, document, root, id, kind, edits, versions }: MapHostOptions): Later<MapHost> {
  const { runners, catalogs, projects, environments } = services;
  // By the step; '' for a mapping file.
  const samples = new Map<string, unknown>();
  const runner = (): FolderRunner => runners.of(document.uri) ?? refuse('Open the folder that holds this file, in order to try the mapping.');
  const placeOf = (step: string | undefined): MapPlace => (kind === 'flow' ? { flow: id, step: step ?? refuse('A mapping of a flow is named by its step.') } : { map: id });
  const sampleOf = (step: string | undefined): { readonly sample?: unknown } => { const sample = samples.get(step ?? ''); return sample === undefined ? {} : { sample }; };

  async function known(step: string | undefined) {
    const place = placeOf(step);
    const project = root && (await projects.of(root));
    const catalog = catalogs.of(root);
    const flows = { ...project?.values<Flow>('flow'), ...(kind === 'flow' && id !== undefined && openFlow()) };
    const world = project ? lintWorld(project, catalog) : { catalog, connectors: {}, instances: {}, maps: {} };
    const question = questionOf(document.getText(), place, flows);
    return { place, flows, world, question, sides: sidesOf(question, flows, world) };
  }
  /** The flow as it stands in the editor. */
  function openFlow(): Readonly<Record<string, Flow>> {
    const { value } = readFile('flow', 'flow', document.getText());
    return value ? { [id!]: value } : {};
  }
  /** Where no file says what comes, a payload shows it; that is the runner's. */
  async function shown(source: MapSide, question: MapQuestion, step: string | undefined): Promise<MapSide> {
    if (source.from !== undefined || !vscode.workspace.isTrusted) return source;
    return ask(question, (asked) => runner().client.checkMap({ ...asked, ...sampleOf(step) })).then((check) => check.source, () => source);
  }
  async function withSource(step: string | undefined) {
    const found = await known(step);
    return { ...found, sides: { ...found.sides, source: await shown(found.sides.source, found.question, step) } };
  }

  /** Fails where a place is another one by now. */
  const placed = (change: MapChange, base: number) => (): void => {
    if (!versions.fits([change], base, document.version)) refuse('The mapping was changed at the same time. Look at it and try again.');
  };
  /** The file comes first: a mapping must not name one that could not be made. */
  async function makeFile(file: vscode.Uri, text: string, changes: readonly MapChange[], step: string | undefined): Promise<void> {
    const { version } = document;
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(file, { contents: new TextEncoder().encode(text), overwrite: false });
    editsOf(document, editMap(document.getText(), changes, step, catalogs.of(root)), edit);
    if (!(await vscode.workspace.applyEdit(edit))) return refuse('VS Code did not take the change. Try again.');
    versions.made(version, document.version);
  }

  return {
    editMap: (step, changes, base) => edits(async () => {
      const { version } = document;
      checkWritable(document);
      if (!versions.fits(changes, base, version)) return refuse('The mapping was changed at the same time, so that this may be another place by now. Look at it and try again.');
      const after = await applyToDocument(document, editMap(document.getText(), changes, kind === 'flow' ? (step ?? refuse('A mapping of a flow is named by its step.')) : undefined, catalogs.of(root)));
      versions.made(version, after);
      return after;
    }),
    lookAtMap: async (step) => {
      const { question, sides, world } = await withSource(step);
      return lookAtMap(question.settings, sides, world);
    },
    tryMap: async (step, record) => {
      const { question } = await known(step);
      return cutTrial(await ask(question, (asked) => runner().client.tryMap({ ...asked, ...sampleOf(step), record })));
    },
    suggestRules: async (step) => {
      const { question, sides: { source, target }, place, flows, world } = await withSource(step);
      return suggestRules({ source: source.schema, target: target.schema, rules: readMapSettings(question.settings, world.maps).rules, former: rulesOfOthers(question, place, flows, world.maps) });
    },
    pickSample: async (step) => {
      const [file] = (await vscode.window.showOpenDialog({ title: 'Sample', openLabel: 'Use as Sample', filters: { JSON: ['json'] }, ...(root && { defaultUri: root }) })) ?? [];
      if (!file) return undefined;
      const { size } = await vscode.workspace.fs.stat(file);
      if (size > longestSample) return refuse(tooLong);
      samples.set(step ?? '', read(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))));
      return file.path.split('/').at(-1)!;
    },
    async callEndpoint(step) {
      const folder = root ?? refuse('Open the folder that holds this mapping, in order to call an endpoint.');
      const { flows, question: { flow, step: own }, world } = await known(step);
      const around = flow === undefined ? undefined : flows[flow];
      const save = (instance: string): Promise<void> => saveUsed(services, folder, [fileOfId('instance', instance)]);
      const found = await callEndpoint(runner().client, save, sourcesOf(world, around && own !== undefined ? callsBefore(around, own, catalogs.of(root)) : []), environments.chosen(folder));
      if (!found) return undefined;
      samples.set(step ?? '', found.records);
      return found.name;
    },
    useSample: (step, text) => {
      // What is left out comes as null over the port.
      if (typeof text !== 'string') return void samples.delete(step ?? '');
      if (text.length > longestSample) return refuse(tooLong);
      samples.set(step ?? '', read(text));
    },
    extractMap: (step, base) => edits(async () => {
      checkWritable(document);
      const folder = root ?? refuse('Open the folder that holds this flow first.');
      const checkPlace = placed({ op: 'insert', path: [], index: 0, value: 0 }, base);
      checkPlace();
      const { question: { settings } } = await known(step);
      extractMap(settings, 'x');
      const name = await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'Extract Rules to File', prompt: 'Name of the mapping: maps/<name>.map.json.', value: step, validateInput: (value) => newName(mapFile(folder, value), () => extractMap(settings, value)) });
      if (name === undefined) return undefined;
      // Meanwhile others may have changed it.
      checkPlace();
      const { file, changes } = extractMap(settings, name);
      await makeFile(mapFile(folder, name), serialize('map', file), changes, step);
      return `${fileKinds.map.folder}/${name}${fileKinds.map.ending}`;
    }),
    convertRule: (step, rule, base) => edits(async () => {
      checkWritable(document);
      const folder = root ?? refuse('Open the folder that holds this mapping first.');
      const checkPlace = placed({ op: 'set', path: ['rules', rule], value: 0 }, base);
      checkPlace();
      const { question: { settings } } = await known(step);
      ruleScript(settings, rule, 'x', catalogs.of(root));
      const name = await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'Convert Transforms to Script', prompt: 'Name of the script: scripts/<name>.ts.', validateInput: (value) => newName(scriptFile(folder, value), () => ruleScript(settings, rule, value, catalogs.of(root))) });
      if (name === undefined) return undefined;
      // Meanwhile others may have changed it.
      checkPlace();
      const { file, text, changes } = ruleScript(settings, rule, name, catalogs.of(root));
      await makeFile(scriptFile(folder, name), text, changes, step);
      await vscode.window.showTextDocument(scriptFile(folder, name), { viewColumn: vscode.ViewColumn.Beside, preview: false });
      return file;
    }),
  };
}

/** A step that is not saved yet is none to the runner: then its settings are asked about alone. */
async function ask<T>(question: MapQuestion, call: (question: MapQuestion) => Promise<T>): Promise<T> {
  try {
    return await call(question);
  } catch (error) {
    if (!(error instanceof RunnerProblem) || !['CONFIG_NOT_FOUND', 'CONFIG_UNKNOWN_STEP', 'CONFIG_INVALID'].includes(error.code) || question.flow === undefined) throw error;
    return call({ settings: question.settings });
  }
}

const mapFile = (root: vscode.Uri, name: string): vscode.Uri => vscode.Uri.joinPath(root, fileKinds.map.folder, `${name}${fileKinds.map.ending}`);

const scriptFile = (root: vscode.Uri, name: string): vscode.Uri => vscode.Uri.joinPath(root, 'scripts', `${name}.ts`);

/** Why a file cannot have this name; `attempt` fails where it is none. */
async function newName(file: vscode.Uri, attempt: () => unknown): Promise<string | undefined> {
  try {
    attempt();
  } catch (error) {
    return FlowError.is(error) && error.remedy !== undefined ? `${error.message} ${error.remedy}` : (error as Error).message;
  }
  return takenFault(file);
}

function checkWritable({ uri }: vscode.TextDocument): void {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true) refuse('This mapping can be read only.');
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(sayBrokenJson(text, 'The sample'));
  }
}
