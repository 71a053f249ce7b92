import { failure } from '../files/failures.ts';

/** A page of the keys of a bucket. */
export interface Listing {
  readonly objects: readonly { readonly key: string; readonly size: number; readonly modifiedAt: string }[];
  /** With a slash at their end. */
  readonly folders: readonly string[];
  /** What the next page is asked for with. */
  readonly next?: string;
}

/** Reads the answer to `list-type=2`. Fails with `REMOTE_FORMAT`. */
export async function readListing(body: Uint8Array): Promise<Listing> {
  const result = await read(body, 'ListBucketResult', ['Contents', 'CommonPrefixes']);
  // Keys are escaped where the store says so, since XML cannot carry every letter.
  const keyOf = (text: unknown): string => (result['EncodingType'] === 'url' ? decodeURIComponent(textOf(text).replaceAll('+', '%20')) : textOf(text));
  const next = result['IsTruncated'] === 'true' ? textOf(result['NextContinuationToken']) : '';
  return {
    objects: listOf(result['Contents']).map(({ Key, Size, LastModified }) => ({ key: keyOf(Key), size: Number(textOf(Size)), modifiedAt: textOf(LastModified) })),
    folders: listOf(result['CommonPrefixes']).map(({ Prefix }) => keyOf(Prefix)),
    ...(next !== '' && { next }),
  };
}

/** The id of an upload in parts. Fails with `REMOTE_FORMAT`. */
export const readUpload = async (body: Uint8Array): Promise<string> => textOf((await read(body, 'InitiateMultipartUploadResult', []))['UploadId']);

type Element = Readonly<Record<string, unknown>>;

async function read(body: Uint8Array, root: string, lists: readonly string[]): Promise<Element> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({ ignoreAttributes: true, ignoreDeclaration: true, parseTagValue: false, trimValues: false, processEntities: true, htmlEntities: true, isArray: (name) => lists.includes(name) });
  let document: Element;
  try {
    document = parser.parse(new TextDecoder().decode(body)) as Element;
  } catch (cause) {
    throw failure('REMOTE_FORMAT', 'The answer of the store is no XML', { cause });
  }
  const found = document[root] === '' ? {} : document[root];
  if (typeof found !== 'object' || found === null) throw failure('REMOTE_FORMAT', `The answer of the store is no ${root}: is the endpoint that of S3?`);
  return found as Element;
}

const listOf = (value: unknown): readonly Element[] => (Array.isArray(value) ? (value as readonly Element[]) : []);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
