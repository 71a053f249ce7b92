/** What a file of an archive is, as the directory at its end says (APPNOTE 6.3.10). */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Of what stands before the file itself. */
  readonly offset: number;
}

export interface Unzipping {
  /** Unpacks a raw deflate stream. */
  inflate(packed: Uint8Array): Promise<Uint8Array>;
  /** The error for an archive that cannot be read. */
  error(why: string): Error;
}

/** The files of a ZIP archive, in the order of its directory; not folders, and not what macOS puts beside files. */
export async function unzip(bytes: Uint8Array, { inflate, error }: Unzipping): Promise<readonly Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const entry of entriesOf(bytes, error)) {
    const { name, size, crc } = entry;
    if (name.endsWith('/') || name.startsWith('__MACOSX/')) continue;
    const file = await contentOf(bytes, entry, { inflate, error });
    if (file.length !== size || crcOf(file) !== crc) throw error(`its file ${JSON.stringify(name)} is damaged`);
    files.push(file);
  }
  return files;
}

async function contentOf(bytes: Uint8Array, { name, method, isEncrypted, packedSize, offset }: Entry, { inflate, error }: Unzipping): Promise<Uint8Array> {
  if (isEncrypted) throw error(`its file ${JSON.stringify(name)} is encrypted`);
  const view = viewOf(bytes);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) throw error(cut);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedSize > bytes.length) throw error(cut);
  const packed = bytes.subarray(start, start + packedSize);
  // Empty data are no deflate stream, but some writers store an empty file as if they were.
  if (method === 0 || packedSize === 0) return packed;
  if (method !== 8) throw error(`its file ${JSON.stringify(name)} is compressed in a way that is not known (${method})`);
  return inflate(packed);
}

function entriesOf(bytes: Uint8Array, error: Unzipping['error']): readonly Entry[] {
  const view = viewOf(bytes);
  const end = endOf(view);
  if (end === undefined) throw error(cut);
  const count = view.getUint16(end + 10, true);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw error('it is a large archive (Zip64)');
  for (let left = count; left > 0; left--) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw error(cut);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [number, number, number];
    const [crc, packedSize, size, offset] = [16, 20, 24, 42].map((place) => view.getUint32(at + place, true)) as [number, number, number, number];
    if ([packedSize, size, offset].includes(0xffffffff)) throw error('it is a large archive (Zip64)');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.push({ name, method: view.getUint16(at + 10, true), isEncrypted: (view.getUint16(at + 8, true) & 1) === 1, crc, packedSize, size, offset });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Where the record at the end begins; a comment of up to 64 KB may stand behind it. */
function endOf(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === 0x06054b50 && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

const cut = 'it is damaged or was cut';
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
