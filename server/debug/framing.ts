import type { Readable } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { FlowError } from '../../plugins/sdk/index.ts';

export type Message = DebugProtocol.ProtocolMessage;

const longest = 16 * 1024 * 1024;
const longestHead = 4_096;
const blank = Buffer.from('\r\n\r\n');

/**
 * Reads messages from a stream, until it ends. What does not begin as one of the protocol is refused at its first byte: a page in a browser can send requests to any
 * port of this machine, and those have a `Content-Length`, too. Fails with `API_INVALID`.
 */
export async function readMessages(input: Readable, take: (message: Message) => void): Promise<void> {
  let chunks: Buffer[] = [];
  let missing = 1;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    missing -= chunk.length;
    if (missing > 0) continue;
    let rest = Buffer.concat(chunks);
    let frame = frameOf(rest);
    for (; frame.end <= rest.length; frame = frameOf(rest)) {
      const text = rest.toString('utf8', frame.begin, frame.end);
      rest = rest.subarray(frame.end);
      take(parsed(text));
    }
    chunks = [rest];
    missing = frame.end - rest.length;
  }
}

export function printMessage(message: Message): string {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Where the text of the first message begins and ends; while that is not known, it ends behind what is here. */
function frameOf(bytes: Buffer): { readonly begin: number; readonly end: number } {
  const first = bytes.subarray(0, 15).toString('latin1').toLowerCase();
  if (!'content-length:'.startsWith(first)) throw refused('What comes is not the debug adapter protocol.');
  const at = bytes.indexOf(blank);
  if (at < 0 && bytes.length <= longestHead) return { begin: 0, end: bytes.length + 1 };
  const length = /^content-length: *(\d{1,9})(?:\r\n[\w-]+:[^\r\n]*)*$/i.exec(bytes.subarray(0, Math.max(0, at)).toString('latin1'))?.[1];
  if (length === undefined || Number(length) > longest) throw refused(`The head of a message is wrong, or the message longer than ${longest} bytes.`);
  const begin = at + blank.length;
  return { begin, end: begin + Number(length) };
}

function parsed(text: string): Message {
  const message = tryParse(text);
  if (typeof message === 'object' && message !== null && typeof (message as Message).type === 'string' && typeof (message as Message).seq === 'number') return message as Message;
  throw refused('A message is no JSON object with `seq` and `type`.');
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refused = (message: string): FlowError => new FlowError('API_INVALID', message, { remedy: 'Connect a client of the debug adapter protocol.' });
