import { parse } from 'jsonc-parser';
import type * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { connectorsInUse } from '../../server/model/protocol.ts';
import type { Environment } from '../../server/model/environment.ts';
import type { Flow } from '../../server/model/flow.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { namedSecrets } from '../../server/model/named-secrets.ts';
import { isObject } from '../../server/model/json.ts';
import type { MapFile } from '../../server/model/map-file.ts';
import type { LintWorld } from '../../server/model/lint.ts';
import type { ReadFile } from '../../server/model/read.ts';
import { fileKinds, type FileKind } from '../../server/model/workspace.ts';
import type { FlowWorkspace } from '../../webview/protocol/flow.ts';

/** A file of ours as it is in its editor, or on disk where it is not open. */
export interface ProjectFile {
  readonly uri: vscode.Uri;
  readonly kind: FileKind;
  /** Path below the root. */
  readonly file: string;
  readonly id: string;
  readonly text: string;
  readonly read: ReadFile<unknown>;
}

/** What a workspace holds, read without a runner. */
export interface Project {
  readonly root: vscode.Uri;
  readonly files: readonly ProjectFile[];
  readonly scripts: readonly string[];
  readonly schemas: readonly string[];
  /** By their paths. */
  readonly schemaTexts: ReadonlyMap<string, string>;
  readonly lookups: readonly string[];
  readonly groups: readonly string[];
  /** Files of its own plugins. */
  readonly plugins: readonly string[];
  /** Such files, or packages. */
  readonly hasOwnPlugins: boolean;
  readonly environment: string | undefined;
  values<T>(kind: FileKind): Readonly<Record<string, T>>;
}

/** Endings of the files that a project consists of; a change of any of them changes the project. */
export const projectPattern = '**/{patchbay.json,*.flow.json,*.connector.json,*.instance.json,*.env.json,*.map.json,flows/**/*.test.json,scripts/**,schemas/*.json,lookups/**,plugins/**}';

export function kindOf(file: string): FileKind | undefined {
  return (Object.keys(fileKinds) as FileKind[]).find((kind) => {
    const { folder, ending } = fileKinds[kind];
    return folder === '' ? file === ending : file.startsWith(`${folder}/`) && file.endsWith(ending);
  });
}

/** Says nothing about secrets: which ones a server or a command line would find is not known here, and a run that lacks one says so. */
export function lintWorld(project: Project, catalog: LintWorld['catalog']): LintWorld {
  // A file that cannot be read is there all the same: who names it is not wrong.
  const all = <T>(kind: FileKind): Record<string, T | undefined> => Object.fromEntries(project.files.flatMap(({ kind: own, id, read }) => (own === kind ? [[id, read.value as T | undefined]] : [])));
  const flows = all<Flow>('flow');
  return {
    catalog, connectors: all<ConnectorFile>('connector'), instances: all<InstanceFile>('instance'), environments: all<Environment>('environment'),
    scripts: project.scripts, schemas: project.schemas, schemaOf: (file) => schemaIn(project, file), lookups: project.lookups, maps: all<MapFile>('map'), flows: Object.keys(flows), flowOf: (id) => flows[id], groups: project.groups,
  };
}

function schemaIn({ schemaTexts }: Project, file: string): object | undefined {
  const text = schemaTexts.get(file) ?? schemaTexts.get(`schemas/${file}`);
  const schema: unknown = text === undefined ? undefined : parse(text);
  return isObject(schema) ? schema : undefined;
}

/** All files that there are, below the root. */
export const pathsOf = ({ files, scripts, schemas, lookups, plugins }: Project): readonly string[] =>
  [...files.map(({ file }) => file), ...scripts, ...schemas, ...lookups.map((name) => `lookups/${name}.csv`), ...plugins];

/** The settings that lie beside the rows of a lookup. */
export const lookupSettings = ({ files }: Project, name: string): ProjectFile | undefined => files.find(({ kind, id }) => kind === 'lookup' && id === name);

/** The names that forms offer. */
export function flowWorkspace(project: Project, catalog: Catalog, hasSecret: (name: string) => boolean, environment = project.environment): FlowWorkspace {
  const instances = project.values<InstanceFile>('instance');
  return {
    instances: Object.entries(instances).map(([id, { connector, credentials }]) => ({ id, connector, missingSecrets: namedSecrets(credentials).filter((name) => !hasSecret(name)) })),
    connectors: Object.entries(connectorsInUse(project.values<ConnectorFile>('connector'), Object.values(instances), catalog)).map(([id, { title, endpoints }]) => ({
      id, title, endpoints: Object.entries(endpoints).map(([endpoint, { title, direction, params = {} }]) => ({ id: endpoint, title, direction, params: paramsSchema(params) })),
    })),
    flows: project.files.filter(({ kind }) => kind === 'flow').map(({ id }) => id),
    scripts: project.scripts,
    schemas: project.schemas,
    lookups: project.lookups,
    maps: project.files.filter(({ kind }) => kind === 'map').map(({ id }) => id),
    groups: project.groups,
    environments: Object.entries(project.values<Environment>('environment')).map(([id, { production = false }]) => ({ id, production })),
    ...(environment !== undefined && { environment }),
  };
}

/** What a step gives to an endpoint, as one schema. */
function paramsSchema(params: Readonly<Record<string, object & { readonly required?: boolean }>>): object {
  const required = Object.entries(params).filter(([, param]) => param.required === true).map(([name]) => name);
  const properties = Object.fromEntries(Object.entries(params).map(([name, param]) => { const { required: _required, in: _in, ...schema } = param as Record<string, unknown>; return [name, schema]; }));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}
