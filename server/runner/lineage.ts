import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { isJson } from '../engine/payload.ts';
import type { ExchangeRow, PayloadRow, RunDetail } from '../model/api.ts';
import { isObject, pointerKeys, pointerOf } from '../model/json.ts';
import type { Maps } from '../model/map-rules.ts';
import type { LineagePlace, LineageWay, RunLineage } from '../model/run-lineage.ts';
import { holdersOf, samePlace, valueAt, type Keys } from '../model/same-place.ts';
import { suggestion } from '../model/suggest.ts';
import { fieldsOf, traceMap } from '../model/trace-map.ts';
import type { RunArchive } from './contract.ts';
import { checkRun, checkStep, missingPayload, stepsOf } from './recorded-steps.ts';

export interface LineageRequest {
  readonly step: string;
  /** Default `out`. */
  readonly side?: PayloadRow['side'];
  /** Default the first. */
  readonly payload?: string;
  /** JSON pointer into the body. */
  readonly pointer: string;
}

export interface LineageWorld {
  readonly archive: RunArchive;
  /** Mapping files, as they are now. */
  readonly maps: Maps;
  /** Whether an endpoint reads or sends. */
  readonly directionOf: (instance: string, endpoint: string) => string | undefined;
}

const mostPlaces = 200;
const mostBytes = 16 * 1024 * 1024;
const mostLetters = 2_000;
/** Payloads and answers of a step that are looked through. */
const perPage = 500;
const mostPages = 4;

/** Follows a recorded value back to what it was made of. Fails with `API_NOT_FOUND`, and with `DATA_MISSING` where there is no such value. */
export async function traceValue(world: LineageWorld, run: string, { step, side = 'out', payload, pointer }: LineageRequest): Promise<RunLineage> {
  checkRun(world.archive, run);
  checkStep(world.archive, [run], step);
  const [row] = world.archive.payloads(run, step, side, 1, 1, payload === undefined ? {} : { payload }).items;
  if (!row) throw missingPayload(run, step, side, payload);
  return new Trace(world, world.archive.run(run)!).follow(row, pointer);
}

type Place = Omit<LineagePlace, 'id' | 'from' | 'value' | 'pointer'>;
interface Found { readonly place: Place; readonly keys: Keys; readonly row?: PayloadRow }

class Trace {
  readonly #world: LineageWorld;
  readonly #run: RunDetail;
  readonly #steps: Readonly<Record<string, unknown>>;
  readonly #places: (LineagePlace & { from: number[] })[] = [];
  readonly #known = new Map<string, number>();
  readonly #bodies = new Map<string, unknown>();
  #read = 0;
  #isCut = false;

  constructor(world: LineageWorld, run: RunDetail) {
    this.#world = world;
    this.#run = run;
    this.#steps = stepsOf(run);
  }

  async follow(row: PayloadRow, pointer: string): Promise<RunLineage> {
    const body = await this.#body(row);
    const keys = pointerKeys(body, pointer);
    if (valueAt(body, keys) === undefined) throw missing(body, keys);
    const waiting: { readonly id: number; readonly found: Found }[] = [];
    const add = async (found: Found): Promise<number> => {
      const name = JSON.stringify([found.place.kind, found.place.step, found.place.side, found.place.payload, found.place.exchange?.id, found.place.exchange?.attempt, found.keys]);
      const known = this.#known.get(name);
      if (known !== undefined) return known;
      const id = this.#places.length;
      this.#known.set(name, id);
      const value = found.place.body === undefined ? undefined : valueAt(await this.#body(found.place), found.keys);
      this.#places.push({ id, ...found.place, pointer: pointerOf(found.keys), ...(value !== undefined && { value: short(value) }), from: [] });
      waiting.push({ id, found });
      return id;
    };
    await add(this.#at(row, keys));
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id, found } = next;
      if (this.#places.length >= mostPlaces) { this.#isCut = true; break; }
      const { sources, how } = await this.#before(found);
      const from: number[] = [];
      for (const source of sources) from.push(await add(source));
      this.#places[id] = { ...this.#places[id]!, from, ...(how && { how }) };
    }
    return { run: this.#run.id, places: this.#places, isCut: this.#isCut };
  }

  #at(row: PayloadRow, keys: Keys): Found {
    const { step, side, port, id: payload, body } = row;
    return { row, keys, place: { kind: 'payload', step, side, payload, body, ...(port !== undefined && { port }) } };
  }

  /** What a place was made of. */
  async #before({ row, keys }: Found): Promise<{ readonly sources: readonly Found[]; readonly how?: LineageWay }> {
    if (!row) return { sources: [] };
    if (row.side === 'failed') return this.#failed(row, keys);
    return row.side === 'out' ? (this.#caught(row, keys) ?? this.#made(row, keys)) : this.#handed(row, keys);
  }

  /** What failed came to the step, or is a part of what came. */
  async #failed(row: PayloadRow, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how?: LineageWay }> {
    const found = await this.#passed(this.#world.archive.payloads(this.#run.id, row.step, 'in', 1, 1, { payload: row.from ?? row.id }).items, await this.#body(row), keys);
    return found ?? { sources: [] };
  }

