import { isDeepStrictEqual } from 'node:util';
import type { Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';
import type { PastRun } from '../stores/past-run.ts';

/** Whether a run that a flow has called began with the same as it would now. Where nobody knows what it began with, it did not. */
export async function isSameCall(past: PastRun, flow: string, payload: Payload, variables: Readonly<Record<string, unknown>>): Promise<boolean> {
  if (past.head.flow !== flow) return false;
  const [request, input] = await Promise.all([past.request(), past.input()]).catch(() => []);
  if (!request || !input) return false;
  return isDeepStrictEqual(asJson(request.variables ?? {}), asJson(variables)) && input.mediaType === payload.mediaType && isDeepStrictEqual({ ...input.meta }, { ...payload.meta }) && (await hasSameBody(input, payload));
}

async function hasSameBody(one: Payload, other: Payload): Promise<boolean> {
  const [{ kind }, body] = [bodyOf(one), bodyOf(other)];
  if (kind === 'json' && body.kind === 'json') return isDeepStrictEqual(asJson(await one.json()), asJson(body.value));
  return Buffer.compare(await bytesOf(one), await bytesOf(other)) === 0;
}

async function bytesOf(payload: Payload): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As it is after it was recorded. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');
