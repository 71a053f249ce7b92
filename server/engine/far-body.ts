import { decodeText, FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { plainKeys } from '../model/plain-path.ts';
import { joined } from './multipart.ts';
import { pickJson, wantedOf } from './pick-json.ts';

/** The JSON of a payload that is read from where it lies, each time anew. */
export interface FarBody {
  /** Bytes; -1 where nobody knows. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** What expressions see of it, by the paths that they read: nothing else is kept. Fails with `DATA_TOO_LARGE` where that is too much to be looked at, and with the reason of the signal. */
export async function readFar({ size, open }: FarBody, paths: readonly string[], signal?: AbortSignal): Promise<unknown> {
  const wanted = wantedOf(paths.map(plainKeys));
  if (wanted) return pickJson(until(open(), signal), wanted, mostSeen);
  if (size < 0 || size > mostSeen) throw new FlowError('DATA_TOO_LARGE', `It needs all of the payload, which has ${size < 0 ? 'no length that is known' : `${size} bytes`}; an expression reads at most ${mostSeen / 1024 ** 2} MB of it.`, { remedy: 'Ask for a part: payload[0].id, payload[*].price.' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of until(open(), signal)) chunks.push(new Uint8Array(chunk));
  return parseJson(decodeText(joined(chunks), { what: 'The payload' }));
}

async function* until(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

/** Of a payload, for one expression. */
const mostSeen = 8 * 1024 * 1024;