  /** What leaves a try-catch by its `catch` has failed in a step that it guards. */
  #caught({ id, step, port, from }: PayloadRow, keys: Keys): { readonly sources: readonly Found[]; readonly how: LineageWay } | undefined {
    if (port !== 'catch') return undefined;
    for (const other of Object.keys(this.#steps)) {
      for (const payload of [id, from]) {
        const [row] = payload === undefined ? [] : this.#world.archive.payloads(this.#run.id, other, 'failed', 1, 1, { payload }).items;
        if (row?.caughtBy === step) return { sources: [this.#at(row, keys)], how: { by: 'handed' } };
      }
    }
    return undefined;
  }

  /** What came to a step has left the one before it, or is what the run began with. */
  #handed(row: PayloadRow, keys: Keys): { readonly sources: readonly Found[]; readonly how?: LineageWay } {
    const how: LineageWay = { by: 'handed' };
    const leading = Object.entries(this.#steps).filter(([, step]) => isObject(step) && isObject(step['next']) && Object.values(step['next']).includes(row.step));
    for (const [id] of leading) {
      const [before] = this.#world.archive.payloads(this.#run.id, id, 'out', 1, 1, { payload: row.id }).items;
      if (before) return { sources: [this.#at(before, keys)], how };
    }
    const { input } = this.#run;
    if (input?.id !== row.id && row.body !== input?.body) return { sources: [] };
    return { sources: [{ place: { kind: 'input', ...(input && { payload: input.id, body: input.body }) }, keys }], how };
  }

  async #made(row: PayloadRow, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how?: LineageWay }> {
    const step = isObject(this.#steps[row.step]) ? (this.#steps[row.step] as Readonly<Record<string, unknown>>) : {};
    const shape = typeof step['shape'] === 'string' ? step['shape'] : '';
    const named = shape === '' ? {} : { shape };
    const inputs = this.#inputs(row);
    const output = await this.#body(row);
    if (shape === 'map' && inputs[0]) {
      const found = await this.#mapped(step['settings'], inputs[0], output, keys);
      if (found) return found;
    }
    if (shape === 'connector') {
      const { instance, endpoint } = (isObject(step['settings']) ? step['settings'] : {}) as { readonly instance?: string; readonly endpoint?: string };
      const isSending = this.#world.directionOf(instance ?? '', endpoint ?? '') === 'send';
      const ways = [() => this.#answered(row, output, keys), () => this.#passed(inputs, output, keys)];
      for (const way of isSending ? ways.toReversed() : ways) {
        const found = await way();
        if (found) return { ...found, how: { ...named, ...found.how } };
      }
      return this.#answers(row, named);
    }
    const found = shape === 'map' ? undefined : await this.#passed(inputs, output, keys);
    if (found && shape !== 'script') return { ...found, how: { ...named, ...found.how } };
    const records = shape === 'map' || shape === 'script' ? undefined : await this.#records(inputs, output, keys);
    if (records) return { ...records, how: { ...named, ...records.how } };
    if (inputs.length === 0) return { sources: [{ place: { kind: 'made', step: row.step }, keys: [] }], how: { by: 'constant', ...named } };
    return this.#opaque(row, shape, inputs, keys, output);
  }

  /** A script and its like have seen all of what came; of a list that stays as long the record of the same number. */
  async #opaque(row: PayloadRow, shape: string, inputs: readonly PayloadRow[], keys: Keys, output: unknown): Promise<{ readonly sources: readonly Found[]; readonly how: LineageWay }> {
    const [first] = inputs;
    const body = first && (await this.#body(first));
    const isAligned = (row.from !== undefined || inputs.length === 1) && Array.isArray(body) && Array.isArray(output) && body.length === output.length && typeof keys[0] === 'number';
    // Without the one that it was made of, any of them.
    const seen = row.from === undefined ? inputs.slice(0, 20) : inputs.slice(0, 1);
    const sources = seen.map((input) => this.#at(input, isAligned ? keys.slice(0, 1) : []));
    return { sources, how: { by: 'opaque', ...(shape !== '' && { shape }), fields: fieldsOf(isAligned ? valueAt(body, keys.slice(0, 1)) : body), ...(isAligned && { isLikely: true }) } };
  }

  async #mapped(settings: unknown, input: PayloadRow, output: unknown, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how: LineageWay } | undefined> {
    const body = await this.#body(input);
    const failed: unknown[] = [];
    for (const row of this.#rows(input.step, 'failed', {})) if (row.body !== '') failed.push(await this.#body(row));
    const trace = body === undefined ? undefined : traceMap(settings, this.#world.maps, body, output, keys, failed);
    if (!trace) return undefined;
    const { sources, by, chain, rule, to, isLikely } = trace;
    return { sources: sources.map((source) => this.#at(input, source)), how: { by, shape: 'map', ...(rule !== undefined && { rule }), ...(to !== undefined && { to }), ...(chain.length > 0 && { chain }), ...(isLikely && { isLikely }) } };
  }

  /** The record passed through, alone or among others. Where it is in the first, the others are not looked through. */
  async #passed(inputs: readonly PayloadRow[], output: unknown, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how: LineageWay } | undefined> {
    let best: { readonly found: Found; readonly height: number } | undefined;
    for (const input of inputs) {
      const place = samePlace(await this.#body(input), output, keys);
      if (place && (!best || place.height > best.height)) best = { found: this.#at(input, place.keys), height: place.height };
      if (best && best.height >= Math.min(1, keys.length)) break;
    }
    return best && { sources: [best.found], how: { by: 'same', ...(best.height === 0 && keys.length > 0 && { isLikely: true }) } };
  }

  /** A list of records that passed through: some of those that came, or those of several payloads. */
  async #records(inputs: readonly PayloadRow[], output: unknown, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how: LineageWay } | undefined> {
    const list = valueAt(output, keys);
    if (!Array.isArray(list)) return undefined;
    const bodies: unknown[] = [];
    for (const input of inputs) bodies.push(await this.#body(input));
    const holders = holdersOf(list, bodies);
    return holders && { sources: holders.map(({ of, keys: place }) => this.#at(inputs[of]!, place)), how: { by: 'records' } };
  }

  /** Those that the step had, the one that it was made of first. */
  #inputs({ step, from }: PayloadRow): readonly PayloadRow[] {
    const own = from === undefined ? [] : this.#world.archive.payloads(this.#run.id, step, 'in', 1, 1, { payload: from }).items;
    return [...own, ...this.#rows(step, 'in', {}).filter(({ id }) => id !== from)];
  }

  async #answered(row: PayloadRow, output: unknown, keys: Keys): Promise<{ readonly sources: readonly Found[]; readonly how: LineageWay } | undefined> {
    let best: { readonly found: Found; readonly height: number } | undefined;
    for (const exchange of this.#exchanges(row)) {
      const place = samePlace(await this.#body({ body: exchange.responseBody!, mediaType: mediaTypeOf(exchange) }), output, keys);
      if (place && (!best || place.height > best.height)) best = { found: response(exchange, place.keys), height: place.height };
      if (best?.height === keys.length) break;
    }
    return best && { sources: [best.found], how: { by: 'read', ...(best.height === 0 && keys.length > 0 && { isLikely: true }) } };
  }

  /** No part of an answer is in it as it came: it was converted, or made by a script. */
  #answers(row: PayloadRow, named: { readonly shape?: string }): { readonly sources: readonly Found[]; readonly how: LineageWay } {
    const [last] = this.#exchanges(row);
    return { sources: last ? [response(last, [])] : [], how: { by: 'opaque', ...named } };
  }

  /** Answers that the step had before it gave the payload, the newest first. */
  #exchanges({ step, from, at }: PayloadRow): readonly ExchangeRow[] {
    const all: ExchangeRow[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const { items } = this.#world.archive.exchanges(this.#run.id, step, page, perPage);
      all.push(...items);
      if (items.length < perPage) break;
    }
    return all.filter((one) => one.responseBody !== undefined && one.responseBody !== '' && one.at <= at && (from === undefined || one.payload === undefined || one.payload === from)).toReversed();
  }

  #rows(step: string, side: PayloadRow['side'], only: { readonly payload?: string; readonly from?: string }): readonly PayloadRow[] {
    const rows: PayloadRow[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const { items } = this.#world.archive.payloads(this.#run.id, step, side, page, perPage, only);
      rows.push(...items);
      if (items.length < perPage) break;
    }
    return rows;
  }

  /** `undefined`: it is no JSON, too long, or was not kept. */
  async #body({ body: hash, mediaType = 'application/json' }: { readonly body?: string; readonly mediaType?: string }): Promise<unknown> {
    if (!hash) return undefined;
    if (this.#bodies.has(hash)) return this.#bodies.get(hash);
    const body = this.#world.archive.body(this.#run.id, hash);
    let value: unknown;
    if (body && isJson(mediaType)) {
      this.#read += body.size;
      if (this.#read > mostBytes) this.#isCut = true;
      else {
        const chunks: Uint8Array[] = [];
        for await (const chunk of body.open()) chunks.push(chunk);
        value = parsed(Buffer.concat(chunks).toString('utf8'));
      }
    }
    this.#bodies.set(hash, value);
    return value;
  }
}

function missing(body: unknown, keys: Keys): FlowError {
  const details = { pointer: pointerOf(keys) };
  if (body === undefined) return new FlowError('DATA_MISSING', 'The payload is no JSON, is too long, or its body was not recorded: its fields cannot be followed.', { details });
  const depth = keys.findIndex((_key, index) => valueAt(body, keys.slice(0, index + 1)) === undefined);
  const parent = valueAt(body, keys.slice(0, depth));
  const place = depth === 0 ? 'the payload' : pointerOf(keys.slice(0, depth));
  const remedy = Array.isArray(parent) ? `${place} is a list of ${parent.length}.` : isObject(parent) ? suggestion(String(keys[depth]), Object.keys(parent)) : undefined;
  return new FlowError('DATA_MISSING', `There is nothing at ${pointerOf(keys.slice(0, depth + 1))} in that payload.`, { details, remedy: remedy ?? `There is nothing below ${place}.` });
}

const mediaTypeOf = ({ responseHeaders = {} }: ExchangeRow): string => Object.entries(responseHeaders).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/json';

const response = ({ id, attempt, method, url, status, step, responseBody }: ExchangeRow, keys: Keys): Found => ({
  keys, place: { kind: 'response', ...(step !== undefined && { step }), body: responseBody!, exchange: { id, attempt, method, url, ...(status !== undefined && { status }) } },
});

function short(value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  return text.length <= mostLetters ? value : `${(typeof value === 'string' ? value : text).slice(0, mostLetters)}…`;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
