import type { RunResult, RunStarted } from '../../model/api.ts';
import type { DiffSide } from '../../model/run-diff.ts';
import { runFileType } from '../../model/run-event.ts';
import type { StartedRun } from '../../runner/contract.ts';
import { sendChunks } from '../bodies.ts';
import { readBytes } from '../body.ts';
import { apiHeaders } from '../problem.ts';
import { readDocument } from '../read-payload.ts';
import { given, signalOf, type Call, type Query, type QueryParam, type Route } from '../route.ts';

const version: QueryParam = { summary: 'The flow as it was `then` or as it is `now`. Of a run of files that were not deployed nobody has the others: connectors and scripts are those of now.', values: ['then', 'now'] };
const confirm: QueryParam = { summary: 'Needed against an environment that is marked as production.', values: ['production'] };
const wait: QueryParam = { summary: 'Answer with the finished run instead of the started one.', type: 'flag', default: false };
const key: QueryParam = { summary: 'Path of what tells records apart; default a field that looks like it, empty: their order.' };
const ignore: QueryParam = { summary: 'Path of a value of a record that does not matter; may stand several times.', type: 'texts' };
const sideQuery = (prefix: string, words: string, usual: DiffSide['side']): Readonly<Record<string, QueryParam>> => ({
  [`${prefix}side`]: { summary: `Payloads ${words}.`, values: ['in', 'out', 'failed'], default: usual }, [`${prefix}port`]: { summary: `Only what left at this port ${words}.` },
  [`${prefix}payload`]: { summary: `Only this payload ${words}.` }, [`${prefix}from`]: { summary: `Only payloads ${words} that were made of this one.` },
});
const sideOf = (query: Query, prefix: string): Pick<DiffSide, 'side' | 'port' | 'payload' | 'from'> => ({
  side: query[`${prefix}side`] as DiffSide['side'],
  ...(Object.fromEntries(['port', 'payload', 'from'].flatMap((name) => (query[prefix + name] === undefined ? [] : [[name, query[prefix + name]]]))) as Pick<DiffSide, 'port' | 'payload' | 'from'>),
});
const started = { summary: 'A new run is durably queued', status: 202, schema: 'RunStarted' } as const;
const also = { 200: 'With `wait=true`: the finished run (`RunResult`).', 403: 'The environment is marked as production, and the run is not confirmed.', 409: 'The recording of the run does not hold what is needed.' } as const;

