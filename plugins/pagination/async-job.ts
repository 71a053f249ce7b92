import { definePagination, FlowError, type Next, type PageRequest, scalarText } from '../sdk/index.ts';
import { limitFields } from './fields.ts';
import { lastByPages, lastByRecords } from './last-page.ts';

export default definePagination({
  type: 'async-job',
  title: 'Job',
  summary: 'Creates a job, asks until it is done, then gets its files one after the other.',
  description: 'The request of the endpoint creates the job; its answer holds the id. What the files hold is read at the path of the records. A status that is neither among those that say done nor among those that say failed means that the job goes on, or is an error where `running` names those that do. Files on another origin are got without credentials, and only where the connector allows it. A run that goes on after a crash asks for the same job again. Where a run is stopped, `abortPath` is called, if there is one, so that the other system does not work for nobody.',
  settings: {
    type: 'object',
    properties: {
      idPath: { type: 'string', minLength: 1, default: '$.id', title: 'Id', description: 'Path of the id in the answer that creates the job.', 'x-path': 'response' },
      pollPath: { type: 'string', minLength: 1, default: '/jobs/{id}', title: 'Path of the job', description: 'Below the base URL of the connector; `{id}` stands for the id.' },
      statusPath: { type: 'string', minLength: 1, default: '$.status', title: 'Status', description: 'Path of the status in the answer about the job.', 'x-path': 'response' },
      done: { type: 'array', items: { type: 'string' }, minItems: 1, default: ['complete', 'completed', 'done', 'finished', 'success', 'succeeded', 'true'], title: 'Done', description: 'Statuses that say that it is done, in whatever case.' },
      failed: { type: 'array', items: { type: 'string' }, default: ['failed', 'failure', 'error', 'cancelled', 'canceled', 'aborted', 'expired'], title: 'Failed', description: 'Statuses that say that it failed, in whatever case.' },
      running: { type: 'array', items: { type: 'string' }, minItems: 1, title: 'Going on', description: 'Statuses that say that the job goes on, in whatever case; without them, every other one does.' },
      abortPath: { type: 'string', minLength: 1, title: 'Path that ends the job', description: 'Below the base URL, with `{id}`: called when the run is stopped before the job is done.' },
      abortMethod: { type: 'string', enum: ['DELETE', 'POST', 'PUT', 'PATCH', 'GET'], default: 'DELETE', title: 'Method that ends the job', description: 'HTTP method of that request; it has no body.' },
      pollMs: { type: 'integer', minimum: 100, default: 5000, title: 'Pause', description: 'Milliseconds between two questions.' },
      mostPolls: { type: 'integer', minimum: 1, default: 720, title: 'Most questions', description: 'A job that is not done then is an error.' },
      filesPath: { type: 'string', minLength: 1, title: 'Files', description: 'Path of the address of the file, or of the list of addresses, in the answer that says done.', 'x-path': 'response' },
      filePath: { type: 'string', minLength: 1, default: '/jobs/{id}/result', title: 'Path of the file', description: 'Below the base URL, with `{id}`; where no answer gives addresses.' },
      ...limitFields,
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'An export in two files', settings: { pollPath: '/exports/{id}', filesPath: '$.files' },
      pages: [{ response: { body: { id: 'a/1' } } }, { response: { body: { status: 'RUNNING' } } }, { response: { body: { status: 'COMPLETED', files: ['/f/1', '/f/2'] } } }, { records: [1, 2] }, { records: [3] }],
      requests: [
        {},
        { method: 'GET', path: '/exports/a%2F1', without: ['*'], variables: { jobId: 'a/1', jobPoll: '1' } },
        { method: 'GET', path: '/exports/a%2F1', without: ['*'], variables: { jobId: 'a/1', jobPoll: '2' } },
        { method: 'GET', url: 'https://api.test/f/1', variables: { jobLeft: '["https://api.test/f/2","",""]', jobFile: '0' } },
        { method: 'GET', url: 'https://api.test/f/2', variables: { jobLeft: '[]', jobFile: '1' } },
      ],
      stop: 'last-file',
    },
    {
      title: 'The file has a path of its own', settings: { idPath: '$.job', pollPath: '/jobs?id={id}', filePath: '/result?id={id}' }, pages: [{ response: { body: { job: 7 } } }, { response: { body: { status: 'done' } } }, { records: [1] }],
      requests: [{}, { method: 'GET', path: '/jobs?id=7', without: ['*'], variables: { jobId: '7', jobPoll: '1' } }, { method: 'GET', path: '/result?id=7', without: ['*'], variables: { jobLeft: '[]', jobFile: '0' } }], stop: 'last-file',
    },
    { title: 'No files', settings: { filesPath: '$.files' }, pages: [{ response: { body: { id: 'a' } } }, { response: { body: { status: 'done', files: [] } } }], requests: [{}, { method: 'GET', path: '/jobs/a', without: ['*'], variables: { jobId: 'a', jobPoll: '1' } }], stop: 'last-file' },
  ],
  first: () => ({}),
  next: (page, settings, context): Next => {
    const { body } = page.response;
    const { jobId, jobPoll, jobLeft, jobFile } = page.request.variables ?? {};
    if (jobLeft !== undefined) {
      const files = filesLeft(jobLeft);
      const last = lastByRecords(page, settings) ?? (files.length === 0 ? { stop: 'last-file' as const } : lastByPages(page, settings));
      return last ?? { request: fileOf(files, Number(jobFile) + 1) };
    }
    if (jobId === undefined) {
      const id = context.read(body, settings.idPath);
      if (typeof id !== 'string' && typeof id !== 'number') throw new FlowError('REMOTE_FORMAT', `The answer that creates the job has no id at ${JSON.stringify(settings.idPath)}.`);
      return poll(scalarText(id), 1, settings);
    }
    const given = context.read(body, settings.statusPath);
    if (typeof given !== 'string' && typeof given !== 'boolean' && typeof given !== 'number') throw new FlowError('REMOTE_FORMAT', `The answer about the job has no status at ${JSON.stringify(settings.statusPath)}.`);
    const isAmong = (statuses: readonly string[]): boolean => statuses.some((status) => status.toLowerCase() === String(given).toLowerCase());
    if (isAmong(settings.failed)) throw new FlowError('REMOTE_STATUS', `The job ${jobId} ended with ${JSON.stringify(given)}.`, { details: { job: jobId } });
    if (settings.running && !isAmong([...settings.done, ...settings.running])) throw new FlowError('REMOTE_FORMAT', `The job ${jobId} has the status ${JSON.stringify(given)}, of which nothing is said. Add it to "running", "done" or "failed" of the pagination.`, { details: { job: jobId } });
    if (!isAmong(settings.done)) return poll(jobId, Number(jobPoll) + 1, settings);
    if (settings.filesPath === undefined) return { request: { method: 'GET', path: withId(settings.filePath, jobId), without: ['*'], variables: { jobLeft: '[]', jobFile: '0' } }, again: true };
    const found = context.read(body, settings.filesPath);
    const files = (Array.isArray(found) ? (found as unknown[]) : [found]).filter((url) => url !== null && url !== undefined);
    if (files.some((url) => typeof url !== 'string')) throw new FlowError('REMOTE_FORMAT', `The files of the job ${jobId} at ${JSON.stringify(settings.filesPath)} are no addresses.`);
    const urls = (files as string[]).map((url) => (URL.canParse(url, page.url) ? new URL(url, page.url).href : url));
    return urls.length === 0 ? { stop: 'last-file' } : { request: fileOf(urls, 0), again: true };
  },
  abandon: ({ variables: { jobId } = {} }, { abortPath, abortMethod }) => (jobId === undefined || abortPath === undefined ? undefined : { method: abortMethod, path: withId(abortPath, jobId), without: ['*'], ...(abortMethod !== 'GET' && { wholeBody: '' }) }),
  hasRecords: ({ variables }) => variables?.['jobLeft'] !== undefined,
  // The same question until the job is done.
  repeatsRequests: true,
});

