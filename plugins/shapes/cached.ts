import { FlowError, type CachedDocument, type Payload } from '../sdk/index.ts';

/** Settings of all shapes that use a cache. */
export const cacheSettings = {
  cache: { type: 'string', minLength: 1, maxLength: 100, title: 'Cache', description: 'Name of the cache; it is made when something is first put into it.' },
  scope: {
    type: 'string', enum: ['run', 'flow', 'workspace'], default: 'flow', title: 'Scope', description: 'Who shares the cache.',
    enumDescriptions: ['Only this run.', 'All runs of this flow.', 'All flows of the workspace.'],
  },
} as const;

/** What a cache keeps of a payload. */
export async function documentOf(payload: Payload): Promise<CachedDocument> {
  const { mediaType, meta } = payload;
  return { body: isJson(mediaType) ? await payload.json() : payload.isText ? await payload.text() : await bytesOf(payload), mediaType, meta };
}

/** Text of a key; fails with `DATA_MISSING` where an expression gave none. */
export function keyOf(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  if (text === '') throw new FlowError('DATA_MISSING', `The key of a cache must be a text that is not empty, but is ${JSON.stringify(value) ?? 'missing'}.`, { details: { key: value ?? null } });
  return text;
}

const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

async function bytesOf(payload: Payload): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.bytes()) chunks.push(chunk);
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  chunks.reduce((at, chunk) => (all.set(chunk, at), at + chunk.length), 0);
  return all;
}
