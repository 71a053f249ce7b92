import { FlowError } from '../../plugins/sdk/index.ts';
import { faultSchema, type Fault, type FaultKind } from '../model/fault.ts';
import { isObject } from '../model/json.ts';
import { suggestion } from '../model/suggest.ts';
import { checkSchema } from '../model/validate.ts';

export interface Faults {
  readonly all: readonly Fault[];
  set(faults: readonly Fault[]): void;
  /** The fault that strikes a request, if any; it is used up. `asked`: what the request itself wants to go wrong. */
  take(endpoint: string, page: number, asked: string | undefined): Fault | undefined;
}

const lasting: ReadonlySet<FaultKind> = new Set<FaultKind>(['repeated-token', 'schema-drift']);

export function createFaults(first: readonly Fault[]): Faults {
  let all = first;
  const struck = new Map<Fault, number>();
  return {
    get all() { return all; },
    set(faults) {
      all = faults;
      struck.clear();
    },
    take(endpoint, page, asked) {
      if (asked !== undefined) return parseFault(asked);
      const found = all.find((fault) => (fault.endpoint ?? endpoint) === endpoint && (fault.page ?? page) === page && (struck.get(fault) ?? 0) < (fault.times ?? (lasting.has(fault.kind) ? Infinity : 1)));
      if (found) struck.set(found, (struck.get(found) ?? 0) + 1);
      return found;
    },
  };
}

/** `rate-limit; retryAfter=2`. Fails with `DATA_INVALID`. */
export function parseFault(text: string): Fault {
  const [kind = '', ...parts] = text.split(';').map((part) => part.trim());
  const fields = parts.filter((part) => part !== '').map((part) => [part.split('=')[0]!.trim(), Number(part.split('=')[1])]);
  return readFault({ kind, ...Object.fromEntries(fields) });
}

/** A list of faults: `[{"kind": "rate-limit", "endpoint": "orders.list", "page": 2}]`, or one. Fails with `DATA_INVALID`. */
export const readFaults = (value: unknown): readonly Fault[] => (Array.isArray(value) ? value.map((fault, index) => readFault(fault, `/faults/${index}`)) : [readFault(value)]);

/** Fails with `DATA_INVALID` where a fault is of an endpoint that there is not: it would never strike. */
export function checkedFaults(faults: readonly Fault[], endpoints: readonly string[]): readonly Fault[] {
  const wrong = faults.find(({ endpoint }) => endpoint !== undefined && !endpoints.includes(endpoint))?.endpoint;
  if (wrong !== undefined) throw new FlowError('DATA_INVALID', `There is no endpoint ${JSON.stringify(wrong)}, of which a fault is.`, { remedy: suggestion(wrong, endpoints) ?? 'Leave out "endpoint".' });
  return faults;
}

function readFault(value: unknown, pointer = '/fault'): Fault {
  const [wrong] = checkSchema(faultSchema, value, pointer);
  if (wrong) throw new FlowError('DATA_INVALID', wrong.message, { remedy: wrong.fix ?? 'Write it like {"kind": "rate-limit", "endpoint": "orders.list", "page": 2, "retryAfter": 1}.' });
  return value as Fault;
}

/** Records as another version of the other system might give them: numbers as texts, the last field gone, another one new. What tells them apart stays. */
export function drifted(body: unknown): unknown {
  if (Array.isArray(body)) return body.map((item) => (isObject(item) ? driftedRecord(item) : item));
  return isObject(body) ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value === 'object' && value !== null ? drifted(value) : value])) : body;
}

function driftedRecord(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record);
  const isKept = (name: string): boolean => /^_?id$|_id$|^(key|uuid|code|sku|number)$/i.test(name);
  const isPlain = ([name, value]: readonly [string, unknown]): boolean => (typeof value !== 'object' || value === null) && !isKept(name);
  const gone = entries.findLast(isPlain)?.[0];
  const kept = entries.filter(([name]) => name !== gone).map(([name, value]) => [name, typeof value === 'number' && !isKept(name) ? String(value) : drifted(value)] as const);
  return { ...Object.fromEntries(kept), added_by_drift: true };
}
