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
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = frameOf(rest); frame; frame = frameOf(rest)) {
      rest = rest.subarray(frame.end);
      take(parsed(frame.text));
    }
  }
}

export function printMessage(message: Message): string {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

function frameOf(bytes: Buffer): { readonly text: string; readonly end: number } | undefined {
  const begin = bytes.subarray(0, 15).toString('latin1').toLowerCase();
  if (!'content-length:'.startsWith(begin)) throw refused('What comes is not the debug adapter protocol.');
  const at = bytes.indexOf(blank);
  if (at < 0 && bytes.length <= longestHead) return undefined;
  const length = /^content-length: *(\d{1,9})(?:\r\n[\w-]+:[^\r\n]*)*$/i.exec(bytes.subarray(0, Math.max(0, at)).toString('latin1'))?.[1];
  if (length === undefined || Number(length) > longest) throw refused(`The head of a message is wrong, or the message longer than ${longest} bytes.`);
  const end = at + blank.length + Number(length);
  return bytes.length < end ? undefined : { text: bytes.subarray(at + blank.length, end).toString('utf8'), end };
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
