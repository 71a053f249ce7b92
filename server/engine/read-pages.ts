import { FlowError, type HttpResponse, type Path, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { CursorValue } from '../model/cursor-order.ts';
import { withKey, type EndpointLink } from './endpoint-link.ts';
import { converterOf } from './answer-decoder.ts';
import { FailedSlices } from './failed-slices.ts';
import { withoutNumbers, type Cursor, type SeenRecord } from './host.ts';
import type { ScopedHttp } from './http.ts';
import { isOver, isRange, type Bounds, type Incremental, type ReadRange } from './incremental.ts';
import { knownVersions, type KnownVersions } from './known-versions.ts';
import type { OpenPagination } from './open-pagination.ts';
import { walkPages, type PagePlace, type WalkedPage } from './paginate.ts';
import { childId } from './payload.ts';
import { isWhole, isXml, readDocument, type Document } from './receive-document.ts';
import type { RequestInput } from './request-template.ts';
import type { ShapeRecords } from './shape-records.ts';
import { partsOf, sliceCursor, type SliceCursor } from './slice-cursors.ts';
import { combinations, sliceName, type Slice, type SliceLevel, type SlicePlace } from './slices.ts';

/** An endpoint that gives records, compiled. */
export interface ReadOptions extends EndpointLink, OpenPagination {
  readonly testPages?: number | undefined;
  /** Told of each page, in order. */
  readonly onPage?: ((page: WalkedPage) => void) | undefined;
  /** Paths of the records in the answer. */
  readonly records: readonly Path[];
  readonly shape: ShapeRecords;
  /** Nobody knows of which record one that is given was a part. */
  readonly isExpanded: boolean;
  readonly slices: readonly SliceLevel[];
  /** The endpoints that the slices name. */
  readonly parents: ReadonlyMap<string, ReadOptions>;
  readonly incremental?: Incremental | undefined;
  /** Where there is none, everything is read, and nothing is remembered. */
  readonly cursorOf?: ((slice: string) => Cursor) | undefined;
}

export interface ReadCall {
  readonly payload: Payload;
  readonly params: unknown;
  readonly context: PayloadContext;
  /** It goes by that instead of by the cursor, which stays where it is. */
  readonly range?: ReadRange | undefined;
  /** See `ReadPage.state`. */
  readonly from?: unknown;
  /** Its records are not given but asked further with: no cursor counts, and nothing is a payload. */
  readonly isParent?: true;
}

export interface ReadPage {
  readonly index: number;
  /** What the answer holds, where it is given as it stands. */
  readonly document: Document;
  readonly records: readonly unknown[];
  readonly isWhole: boolean;
  /** From where reading goes on after this page, as plain JSON; absent where it is the last. */
  readonly state?: PagePlace | SlicedState;
}

/** The state of what has slices or a cursor; that of other endpoints is the place of a page. */
interface SlicedState {
  /** Payloads so far. */
  readonly given: number;
  /** The slice in work; without it, the next of `left`, then of `rest` is. */
  readonly slice?: Slice;
  /** Parts of the same group. */
  readonly left?: readonly Slice[];
  readonly rest?: SlicePlace;
  readonly page?: PagePlace;
  readonly reading?: Reading;
  /** Slices that failed, to be read when all others are. */
  readonly failed?: readonly SliceAt[];
  /** Only they are left. */
  readonly isOver?: true;
}

/** A slice, and where in it reading goes on. */
type SliceAt = Required<Pick<SlicedState, 'slice'>> & Pick<SlicedState, 'page' | 'reading'>;

/** How far a slice has been read. */
interface Reading {
  readonly bounds: Bounds;
  /** Of its cursors. */
  readonly versions: readonly number[];
  /** Of the next mark. */
  readonly seq: number;
  /** Where the window in work begins. */
  readonly window?: CursorValue;
  readonly newest?: CursorValue;
}

/**
 * The pages of an endpoint, of one slice after the other. What is remembered of them is so before they are given: a mark counts only where everything before
 * it got through, so that a crash in between loses nothing.
 */
export async function* readPages(options: ReadOptions, call: ReadCall): AsyncGenerator<ReadPage> {
  const input = await options.inputOf(call.payload, call.params, call.context);
  if (!options.incremental && isRange(call.range)) throw new FlowError('CONFIG_INVALID', `The endpoint "${options.name}" is not read incrementally, so there are no ranges of it. Remove "range", or give the endpoint "incremental".`, { details: { endpoint: options.name } });
  if (options.slices.length === 0 && !options.incremental) {
    for await (const page of walk(options, call, { input, slice: '', from: call.from as PagePlace | undefined })) yield { ...given(options, page), ...(page.next && { state: page.next }) };
    return;
  }
  const resumed = call.from as SlicedState | undefined;
  let count = resumed?.given ?? 0;
  let tried = 0;
  const failed = new FailedSlices<SliceAt>(options.name, call.context);
  for await (const { at, left = [], rest, waiting = [], isOver } of slicesOf(options, call, input, resumed)) {
    const own = { ...input, scope: { ...input.scope, slice: at.slice.values } };
    let place: SliceAt = at;
    try {
      for await (const { page, after } of readSlice(options, call, own, at, () => count)) {
        if (page.records.length > 0) count++;
        place = { slice: at.slice, ...after };
        const others = [...failed.places, ...waiting];
        const further = { ...(left.length > 0 && { left }), ...(rest && { rest }), ...(others.length > 0 && { failed: others }), ...(isOver && (after || others.length > 0) && { isOver }) };
        const state = after ? { given: count, ...place, ...further } : Object.keys(further).length > 0 ? { given: count, ...further } : undefined;
        yield { ...page, ...(state && { state }) };
        // The pages of all slices together.
        if (++tried === options.testPages) return;
      }
      failed.succeeded();
    } catch (error) {
      // Of a parent all records are needed; and whoever tries an endpoint out wants to see what goes wrong.
      if (options.slices.length === 0 || call.isParent || options.testPages !== undefined) throw error;
      failed.add(said(options)(sliceName(at.slice)), place, error);
    }
  }
  failed.end();
}

interface Sliced {
  readonly at: SliceAt;
  readonly left?: readonly Slice[] | undefined;
  readonly rest?: SlicePlace | undefined;
  /** Failed slices that come after it. */
  readonly waiting?: readonly SliceAt[] | undefined;
  readonly isOver?: true;
}

/** The slice in work first, then those that are left, then those that failed before; the whole endpoint where it has none. */
async function* slicesOf(options: ReadOptions, call: ReadCall, { scope, context }: RequestInput, from: SlicedState | undefined): AsyncGenerator<Sliced> {
  const { slice, page, reading, left = [], rest: first, failed: waiting = [], isOver } = from ?? {};
  if (slice) yield { at: { slice, ...(page && { page }), ...(reading && { reading }) }, left, rest: first, waiting, ...(isOver && { isOver }) };
  for (const one of oneByOne(left, first)) yield { ...one, waiting };
  if (options.slices.length === 0) {
    if (!from) yield { at: { slice: { values: {}, included: {} } } };
    return;
  }
  const read = (endpoint: string, params: unknown, state: unknown): AsyncGenerator<ReadPage> => readPages(options.parents.get(endpoint)!, { payload: call.payload, context: call.context, params, from: state, isParent: true });
  const cursors = cursorsOf(options, call);
  if (!isOver) {
    for await (const { slice: next, rest } of combinations({ levels: options.slices, scope, context, read }, first)) {
      for (const one of oneByOne(cursors ? await partsOf(next, groupsOf(options), cursors, call.payload.id) : [next], rest)) yield { ...one, waiting };
    }
  }
  for (const [index, at] of waiting.entries()) yield { at, waiting: waiting.slice(index + 1), isOver: true };
}

function* oneByOne(slices: readonly Slice[], rest: SlicePlace | undefined): Generator<Sliced> {
  for (const [index, slice] of slices.entries()) yield { at: { slice }, left: slices.slice(index + 1), rest };
}

/** Cursors by the names of slices, where reading goes by them. */
const cursorsOf = ({ incremental, cursorOf }: ReadOptions, { range, isParent }: ReadCall): ReadOptions['cursorOf'] => (incremental && !isParent && !isRange(range) ? cursorOf : undefined);

/** Slices whose values are groups. */
const groupsOf = ({ slices }: ReadOptions): readonly string[] => slices.filter(({ group }) => group !== undefined).map(({ name }) => name);

interface SlicePage {
  readonly page: ReadPage;
  /** Absent where the slice is over. */
  readonly after?: Pick<SlicedState, 'page' | 'reading'>;
}

async function* readSlice(options: ReadOptions, call: ReadCall, input: RequestInput, { slice, ...from }: SliceAt, count: () => number): AsyncGenerator<SlicePage> {
  const name = sliceName(slice);
  if (!options.incremental) {
    for await (const page of walk(options, call, { input, slice: name, from: from.page })) yield { page: given(options, page, page.records, slice), ...(page.next && { after: { page: page.next } }) };
    return;
  }
  const { incremental } = options;
  const { cursor, known, ...begun } = await beginReading(options, call, input, slice, from.reading);
  let { reading } = begun;
  const { bounds } = reading;
  for (let isLast = false, place = from.page; !isLast; place = undefined) {
    const window = incremental.window(bounds, reading.window);
    isLast = isOver(bounds, window, incremental);
    const own = { ...input, scope: { ...input.scope, cursor: incremental.scopeOf(window) } };
    for await (const page of walk(options, call, { input: own, slice: name, from: place })) {
      const taken = incremental.take(page.records, known, reading.newest);
      if (page.records.length > 0 && reading.newest === undefined && taken.newest === undefined) call.context.log.warn(`No record of page ${page.index + 1} of "${options.name}" has a ${incremental.use.kind ?? 'datetime'} at ${JSON.stringify(incremental.use.path)}: the cursor stays where it is.`, { endpoint: options.name, page: page.index + 1 });
      const shaped = given(options, page, taken.records, slice);
      const seq = cursor ? await markPage(cursor, options, call, { reading, taken, hasPayload: shaped.records.length > 0, isEnd: !page.next, payload: childId(call.payload.id, options.step, count()) }) : reading.seq;
      const start = page.next ? window.from : window.to;
      reading = { bounds, versions: reading.versions, seq, ...(start !== undefined && { window: start }), ...(taken.newest !== undefined && { newest: taken.newest }) };
      yield { page: shaped, ...((page.next || !isLast) && { after: { reading, ...(page.next && { page: page.next }) } }) };
    }
  }
}

async function beginReading(options: ReadOptions, call: ReadCall, { scope, context }: RequestInput, slice: Slice, from: Reading | undefined): Promise<{ readonly cursor?: SliceCursor; readonly known: KnownVersions; readonly reading: Reading }> {
  const { use, bounds } = options.incremental!;
  const cursors = cursorsOf(options, call);
  const cursor = cursors && sliceCursor(slice, groupsOf(options), use.kind ?? 'datetime', cursors);
  const start = await cursor?.begin({ input: call.payload.id, seq: from?.seq ?? 0 });
  const reading = from ?? { bounds: await bounds(scope, context, start, call.range), versions: start?.versions ?? [], seq: 0 };
  return { ...(cursor && { cursor }), known: knownVersions(start?.seen.map(([name]) => name) ?? []), reading };
}

interface MarkedPage {
  readonly reading: Reading;
  readonly taken: { readonly seen: readonly SeenRecord[]; readonly newest?: CursorValue };
  readonly hasPayload: boolean;
  /** Of a window. */
  readonly isEnd: boolean;
  /** Id of the payload that the page becomes, if it becomes one. */
  readonly payload: string;
}

/** Gives the number of the next mark. */
async function markPage(cursor: SliceCursor, { incremental, isExpanded }: ReadOptions, call: ReadCall, { reading: { bounds, versions, seq }, taken: { seen, newest }, hasPayload, isEnd, payload }: MarkedPage): Promise<number> {
  const { use: { kind = 'datetime', isSorted = false }, reached } = incremental!;
  const counts = newest !== undefined && (isSorted || isEnd) ? reached(newest, bounds) : {};
  // At the end of a window everything before is through where all of its pages are: the mark of the last page says so itself.
  if (!hasPayload && !isEnd) return seq;
  await cursor.mark({ input: call.payload.id, seq, versions, kind, ...(hasPayload && { payload }), ...counts, seen: isExpanded ? withoutNumbers(seen) : seen });
  return seq + 1;
}

interface Walk {
  readonly input: RequestInput;
  /** Its name. */
  readonly slice: string;
  readonly from: PagePlace | undefined;
}

/** One page after the other of one window of one slice. */
async function* walk(options: ReadOptions, { payload, context, isParent }: ReadCall, { input, slice, from }: Walk): AsyncGenerator<WalkedPage & { readonly document: Document }> {
  const { name, step, emit, host, pagination, maxPages, checkRepeats, stopStatuses, testPages } = options;
  const paging = await options.begin(input.scope, context);
  const documents = new WeakMap<HttpResponse, Document>();
  const documentOf = async (response: HttpResponse): Promise<Document> => {
    const known = documents.get(response) ?? readDocument(await options.decode(response, { isNeeded: !isWhole(options.records) }), { ...options, isXml: isXml(response) });
    documents.set(response, known);
    return known;
  };
  const decoded = (response: HttpResponse): Promise<HttpResponse> => options.decode(response, { isNeeded: true });
  const pages = walkPages({
    endpoint: name, pagination, ...paging, signal: context.signal, maxPages, checkRepeats, stopStatuses, testPages,
    // Whoever tries it out wants to see one page after the other.
    ...(testPages !== undefined && { ahead: 0 }),
    async build(page, index, previous) {
      const request = await options.template.build({ ...input, scope: { ...input.scope, page: page.variables ?? {} }, page: page.url === undefined ? page : { ...page, url: nextAddress(page.url, previous, name) } });
      return withKey(request, options, [payload.id, ...(slice === '' ? [] : [slice]), ...windowName(input), index].join(':'));
    },
    send: (request, signal) => options.send(request, context, signal),
    sendAfterwards: (request, signal) => options.send(request, afterwards(context), signal),
    sleep: (ms, signal) => host.clock.sleep(ms, signal),
    ...(options.readsAnswer && { documentOf: decoded }),
    recordsOf: async (response) => (await documentOf(response)).records,
    ...(from !== undefined && { from }),
  });
  for await (const page of pages) {
    const { index, response, records, stop, byGuess } = page;
    // What is only asked further with is no page of what is tried out.
    if (!isParent) options.onPage?.(page);
    await emit({ type: 'page', step, index, records: records.length, ...(slice !== '' && { slice: said(options)(slice) }), ...(isParent && { endpoint: name }), ...(stop && { stop }), ...(byGuess && { byGuess }), at: host.clock.now() });
    if (stop === 'has-more-false' && byGuess) context.log.warn(`Page ${index + 1} of "${name}" does not say whether there are more: it was taken for the last one. Check the path of the flag in the pagination.`, { endpoint: name, page: index + 1 });
    const document = records.length > 0 ? await documentOf(response) : empty;
    for (const path of index === 0 && records.length > 0 ? await paging.unreadTotals(() => decoded(response)) : []) context.log.warn(`Page 1 of "${name}" has no number at ${JSON.stringify(path)}, where the total should be: where the end is was judged without it. Check the path of the total in the pagination.`, { endpoint: name, path });
    const unread = testPages !== undefined && (typeof document.body === 'string' || document.body instanceof Uint8Array) ? converterOf(document.mediaType) : undefined;
    if (unread) context.log.warn(`The answer of "${name}" is ${unread.toUpperCase()} and goes on as it is: "decoder": { "type": "${unread}" } of the endpoint reads its records.`, { endpoint: name });
    yield Object.assign(page, { document });
  }
}

/** As it may be told. */
const said = ({ host: { bodies } }: ReadOptions): (<T>(value: T) => T) => bodies.said ?? bodies.mask;

/** What is left of a context when its attempt is over, for one more request. */
function afterwards(context: PayloadContext): PayloadContext {
  const { log, http } = context;
  const own: ScopedHttp = { send: (request, options) => (http as ScopedHttp).send(request, { ...options, isAfterwards: true }) };
  return { log, http: own, random: () => context.random() } as Partial<PayloadContext> as PayloadContext;
}

/** Two windows are two requests, though both begin with page 1. */
function windowName({ scope }: RequestInput): readonly string[] {
  const { from } = (scope['cursor'] ?? {}) as { readonly from?: string | number };
  return from === undefined ? [] : [String(from)];
}

function nextAddress(url: string, previous: string | undefined, name: string): string {
  if (URL.canParse(url, previous)) return new URL(url, previous).href;
  throw new FlowError('REMOTE_FORMAT', `The address of the next page of "${name}" cannot be read: ${JSON.stringify(url.slice(0, 200))}.`);
}

const empty: Document = { body: [], mediaType: 'application/json', records: [] };

function given({ shape }: ReadOptions, { index, document, records }: WalkedPage & { readonly document: Document }, left = records, { included }: Pick<Slice, 'included'> = { included: {} }): ReadPage {
  const shaped = shape(left, included);
  return { index, document, records: shaped, isWhole: shaped === document.records };
}
