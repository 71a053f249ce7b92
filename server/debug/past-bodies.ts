import { isUtf8 } from 'node:buffer';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import type { DebugValue, DebugWindow } from '../model/debug.ts';
import { rowOfEntry } from '../model/debug-values.ts';
import { pointerOf } from '../model/json.ts';
import type { PayloadHead } from '../model/run-event.ts';
import type { Runner } from '../runner/contract.ts';

/** Longer ones are not read as a whole. */
export const longestBody = 8 * 1024 * 1024;

/** The bodies of the payloads of a recorded run. */
export class PastBodies {
  readonly #archive: Pick<Runner['archive'], 'body' | 'window'>;
  readonly #run: string;
  /** That was read last. */
  #last: { readonly hash: string; readonly value: unknown } | undefined;

  constructor(archive: Pick<Runner['archive'], 'body' | 'window'>, run: string) {
    this.#archive = archive;
    this.#run = run;
  }

  /** Where it is long JSON that was recorded. */
  far(payload: PayloadHead): { readonly size: number; open(): AsyncIterable<Uint8Array> } | undefined {
    if (payload.body === '' || payload.size <= longestBody || !payload.mediaType.endsWith('json')) return undefined;
    const body = this.#archive.body(this.#run, payload.body);
    return body && { size: payload.size, open: () => body.open() };
  }

  /** Fails with `DATA_MISSING` where it was not recorded. */
  async bytes({ body: hash }: PayloadHead, { offset, count }: { readonly offset: number; readonly count: number }): Promise<Uint8Array> {
    const body = hash === '' ? undefined : this.#archive.body(this.#run, hash);
    if (!body) throw new FlowError('DATA_MISSING', 'The body was not recorded.', { remedy: 'Set `recording` of the flow to "full".' });
    const parts: Uint8Array[] = [];
    let at = 0;
    for await (const chunk of body.open()) {
      parts.push(chunk.subarray(Math.max(0, offset - at), Math.max(0, offset + count - at)));
      at += chunk.length;
      if (at >= offset + count) break;
    }
    return new Uint8Array(Buffer.concat(parts));
  }

  /** JSON or text; of others, and of long ones, words about them. */
  async value({ body: hash, mediaType, size }: PayloadHead): Promise<unknown> {
    if (this.#last?.hash === hash) return this.#last.value;
    const body = hash === '' || size > longestBody ? undefined : this.#archive.body(this.#run, hash);
    if (!body) return hash === '' ? '(was not recorded)' : `(${size} bytes)`;
    const chunks: Uint8Array[] = [];
    for await (const chunk of body.open()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = isUtf8(bytes) ? bytes.toString('utf8') : `(${size} bytes)`;
    const value = mediaType.endsWith('json') ? parsed(text) : text;
    this.#last = { hash, value };
    return value;
  }

  /** Of a long body only the window is read. */
  async rows(head: PayloadHead, path: readonly (string | number)[], { start = 0, count = 100 }: DebugWindow): Promise<readonly DebugValue[]> {
    const window = await this.#archive.window(this.#run, head.body, { path: pointerOf(path), offset: start, limit: Math.min(count || 100, 1_000) });
    return (window?.entries ?? []).map((entry) => rowOfEntry(window?.kind === 'array' ? { ...entry, key: Number(entry.key) } : entry, (value) => value));
  }
}

/** What came from elsewhere may call itself JSON and be none. */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
