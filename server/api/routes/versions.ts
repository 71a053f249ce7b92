import { invalid, type Call, type QueryParam, type Route } from '../route.ts';

const versionParam: QueryParam = { summary: 'Number of the version.', type: 'integer', minimum: 1, isRequired: true };

/** Deployed versions of flows, and the environment of this machine. */
export const versionRoutes: readonly Route[] = [
  {
    method: 'get', path: '/flows/{flow}/versions', summary: 'Deployed versions of a flow, the newest first, and what was in use when', answer: { summary: 'The versions', schema: 'FlowVersions' },
    handle: ({ runner, path }) => runner.versions.list(path.flow!),
  },
  {
    method: 'get', path: '/flows/{flow}/versions/{version}', summary: 'One version, with the hashes of its files', answer: { summary: 'The version', schema: 'VersionDetail' },
    also: { 503: 'The version is not what was deployed.' },
    handle: ({ runner, path }) => runner.versions.detail(path.flow!, numberOf(path.version!)),
  },
  {
    method: 'get', path: '/flows/{flow}/versions/{version}/diff/{other}', summary: 'What is different in another version; `draft` stands for the files as they are', answer: { summary: 'The differences', schema: 'VersionDiff' },
    handle: ({ runner, path }) => runner.versions.compare(path.flow!, versionOf(path.version!), versionOf(path.other!)),
  },
  {
    method: 'post', path: '/flows/{flow}/deploy', summary: 'Puts the files of a flow, as they are, into use', query: { note: { summary: 'What is new in it.' } }, answer: { summary: 'The version in use', schema: 'DeployResult' },
    also: { 422: 'The flow cannot run: its first finding.' },
    handle: (call) => call.runner.versions.deploy(call.path.flow!, { by, ...noteOf(call) }),
  },
  {
    method: 'post', path: '/flows/{flow}/rollback', summary: 'Puts a version of before into use', query: { version: versionParam }, answer: { summary: 'The version in use', schema: 'DeployResult' },
    also: { 503: 'The version is not what was deployed.' },
    handle: ({ runner, path, query }) => runner.versions.rollback(path.flow!, query.version as number, by),
  },
  {
    method: 'post', path: '/environment', summary: 'Chooses the environment of runs that name none, for this machine',
    query: { environment: { summary: 'Name of the environment; without it, what patchbay.json says.' } }, answer: { summary: 'The workspace', schema: 'WorkspaceInfo' },
    handle: async ({ runner, query }) => {
      await runner.setEnvironment(query.environment as string | undefined);
      return runner.info();
    },
  },
];

/** The token does not tell who holds it. */
const by = 'API';

const noteOf = ({ query: { note } }: Call): { readonly note?: string } => (typeof note === 'string' ? { note } : {});

function numberOf(text: string): number {
  const number = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw invalid(`${JSON.stringify(text)} is not the number of a version.`);
  return number;
}

const versionOf = (text: string): number | 'draft' => (text === 'draft' ? text : numberOf(text));
