import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { FlowError, parseJson } from '../../../plugins/sdk/index.ts';
import { isJson } from '../../engine/payload.ts';
import type { RunDetail } from '../../model/api.ts';
import type { StepCounts } from '../../model/run-event.ts';
import { editFile } from '../../model/file-edit.ts';
import { readFile } from '../../model/read.ts';
import { serialize } from '../../model/serialize.ts';
import type { TestCase, TestDocument, TestFile, TestRecording } from '../../model/test-file.ts';
import type { CaseReport, SavedCase, TestReport } from '../../model/test-report.ts';
import type { Recordings } from '../../stores/recordings.ts';
import { writeAtomically } from '../../stores/write-atomically.ts';
import { readText } from '../workspace-files.ts';

export interface SaveOptions {
  readonly root: string;
  readonly recordings: Recordings;
  readonly run: string;
  /** Default made of the run's time. */
  readonly name?: string;
  /** Runs the case, and writes its snapshot. */
  readonly runCase: (file: string, name: string) => Promise<TestReport>;
}

/** A document up to this size stands in the case itself. */
const shortText = 4_000;
const perPage = 500;

/**
 * Makes a case of a run: what it began with, the answers that it got, and as expectation what it gave. Everything comes from the recording, as it is masked
 * there. Fails with `API_NOT_FOUND`, and with `RUN_INTERRUPTED` where the recording does not hold what is needed.
 */
export async function saveRun({ root, recordings, run, name: given, runCase }: SaveOptions): Promise<SavedCase> {
  const past = recordings.past(run);
  const detail = recordings.archive.run(run);
  if (!past || !detail) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run }, remedy: '`patchbay runs list` shows those that there are.' });
  if (recordings.archive.isOpen(run)) throw new FlowError('RUN_STOPPED', `The run ${run} is not over yet.`, { details: { run }, remedy: 'Wait for its end.' });
  const { flow, environment } = past.head;
  const file = `flows/${flow}.test.json`;
  const startedAt = new Date(detail.startedAt ?? detail.queuedAt).toISOString();
  const name = given ?? `as on ${startedAt.slice(0, 19).replace('T', ' at ')}`;
  const stem = `fixtures/${flow}/${slug(name)}`;
  const before = readText(join(root, file));
  if (before !== undefined && Object.hasOwn((readFile('test', file, before).raw as { readonly cases?: object } | undefined)?.cases ?? {}, name)) throw new FlowError('CONFIG_INVALID', `There is a case ${JSON.stringify(name)} in ${file} already.`, { place: { file }, remedy: 'Choose another name with `--case`, or remove that case first.' });
  const written: string[] = [];
  const notes: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeAtomically(join(root, path), text);
    written.push(path);
  };

  const { recording, reads } = await recordingOf(recordings, run);
  if (reads.length > 0) notes.push(`The run has read ${reads.join(', ')}; what stood there is not in the case: give it under "given" where it matters.`);
  if (recording.exchanges.length > 0) await write(`${stem}.recording.json`, `${JSON.stringify(recording, undefined, 2)}\n`);
  const request = await past.request();
  const payload = await payloadOf(recordings, run, past.head.payload, `${stem}.payload`, write);
  const kept: TestCase = {
    given: {
      ...(payload && { payload }), ...(environment !== undefined && { environment }), ...(request.variables && Object.keys(request.variables).length > 0 && { variables: request.variables }),
      now: new Date(request.now ?? detail.startedAt ?? detail.queuedAt).toISOString(), seed: past.seed, ...(request.from !== undefined && { from: request.from }), ...(request.until !== undefined && { until: request.until }),
    },
    ...(recording.exchanges.length > 0 && { mocks: [{ recording: `${stem}.recording.json` }] }),
    expect: { ...(detail.status !== 'success' && isFinal(detail.status) && { status: detail.status }), snapshot: true },
  };
  await write(file, withCase(readText(join(root, file)), flow, name, kept));

  const [report] = (await runCase(file, name)).cases;
  if (existsSync(join(root, file.replace(/\.test\.json$/, '.snapshot.json')))) written.push(file.replace(/\.test\.json$/, '.snapshot.json'));
  const status = report?.run?.status;
  const steps: Readonly<Record<string, StepCounts>> = report?.run?.steps ?? {};
  notes.push(...differencesOf(detail, report?.run), ...(report?.failures ?? []).map(({ message }) => message));
  const expected: TestCase = { ...kept, expect: { ...kept.expect, ...(isFinal(status) && { status }), steps: countsOf(steps) } };
  await writeAtomically(join(root, file), withCase(readText(join(root, file)), flow, name, expected));
  return { file, name, written: [...new Set(written)], notes };
}

