import type { ConnectorManifest, EndpointExample } from '../model/connector.ts';
import type { Trial, TrialPage } from '../model/trial.ts';
import type { Audit } from './audited.ts';
import type { Workspace } from './workspace.ts';
import type { TryRequest } from './trials.ts';
/** Keeps an example in the file of a connector; one of the same title is replaced. */
export type SaveExample = (connector: string, endpoint: string, example: EndpointExample) => Promise<NonNullable<Trial['saved']>>;
/** The page as an example: secrets left out, of each list the first items. `undefined` where there was no answer, or only the beginning of one. */
export declare function exampleOf(manifest: ConnectorManifest, { endpoint: name, params, payload }: TryRequest & {
    readonly endpoint: string;
}, page: TrialPage | undefined): EndpointExample | undefined;
export declare const saveExamples: ({ root, workspace, audit }: {
    readonly root: string;
    readonly workspace: Workspace;
    readonly audit: Audit;
}) => SaveExample;
