/**
 * What travels between Patchbay and a script's process, in both directions: four bytes of length (big endian), one line of JSON (the head),
 * a line feed, and the body. The body is text which only its last receiver reads: rows go through both processes without being parsed on the way.
 */
export interface Frame {
  readonly head: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Longest frame in bytes. A longer one ends the connection before anything of it is kept. */
export const maxFrameBytes = 64 * 1024 * 1024;

/** Longest body in UTF-16 units that is sure to fit: three bytes at most per unit, and room for the head. */
export const maxBodyLength = 20 * 1024 * 1024;

const maxHeadBytes = 16 * 1024;

export function encodeFrame(head: Frame['head'], body = ''): Buffer {
  const line = `${JSON.stringify(head)}\n`;
  const size = Buffer.byteLength(line) + Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(4 + size);
  frame.writeUInt32BE(size, 0);
  frame.write(body, 4 + frame.write(line, 4), 'utf8');
  return frame;
}

/** Takes chunks as they come and hands over whole frames. Throws at the first byte that cannot belong to a frame; it must not be called after that. */
export function frameReader(take: (frame: Frame) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = 4;
  return (chunk) => {
    parts.push(chunk);
    size += chunk.length;
    while (size >= wanted) {
      const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
      const end = 4 + checkSize(all.readUInt32BE(0));
      parts = [all];
      wanted = end;
      if (size < end) return;
      const frame = readFrame(all.subarray(4, end));
      parts = size > end ? [all.subarray(end)] : [];
      size -= end;
      wanted = 4;
      take(frame);
    }
  };
}

function checkSize(size: number): number {
  if (size > maxFrameBytes) throw new Error(`a frame of ${size} bytes was announced`);
  return size;
}

function readFrame(bytes: Buffer): Frame {
  const end = bytes.subarray(0, maxHeadBytes).indexOf(0x0a);
  if (end === -1) throw new Error('a frame has no head');
  const head: unknown = JSON.parse(bytes.toString('utf8', 0, end));
  if (typeof head !== 'object' || head === null || Array.isArray(head)) throw new Error('the head of a frame is not an object');
  return { head: head as Frame['head'], body: bytes.toString('utf8', end + 1) };
}