/** What the case does otherwise than the run did. */
function differencesOf(detail: RunDetail, now: CaseReport['run']): string[] {
  if (!now) return [];
  const status = now.status === detail.status ? [] : [`The run ended as ${detail.status}; run again from the recording it ends as ${now.status}: something of it is masked, or the flow is another now.`];
  return [...status, ...Object.entries(detail.steps).flatMap(([id, was]) => {
    const is = now.steps[id];
    return !is || (is.in === was.in && is.out === was.out && is.failed === was.failed) ? [] : [`At the step ${JSON.stringify(id)} ${is.in} payloads come and ${is.out} go; in the run they were ${was.in} and ${was.out}.`];
  })];
}

const isFinal = (status: string | undefined): status is 'success' | 'partial-success' | 'failed' => status === 'success' || status === 'partial-success' || status === 'failed';

const countsOf = (steps: Readonly<Record<string, StepCounts>>): NonNullable<NonNullable<TestCase['expect']>['steps']> =>
  Object.fromEntries(Object.entries(steps).map(([id, { in: came, out, failed }]) => [id, { in: came, out, ...(failed > 0 && { failed }) }]));

/** The file with one more case, or another of the same name; all else stays as it stands there. */
function withCase(text: string | undefined, flow: string, name: string, value: TestCase): string {
  if (text === undefined) return serialize('test', { version: 1, cases: { [name]: value } } satisfies TestFile);
  return editFile('test', text, (file) => ({ ...file, cases: { ...(file['cases'] as TestFile['cases'] | undefined), [name]: value } }));
}

async function payloadOf(recordings: Recordings, run: string, head: { readonly body: string; readonly mediaType: string; readonly meta?: Readonly<Record<string, string>>; readonly size: number } | undefined, stem: string, write: (path: string, text: string) => Promise<void>): Promise<TestDocument | undefined> {
  if (!head) return undefined;
  const bytes = await bytesOf(recordings, run, head.body);
  if (!bytes) {
    if (head.size === 0) return undefined;
    throw new FlowError('RUN_INTERRUPTED', `The recording of the run ${run} does not hold what it began with.`, { details: { run }, remedy: 'Record the flow in full (`settings.recording`), and run it again.' });
  }
  const meta = head.meta && Object.keys(head.meta).length > 0 ? { meta: head.meta } : {};
  if (!isUtf8(bytes)) throw new FlowError('DATA_INVALID', 'The payload is no text, so that it cannot stand in a case.', { remedy: 'Save it as a file, and name that under "given".' });
  const text = bytes.toString('utf8');
  if (isJson(head.mediaType)) {
    const json = parseJson(text);
    if (text.length <= shortText) return { json, ...meta };
    await write(`${stem}.json`, `${JSON.stringify(json, undefined, 2)}\n`);
    return { file: `${stem}.json`, ...meta };
  }
  if (text.length <= shortText) return { text, mediaType: head.mediaType, ...meta };
  await write(`${stem}.txt`, text);
  return { file: `${stem}.txt`, mediaType: head.mediaType, ...meta };
}

async function bytesOf({ archive }: Recordings, run: string, hash: string | undefined): Promise<Buffer | undefined> {
  const body = hash ? archive.body(run, hash) : undefined;
  if (!body) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Headers by which nobody understands an answer, and which change each time. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'content-encoding', 'connection', 'keep-alive', 'date', 'set-cookie', 'server', 'etag', 'vary', 'x-powered-by', 'x-request-id']);

async function recordingOf(recordings: Recordings, run: string): Promise<{ readonly recording: TestRecording; readonly reads: readonly string[] }> {
  const exchanges: TestRecording['exchanges'][number][] = [];
  for (let page = 1; ; page++) {
    const { items } = recordings.archive.exchanges(run, undefined, page, perPage);
    for (const { step, method, url, status, responseHeaders = {}, responseBody, error } of items) {
      const bytes = await bytesOf(recordings, run, responseBody);
      const headers = Object.fromEntries(Object.entries(responseHeaders).filter(([name]) => !ownHeaders.has(name)));
      const isText = !bytes || isUtf8(bytes);
      exchanges.push({
        ...(step !== undefined && { step }), method, url, ...(status !== undefined && { status }), ...(Object.keys(headers).length > 0 && { headers }),
        ...(bytes && { body: bytes.toString(isText ? 'utf8' : 'base64') }), ...(!isText && { base64: true as const }), ...(error && { fault: error.code === 'REMOTE_TIMEOUT' ? 'time-out' : 'unreachable' }),
      });
    }
    if (items.length < perPage) break;
  }
  const reads = new Set<string>();
  for (const { event } of recordings.journal(run).rows()) {
    if (event.type !== 'state' || event.read.op === 'pool-add') continue;
    reads.add(`${kinds[event.read.op]} ${event.read.name}`);
  }
  return { recording: { version: 1, exchanges }, reads: [...reads] };
}

const kinds = { 'cache-get': 'the cache', 'cache-delete': 'the cache', 'pool-has': 'the pool', 'pool-add': 'the pool', 'cursor-begin': 'the cursor of', 'flow-start': 'the flow', 'flow-done': 'the flow' } as const;

/** Names that are alike must not share a file. */
function slug(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 60);
  return plain.replaceAll('-', ' ') === name ? plain : `${plain || 'case'}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
