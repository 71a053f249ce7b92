import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { FlowError, parseJson } from '../../../plugins/sdk/index.ts';
import { isJson } from '../../engine/payload.ts';
import type { PayloadHead, RunError, StepCounts } from '../../model/run-event.ts';
import { editFile } from '../../model/file-edit.ts';
import { readFile } from '../../model/read.ts';
import { serialize } from '../../model/serialize.ts';
import type { TestCase, TestDocument, TestFile, TestRecording } from '../../model/test-file.ts';
import type { SavedCase, TestReport } from '../../model/test-report.ts';
import type { RunRequest } from '../../stores/queue.ts';
import type { Recordings } from '../../stores/recordings.ts';
import { writeAtomically } from '../../stores/write-atomically.ts';
import { isWithin, readText } from '../workspace-files.ts';
import { maskedPlaces, maskedWords } from './masked-places.ts';

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
  const { flow, environment, origin } = past.head;
  const again = `this one again as a whole (\`patchbay runs retry ${run}\`) and save that one.`;
  if (origin?.kind === 'resume') {
    const root = origin.root ?? origin.run;
    const before = hasBegun(recordings, root) ? `Save the run ${root}, or do ${again}` : `Do ${again}`;
    throw new FlowError('RUN_INTERRUPTED', `The run ${run} began in the middle of the run ${origin.run}: its recording does not hold what happened before.`, { details: { run, origin: origin.run }, remedy: before });
  }
  if (!hasBegun(recordings, run)) throw new FlowError('RUN_INTERRUPTED', `The run ${run} ended (${detail.status}) before anything had come to a step: there is nothing that a case could expect.`, { details: { run }, remedy: `Do ${again}` });
  const file = `flows/${flow}.test.json`;
  const startedAt = new Date(detail.startedAt ?? detail.queuedAt).toISOString();
  const name = given ?? `as on ${startedAt.slice(0, 19).replace('T', ' at ')}`;
  const stem = `fixtures/${flow}/${slug(name)}`;
  const before = readText(pathIn(root, file));
  if (before !== undefined && Object.hasOwn((readFile('test', file, before).raw as { readonly cases?: object } | undefined)?.cases ?? {}, name)) throw new FlowError('CONFIG_INVALID', `There is a case ${JSON.stringify(name)} in ${file} already.`, { place: { file }, remedy: 'Choose another name with `--case`, or remove that case first.' });
  const notes: string[] = [];
  // Where something is wrong nothing is written.
  const files = new Map<string, string | Uint8Array>();
  const put = (path: string, content: string | Uint8Array): void => {
    pathIn(root, path);
    files.set(path, content);
  };

  const { recording, reads } = await recordingOf(recordings, run);
  if (reads.length > 0) notes.push(`The run has read ${reads.join(', ')}; what stood there is not in the case: give it under "given" where it matters.`);
  if (recording.exchanges.length > 0) put(`${stem}.recording.json`, `${JSON.stringify(recording, undefined, 2)}\n`);
  // As they are recorded: true values must not lie in files that are shared.
  const request = past.recorded;
  const { document: payload, masked: maskedInFile = [], note } = (await payloadOf({ root, recordings, run, head: past.head.payload, source: request.file, stem: `${stem}.payload`, put })) ?? {};
  if (note !== undefined) notes.push(note);
  const variables = request.variables && Object.keys(request.variables).length > 0 ? request.variables : undefined;
  const masked = maskedWords([...maskedPlaces({ ...(payload && { payload }), ...(variables && { variables }) }, ['given']), ...maskedInFile]);
  if (masked !== undefined) notes.push(masked);
  const kept: TestCase = {
    ...(masked !== undefined && { description: masked }),
    given: {
      ...(payload && { payload }), ...(environment !== undefined && { environment }), ...(variables && { variables }),
      now: new Date(request.now ?? detail.startedAt ?? detail.queuedAt).toISOString(), seed: past.seed, ...(request.from !== undefined && { from: request.from }), ...(request.until !== undefined && { until: request.until }),
    },
    ...(recording.exchanges.length > 0 && { mocks: [{ recording: `${stem}.recording.json` }] }),
    expect: { ...(isFinal(detail.status) && expectedOf(detail.status, detail.steps)), snapshot: true },
  };
  put(file, withCase(file, before, name, kept));
  for (const [path, content] of files) await write(root, path, content);
  const written = [...files.keys()];

  const [report] = (await runCase(file, name)).cases;
  if (existsSync(join(root, file.replace(/\.test\.json$/, '.snapshot.json')))) written.push(file.replace(/\.test\.json$/, '.snapshot.json'));
  if (report && report.failures.length > 0) notes.push('Run again from the recording, it is otherwise: something of it is masked, or the flow is another now.', ...report.failures.map(({ message }) => message));
  const now = report?.run;
  // A run that was stopped says nothing of how it would have ended.
  if (!isFinal(detail.status) && now && isFinal(now.status)) await write(root, file, withCase(file, readText(pathIn(root, file)), name, { ...kept, expect: { ...kept.expect, ...expectedOf(now.status, now.steps) } }));
  return { file, name, written, notes };
}

/** Whether something has come to a step. Of a run whose process has died there are no counts. */
function hasBegun({ archive, journal }: Recordings, run: string): boolean {
  if (Object.values(archive.run(run)?.steps ?? {}).some((counts) => counts.in > 0)) return true;
  for (const { event } of journal(run).rows()) if (event.type === 'payload-in') return true;
  return false;
}

type EndStatus = NonNullable<NonNullable<TestCase['expect']>['status']>;
const isFinal = (status: string): status is EndStatus => status === 'success' || status === 'partial-success' || status === 'failed';