const withId = (path: string, id: string): string => path.replaceAll('{id}', encodeURIComponent(id));

/** The first of the files. Those that are left go along, without what all of them begin and end with: addresses that are signed are long. */
function fileOf(files: readonly string[], index: number): PageRequest {
  const [url, ...rest] = files;
  const start = commonLength(rest, (text, length) => text.slice(0, length));
  const bare = rest.map((file) => file.slice(start));
  const end = commonLength(bare, (text, length) => text.slice(text.length - length));
  const left = rest.length === 0 ? [] : [rest[0]!.slice(0, start), bare[0]!.slice(bare[0]!.length - end), ...bare.map((file) => file.slice(0, file.length - end))];
  return { method: 'GET', url: url!, variables: { jobLeft: JSON.stringify(left), jobFile: String(index) } };
}

function filesLeft(text: string): readonly string[] {
  const [start = '', end = '', ...parts] = JSON.parse(text) as readonly string[];
  return parts.map((part) => `${start}${part}${end}`);
}

/** How much of the first text, from one end of it, all others have, too. */
function commonLength([first = '', ...others]: readonly string[], partOf: (text: string, length: number) => string): number {
  let { length } = first;
  for (const other of others) while (partOf(other, length) !== partOf(first, length)) length--;
  return length;
}

function poll(id: string, count: number, { pollPath, pollMs, mostPolls }: { readonly pollPath: string; readonly pollMs: number; readonly mostPolls: number }): Next {
  if (count > mostPolls) throw new FlowError('REMOTE_TIMEOUT', `The job ${id} is not done after ${mostPolls} questions, ${Math.round((mostPolls * pollMs) / 1000)} s.`, { details: { job: id } });
  return { request: { method: 'GET', path: withId(pollPath, id), without: ['*'], variables: { jobId: id, jobPoll: String(count) } }, again: true, waitMs: pollMs };
}
