import { runActions, searchCursor, type RunAction, type RunFilter } from '../../model/api.ts';
import { runStatuses } from '../../model/run-event.ts';
import { given, invalid, paging, rangeOf, readJson, type Call, type Query, type QueryParam, type Route } from '../route.ts';

const time = (summary: string): QueryParam => ({ summary: `${summary}, in milliseconds since the epoch.`, type: 'integer', minimum: 0 });

/** Of one call. */
const mostRuns = 500;

const filters: Readonly<Record<string, QueryParam>> = {
  'filter[flow]': { summary: 'Only of this flow.' },
  'filter[status]': { summary: 'Only with this status; may stand several times. `interrupted` finds those, too, that are queued and were begun (`startedAt`): their process has ended, and a server goes on with them.', type: 'texts', values: runStatuses },
  'filter[trigger]': { summary: 'Only started by this trigger; `api` and `manual` are those of the API and the command line.' },
  'filter[environment]': { summary: 'Only in this environment.' },
  'filter[since]': time('Queued from this time on'),
  'filter[until]': time('Queued before this time'),
  'filter[error]': { summary: 'Only those that ended with an error of this code.' },
  'filter[text]': { summary: 'Only those whose error has this text in its message, whatever its case.' },
  'filter[origin]': { summary: 'Only those that repeat another run, go on with it or were started by it; `none`: those that do not.', values: ['retry', 'resume', 'replay', 'flow', 'none'] },
  'filter[pinned]': { summary: 'Only pinned ones, or only others.', type: 'flag' },
};

/** Finds runs, and does things with many of them at once. */
export const findRunsRoutes: readonly Route[] = [
  {
    method: 'get', path: '/runs', summary: 'Runs, the newest first', query: { ...filters, ...paging }, answer: { summary: 'A page of runs', schema: 'RunPage' },
    handle: ({ runner, query }) => runner.archive.runs({ ...filterOf(query), ...rangeOf(query) }),
  },
  {
    method: 'get', path: '/runs/search', summary: 'Runs whose recorded payloads, requests or answers hold a text, or a value at a path; a part of them with each call',
    query: {
      text: { summary: 'A text that stands in the body as it is recorded.' }, path: { summary: 'A path to values of a JSON document; needs `value`.' }, value: { summary: 'The value at the path, as text.' },
      cursor: { summary: 'Where the call before has stopped.' }, limit: { summary: 'Runs that are found at most.', type: 'integer', minimum: 1, maximum: 100, default: 20 }, ...filters,
    },
    answer: { summary: 'What was found so far', schema: 'PayloadSearch' }, also: { 422: 'The path cannot be read.' },
    async handle({ runner, query }) {
      const { text, path, value, cursor, limit } = query as { text?: string; path?: string; value?: string; cursor?: string; limit: number };
      if ((text === undefined || text === '') === (value === undefined)) throw invalid('Either "text" is given, or "path" and "value".');
      if ((path === undefined) !== (value === undefined)) throw invalid('"path" and "value" belong together.');
      if (cursor !== undefined && !searchCursor.test(cursor)) throw invalid('"cursor" is what the call before has answered.');
      return runner.search({ ...filterOf(query), ...given<object>({ text, path, value, cursor }) as object, limit });
    },
  },
  {
    method: 'post', path: '/runs/actions', summary: 'Does one thing with many runs, and says what became of each',
    body: {
      summary: 'What is to be done, and with which runs',
      schema: {
        type: 'object', required: ['action', 'runs'],
        properties: { action: { type: 'string', enum: runActions }, runs: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: mostRuns }, version: { type: 'string', enum: ['then', 'now'] }, confirm: { type: 'string', enum: ['production'] } },
      },
    },
    answer: { summary: 'What became of each', schema: 'RunActionsResult' },
    handle: act,
  },
];

async function act(call: Call) {
  const { action, runs, version, confirm } = await readJson(call);
  if (!isAction(action)) throw invalid(`"action" is one of ${runActions.join(', ')}.`);
  if (!Array.isArray(runs) || runs.length === 0 || runs.length > mostRuns || !runs.every((run) => typeof run === 'string')) throw invalid(`"runs" names 1 to ${mostRuns} runs.`);
  if (version !== undefined && version !== 'then' && version !== 'now') throw invalid('"version" is then or now.');
  return call.runner.act(action, runs as readonly string[], { ...(version !== undefined && { version }), ...(confirm === 'production' && { isProductionConfirmed: true }) });
}

const isAction = (action: unknown): action is RunAction => (runActions as readonly unknown[]).includes(action);

function filterOf(query: Query): RunFilter {
  const status = query['filter[status]'] as readonly string[];
  const names = ['flow', 'trigger', 'environment', 'since', 'until', 'error', 'text', 'origin', 'pinned'];
  return given({ ...Object.fromEntries(names.map((name) => [name, query[`filter[${name}]`]])), status: status.length > 0 ? status : undefined });
}
