import { join } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { shortened } from '../imports/captured.ts';
import { withoutSecrets } from '../imports/secret-values.ts';
import { withExample } from '../model/connector-examples.ts';
import type { ConnectorManifest, EndpointExample } from '../model/connector.ts';
import { pointerOf } from '../model/json.ts';
import type { Trial, TrialPage } from '../model/trial.ts';
import { writeAtomically } from '../stores/write-atomically.ts';
import type { Audit } from './audited.ts';
import { readText } from './workspace-files.ts';
import type { Workspace } from './workspace.ts';
import type { TryRequest } from './trials.ts';

/** Keeps an example in the file of a connector; one of the same title is replaced. */
export type SaveExample = (connector: string, endpoint: string, example: EndpointExample) => Promise<NonNullable<Trial['saved']>>;

/** The page as an example: secrets left out, of each list the first items. `undefined` where there was no answer, or only the beginning of one. */
export function exampleOf(manifest: ConnectorManifest, { endpoint: name, params, payload }: TryRequest & { readonly endpoint: string }, page: TrialPage | undefined): EndpointExample | undefined {
  const { response } = page ?? {};
  if (!response || response.cut) return undefined;
  const clean = (value: unknown): unknown => withoutSecrets(shortened(value));
  const headers = telling(manifest, name, response.headers);
  const request = { ...(params && Object.keys(params).length > 0 && { params: clean(params) as Readonly<Record<string, unknown>> }), ...(payload && { body: clean(payload.body) }) };
  return {
    title: 'As tried out', ...(Object.keys(request).length > 0 && { request }),
    response: { status: response.status, ...(Object.keys(headers).length > 0 && { headers }), ...(response.body !== undefined && { body: clean(response.body) }) },
  };
}

/** Headers by which the endpoint is understood: those that its pagination reads, and the type of what is no JSON. */
function telling({ endpoints, defaults }: ConnectorManifest, name: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const { type = '', settings = {} } = endpoints[name]?.pagination ?? defaults?.pagination ?? {};
  const named = [settings['header'], /link/.test(type) && 'link', type === 'header-url' && 'x-next-page', type === 'header-cursor' && 'x-next-cursor'].filter((header) => typeof header === 'string').map((header) => header.toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([header, value]) => named.includes(header) || (header === 'content-type' && !/json/.test(value))));
}

export const saveExamples = ({ root, workspace, audit }: { readonly root: string; readonly workspace: Workspace; readonly audit: Audit }): SaveExample => async (connector, endpoint, example) => {
  const file = workspace.connectors.get(connector)?.file;
  const text = file === undefined ? undefined : readText(join(root, file));
  if (file === undefined || text === undefined) throw new FlowError('CONFIG_UNKNOWN_CONNECTOR', `There is no file of the connector "${connector}" in which an example could be kept.`);
  const changed = withExample(text, endpoint, example);
  await writeAtomically(join(root, file), changed.text);
  audit('connector.example', `connector ${connector}`, { endpoint, title: example.title });
  return { file, pointer: pointerOf(['endpoints', endpoint, 'examples', changed.index]) };
};
