import { inUtf8, joined } from '../formats/bytes.ts';
import { jsonItems, type JsonItem } from '../formats/json-items.ts';
import { partOf } from '../formats/json-part.ts';
import { FlowError, parseJson, type Path, type Payload } from '../sdk/index.ts';

/** The document of a payload; `undefined` where it is too long to be read as a whole. */
export async function wholeOf(payload: Payload): Promise<unknown> {
  try {
    return await payload.json();
  } catch (error) {
    if (FlowError.is(error, 'DATA_TOO_LARGE')) return undefined;
    throw error;
  }
}

/** A document that is read record by record. */
export interface LongRecords {
  /** One after the other. Fails with `DATA_INVALID`, and with `DATA_TOO_LARGE` where one of them alone is too long. */
  each(): AsyncGenerator<unknown>;
  /**
   * Puts each record into the parts that are chosen for it, and gives each part with what stands around the records: the payload itself where it has all of them,
   * `undefined` where it has none. Long parts choose anew whenever they are read. Fails as `each` does.
   */
  divide(count: number, choose: (record: unknown, put: (part: number) => void) => void): Promise<{ readonly records: number; readonly parts: readonly (Payload | undefined)[] }>;
}

/** Where the records stand under names. Fails with `DATA_TOO_LARGE` where they do not: only all of the document could tell where they are. */
export function longRecords(path: Path, payload: Payload): LongRecords {
  const names = namesOf(path);
  return {
    async* each() {
      for await (const items of read(payload, names, {})) for (const { value } of items) yield value;
    },
    divide: (count, choose) => divide(payload, names, count, choose),
  };
}

/** What stands there, as a document of its own that is not read yet. Fails as `longRecords` does, and with `DATA_INVALID` where nothing does. */
export async function longPart(path: Path, payload: Payload, wrapper: string | undefined): Promise<Payload> {
  const names = namesOf(path);
  const copy = async function* (): AsyncGenerator<Uint8Array> {
    if (wrapper !== undefined) yield textBytes(`{${JSON.stringify(wrapper)}:`);
    yield* names.length === 0 ? inUtf8(payload.bytes()) : partOf(inUtf8(payload.bytes()), names, {});
    if (wrapper !== undefined) yield textBytes('}');
  };
  const sum = newSum();
  for await (const bytes of copy()) sum.add(bytes);
  return sum.put(payload, copy);
}

function namesOf({ keys, query }: Path): readonly string[] {
  const names = keys?.filter((key) => typeof key === 'string') ?? [];
  if (keys?.length === names.length) return names;
  throw new FlowError('DATA_TOO_LARGE', `The payload is too long to be read as a whole, and ${JSON.stringify(query)} cannot be found in it otherwise.`, { details: { path: query }, remedy: 'Use a path of names alone, such as `data.orders`, or raise `limits.payloadBytes` in patchbay.json.' });
}

interface Around {
  around?(bytes: Uint8Array): void;
  begins?(isList: boolean): void;
}

function read(payload: Payload, names: readonly string[], { around, begins }: Around): AsyncGenerator<readonly JsonItem[]> {
  const bytes = inUtf8(payload.bytes());
  let before = 0;
  const part = names.length === 0 ? bytes : partOf(bytes, names, { found: (offset) => void (before = offset), ...(around && { around }) });
  return jsonItems(part, { before: () => before, ...(begins && { begins }) });
}

async function divide(payload: Payload, names: readonly string[], count: number, choose: (record: unknown, put: (part: number) => void) => void): ReturnType<LongRecords['divide']> {
  const sums = Array.from({ length: count }, newSum);
  const copies = sums.map((sum) => newCopy(sum.add));
  const taken = sums.map(() => 0);
  let records = 0;
  let isList = true;
  let bytes: Uint8Array;
  const put = (part: number): void => {
    taken[part]!++;
    copies[part]!.item(bytes);
  };
  const around = (own: Uint8Array): void => copies.forEach((copy) => copy.around(own));
  const begins = (given: boolean): void => {
    isList = given;
    for (const copy of copies) copy.begins();
  };
  for await (const items of read(payload, names, { around, begins })) {
    for (const item of items) {
      records++;
      ({ bytes } = item);
      choose(item.value, put);
    }
  }
  for (const copy of copies) copy.end();
  const parts = sums.map((sum, part) => {
    if (taken[part] === 0) return undefined;
    return !isList || taken[part] === records ? payload : sum.put(payload, () => copied(payload, names, (record) => isChosen(record, part, choose)));
  });
  return { records, parts };
}

function isChosen(record: unknown, part: number, choose: (record: unknown, put: (part: number) => void) => void): boolean {
  let is = false;
  choose(record, (one) => void (is ||= one === part));
  return is;
}

/** The document with those of its records that are kept, as they stand there. */
async function* copied(payload: Payload, names: readonly string[], isKept: (record: unknown) => boolean): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const copy = newCopy((bytes) => void pieces.push(bytes));
  for await (const items of read(payload, names, copy)) {
    for (const { value, bytes } of items) if (isKept(value)) copy.item(bytes);
    if (pieces.length === 0) continue;
    yield joined(pieces);
    pieces = [];
  }
  copy.end();
  yield joined(pieces);
}

/** Writes a list, and what stands around it. */
function newCopy(write: (bytes: Uint8Array) => void) {
  let items = 0;
  let isOpen = false;
  const end = (): void => {
    if (isOpen) write(close);
    isOpen = false;
  };
  return {
    around(bytes: Uint8Array): void {
      end();
      write(bytes);
    },
    begins(): void {
      write(open);
      isOpen = true;
    },
    item(bytes: Uint8Array): void {
      if (items++ > 0) write(comma);
      write(bytes);
    },
    end,
  };
}

/** Adds up what is written, and keeps it as long as it is short. */
function newSum() {
  let size = 0;
  let kept: Uint8Array[] | undefined = [];
  return {
    add(bytes: Uint8Array): void {
      size += bytes.length;
      if (size > shortBytes) kept = undefined;
      kept?.push(bytes);
    },
    /** A short document is read at once, so that recordings have it. */
    put: (payload: Payload, open: () => AsyncIterable<Uint8Array>): Payload => payload.with(kept ? { body: parseJson(new TextDecoder().decode(joined(kept))) } : { stream: { size, open } }),
  };
}

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const [open, comma, close] = ['[', ',', ']'].map(textBytes) as [Uint8Array, Uint8Array, Uint8Array];
const shortBytes = 1024 * 1024;
