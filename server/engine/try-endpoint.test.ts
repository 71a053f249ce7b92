import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectorHost, json, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { RawResponse } from './host.ts';
import { asFlowError } from './run-error.ts';
import { createPayload } from './payload.ts';
import { tryEndpoint } from './try-endpoint.ts';

interface Seen {
  /** Of each exchange: milliseconds of waiting before it, and of the exchange itself. */
  readonly times: readonly (readonly [waited: number, took: number])[];
  readonly error: string | undefined;
  readonly notes: readonly string[];
}

/** Tries the endpoint out where each answer takes 30 ms, and a connection is free after so many. */
async function tried(options: Omit<ConnectorHostOptions, 'send' | 'transport'>, answers: readonly RawResponse[], { params = {}, turns = [] }: { readonly params?: object; readonly turns?: readonly number[] } = {}): Promise<Seen> {
  const times: (readonly [number, number])[] = [];
  let asked = 0;
  const host = connectorHost({ ...options, transport: { async send(_request, { onTurn, signal }) {
    const wait = turns[asked] ?? 0;
    if (wait > 0) await host.clock.sleep(wait, signal);
    onTurn?.();
    await host.clock.sleep(30, signal);
    return answers[asked++]!;
  } } });
  const notes: string[] = [];
  const nothing = (): void => undefined;
  const steps = { exchange: ({ durationMs }: { readonly durationMs: number }, waitedMs: number) => void times.push([waitedMs, durationMs]), page: nothing, given: nothing, lookUp: nothing, refused: nothing, note: ({ message }: { readonly message: string }) => void notes.push(message) };
  const error = await tryEndpoint(host, { instance: 'shop', endpoint: 'it', params, payload: createPayload({ id: 'p', body: null }), pages: 3, run: 'try-1', signal: new AbortController().signal }, steps).then(() => undefined, (thrown: unknown) => asFlowError(thrown));
  return { times, notes, error: error && `${error.message} ${error.remedy ?? ''}` };
}

test('a trial tells what was waited for beside the time of each exchange: a connection, and what the other system asked for', async () => {
  const { times, error } = await tried({}, [json(null, { status: 429, headers: { 'retry-after': '2' } }), json([])], { turns: [700, 5] });
  assert.equal(error, undefined);
  assert.deepEqual(times, [[700, 30], [2005, 30]]);
});

test('a trial says of an answer that goes on as it is how its records are read', async () => {
  const csv = { status: 200, headers: { 'content-type': 'text/csv' }, body: new TextEncoder().encode('a\n1\n') };
  const decoder = { type: 'csv' };
  assert.deepEqual((await tried({}, [csv])).notes, ['The answer of "it" is CSV and goes on as it is: "decoder": { "type": "csv" } of the endpoint reads its records.']);
  assert.deepEqual((await tried({}, [{ ...csv, body: new Uint8Array([0x61, 0x0a, 0xf6, 0x0a]) }])).notes.length, 1);
  assert.deepEqual((await tried({ endpoint: { decoder } }, [csv])).notes, []);
});

test('params that do not fit are told without a step, as there is no flow', async () => {
  const { error } = await tried({ endpoint: { params: { id: { type: 'integer', required: true, in: 'query' } as object } } }, [], { params: { id: 'seven' } });
  assert.match(error!, /^The params of the endpoint "it" do not fit: .* Give other params, or correct the schema of the param in connectors\/shop\.connector\.json\.$/);
});