/** What can be done with a run that is over. */
export const pastRunRoutes: readonly Route[] = [
  {
    method: 'post', path: '/runs/{run}/retry', summary: 'Does a run again, as a whole: the same payload, variables and environment; relative dates count from when the old one was queued',
    query: { version, confirm, wait }, body: { summary: 'Another payload, read by its content type; without one the old one.', schema: 'any' }, answer: started, also,
    async handle(call) {
      const payload = await bodyOf(call);
      return answer(call, await call.runner.past.retry(call.path.run!, { ...optionsOf(call), ...(payload && { payload }) }));
    },
  },
  {
    method: 'post', path: '/runs/{run}/resume', summary: 'Goes on with what did not get through in a run: payloads that failed, and those still on their way when it ended, each at its step',
    query: { version, confirm, wait, payload: { summary: 'Only this payload of those that failed; may stand several times. The others can be gone on with later.', type: 'texts' } }, answer: started, also,
    async handle(call) {
      // None are named: all.
      const payloads = call.query.payload as readonly string[];
      return answer(call, await call.runner.past.resume(call.path.run!, { ...optionsOf(call), ...(payloads.length > 0 && { payloads }) }));
    },
  },
  {
    method: 'post', path: '/runs/{run}/replay', summary: 'Runs a run again from its recording: nothing goes out, and what comes out is compared',
    query: { version, revision: { summary: 'A commit, a branch or a tag of the repository of the workspace, such as HEAD: the flow and all that it uses are as they are there.' }, from: { summary: 'Begin at this step, with what came to it.' } }, body: { summary: 'Another payload to begin with; with `from`, at that step.', schema: 'any' },
    answer: { summary: 'What came out, and what is different', schema: 'ReplayResult' }, also: { 409: 'The recording of the run does not hold what is needed.' },
    async handle(call) {
      const payload = await bodyOf(call);
      const { version: age, revision, from } = call.query as { version?: 'then' | 'now'; revision?: string; from?: string };
      return call.runner.past.replay(call.path.run!, { ...(age && { version: age }), ...(revision !== undefined && { revision }), ...(from !== undefined && { from }), ...(payload && { payload: { meta: {}, ...payload } }), signal: signalOf(call) });
    },
  },
  {
    method: 'get', path: '/runs/{run}/diff/{other}', summary: 'What another run gave otherwise, step by step, by what is recorded',
    query: { step: { summary: 'Only of this step.' }, key, ignore },
    answer: { summary: 'The differences', schema: 'RunDiff' }, also: { 422: 'A path cannot be read.' },
    handle: ({ runner, path, query }) => runner.diff(path.run!, path.other!, given(query)),
  },
  {
    method: 'get', path: '/runs/{run}/steps/{step}/diff', summary: 'What a step made of what came to it, or how payloads of it differ from those of another step or run, by what is recorded',
    query: {
      ...sideQuery('', 'of the step', 'in'), to_run: { summary: 'The other run; default the same.' }, to_step: { summary: 'The other step; default the same.' }, ...sideQuery('to_', 'of the other side', 'out'), key, ignore,
    },
    answer: { summary: 'The differences', schema: 'PayloadDiff' }, also: { 422: 'A path cannot be read.' },
    handle: ({ runner, path, query }) => runner.diffPayloads({
      before: { run: path.run!, step: path.step!, ...sideOf(query, '') },
      after: { run: (query.to_run as string | undefined) ?? path.run!, step: (query.to_step as string | undefined) ?? path.step!, ...sideOf(query, 'to_') },
      ...(query.key !== undefined && { key: query.key as string }), ignore: query.ignore as readonly string[],
    }),
  },
  {
    method: 'get', path: '/runs/{run}/steps/{step}/lineage', summary: 'Where a value of a recorded payload comes from: back through the steps, to the field of the answer that it was made of',
    query: { pointer: { summary: 'JSON pointer of the value; empty is the whole document.', default: '' }, side: { summary: 'Payloads of the step.', values: ['in', 'out', 'failed'], default: 'out' }, payload: { summary: 'Id of the payload; default the first.' } },
    answer: { summary: 'The places that it was at, each with those that it was made of', schema: 'RunLineage' }, also: { 422: 'There is no such value.' },
    handle: ({ runner, path, query }) => runner.lineage(path.run!, { step: path.step!, ...given<object>(query) as unknown as { pointer: string } }),
  },
  {
    method: 'get', path: '/runs/{run}/export', summary: 'A run that is over, with all that was recorded of it, as a file (`*.patchbayrun`): masked, as its recording is', answer: { summary: 'The file', mediaType: runFileType }, also: { 409: 'The run is not over yet.' },
    async handle({ runner, path, response }) {
      const file = runner.exportRun(path.run!);
      response.writeHead(200, { ...apiHeaders, 'content-type': runFileType, 'content-disposition': `attachment; filename="${path.run!.replaceAll(/[^\w-]/g, '-')}.patchbayrun"` });
      await sendChunks(response, file);
    },
  },
  {
    method: 'post', path: '/run-files', summary: 'Takes up a run out of such a file, so that it can be looked at, compared and replayed here; it is pinned', body: { summary: 'The file.', schema: 'any' },
    answer: { summary: 'Which run it is, and whether it is new here', schema: 'ImportedRun' }, also: { 422: 'It is no exported run, or was changed.' },
    handle: async ({ runner, request, limits }) => runner.importRun(await readBytes(request, limits.payloadBytes)),
  },
];

const optionsOf = ({ query }: Call): { readonly version?: 'then' | 'now'; readonly isProductionConfirmed?: boolean } => ({
  ...(query.version !== undefined && { version: query.version as 'then' | 'now' }), ...(query.confirm === 'production' && { isProductionConfirmed: true }),
});

async function bodyOf({ request, limits }: Call): Promise<ReturnType<typeof readDocument> | undefined> {
  const bytes = await readBytes(request, limits.payloadBytes);
  return bytes.length === 0 ? undefined : readDocument(bytes, request.headers['content-type']);
}

async function answer({ runner, response, query }: Call, { head, done }: StartedRun): Promise<RunStarted | RunResult> {
  if (query.wait) return done;
  response.statusCode = 202;
  return { run: head.id, status: runner.archive.run(head.id)?.status ?? 'queued' };
}