const expectedOf = (status: EndStatus, steps: Readonly<Record<string, StepCounts>>): NonNullable<TestCase['expect']> =>
  ({ ...(status !== 'success' && { status }), steps: Object.fromEntries(Object.entries(steps).map(([id, { in: came, out, failed }]) => [id, { in: came, out, ...(failed > 0 && { failed }) }])) });

/** The file with one more case, or another of the same name; all else stays as it stands there. Fails with `CONFIG_INVALID`. */
function withCase(file: string, text: string | undefined, name: string, value: TestCase): string {
  if (text === undefined) return serialize('test', { version: 1, cases: { [name]: value } } satisfies TestFile);
  try {
    return editFile('test', text, (tests) => ({ ...tests, cases: { ...(tests['cases'] as TestFile['cases'] | undefined), [name]: value } }));
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The case cannot be put into ${file}: its JSON is not valid.`, { cause, place: { file }, remedy: `Correct it first: \`patchbay lint ${file}\` says where.` });
  }
}

function pathIn(root: string, path: string): string {
  if (!isWithin(root, path)) throw new FlowError('CONFIG_INVALID', `The file ${path} lies outside of the workspace, so that the run is not saved there.`, { place: { file: path }, remedy: 'Put a folder in the place of the link that leads out of the workspace.' });
  return join(root, path);
}

async function write(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const whole = pathIn(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeAtomically(whole, typeof content === 'string' ? content : [content]);
}

interface SavedPayload {
  readonly document: TestDocument;
  /** Where its file is masked. */
  readonly masked?: readonly string[];
  /** For whoever saves it. */
  readonly note?: string;
}

interface PayloadOptions {
  readonly root: string;
  readonly recordings: Recordings;
  readonly run: string;
  readonly head: PayloadHead | undefined;
  /** The file that it was read from, where it was too long to be recorded. */
  readonly source: RunRequest['file'];
  readonly stem: string;
  put(path: string, content: string | Uint8Array): void;
}

async function payloadOf({ root, recordings, run, head, source, stem, put }: PayloadOptions): Promise<SavedPayload | undefined> {
  if (!head) return undefined;
  const bytes = await bytesOf(recordings, run, head.body);
  if (!bytes) {
    if (head.size === 0) return undefined;
    if (source && !source.isOwn) return fileOf(root, run, source, head);
    throw new FlowError('RUN_INTERRUPTED', `The recording of the run ${run} does not hold what it began with.`, { details: { run }, remedy: 'Record the flow in full (`settings.recording`), and run it again.' });
  }
  const meta = head.meta && Object.keys(head.meta).length > 0 ? { meta: head.meta } : {};
  const { mediaType } = head;
  const inFile = (file: string, content: string | Uint8Array, value: unknown, more: TestDocument): SavedPayload => {
    put(file, content);
    return { document: { file, ...more, ...meta }, masked: maskedPlaces(value).map((path) => (path === '' ? file : `${path} in ${file}`)) };
  };
  if (!isUtf8(bytes)) return inFile(`${stem}.bin`, bytes, undefined, { mediaType });
  const text = bytes.toString('utf8');
  if (isJson(mediaType)) {
    const json = parseJson(text);
    return text.length <= shortText ? { document: { json, ...meta } } : inFile(`${stem}.json`, `${JSON.stringify(json, undefined, 2)}\n`, json, {});
  }
  // What came as bytes comes as bytes again: a step may read them in an encoding of its own.
  if (!head.isText) return inFile(`${stem}.txt`, text, text, { mediaType });
  return text.length <= shortText ? { document: { text, mediaType, ...meta } } : inFile(`${stem}.txt`, text, text, { mediaType: `${mediaType}; charset=utf-8` });
}

function fileOf(root: string, run: string, { path, mediaType }: NonNullable<RunRequest['file']>, { meta = {} }: PayloadHead): SavedPayload {
  const file = relative(root, path).split(sep).join('/');
  if (isAbsolute(file) || !isWithin(root, file) || !existsSync(path)) throw new FlowError('RUN_INTERRUPTED', `What the run ${run} began with is too long to be in its recording, and lies in ${path}.`, { details: { run }, remedy: `Copy ${path} into the workspace, and begin a run with it there.` });
  return { document: { file, ...(mediaType !== undefined && { mediaType }), ...(Object.keys(meta).length > 0 && { meta }) }, note: `The payload is too long to be in the recording: the case reads ${file} as it is now.` };
}

function failureOf({ code, message, details }: RunError): Pick<TestRecording['exchanges'][number], 'fault' | 'error'> {
  if (code === 'REMOTE_TIMEOUT') return { fault: 'time-out' };
  return code === 'REMOTE_UNREACHABLE' ? { fault: 'unreachable' } : { error: { code, message, ...(details && { details }) } };
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
    for (const { step, method, url, requestBody, status, responseHeaders = {}, responseBody, error } of items) {
      const bytes = await bytesOf(recordings, run, responseBody);
      const headers = Object.fromEntries(Object.entries(responseHeaders).filter(([name]) => !/^https?:/i.test(url) || !ownHeaders.has(name)));
      const isText = !bytes || isUtf8(bytes);
      exchanges.push({
        ...(step !== undefined && { step }), method, url, ...(requestBody && { sent: requestBody }), ...(status !== undefined && { status }), ...(Object.keys(headers).length > 0 && { headers }),
        ...(bytes && { body: bytes.toString(isText ? 'utf8' : 'base64') }), ...(!isText && { base64: true as const }), ...(error && failureOf(error)),
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
