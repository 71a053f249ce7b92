import { isObject } from '../../server/model/json.ts';
import { withValue } from '../../server/model/json-change.ts';
import { sayBrokenJson } from '../../server/model/syntax-errors.ts';
import type { ValueChange } from '../form/change.ts';
import type { Json } from './document.ts';

/** What a person has entered to try an endpoint out. */
export interface TryInput {
  readonly params: Json;
  /** Of an endpoint that is made of one, or sends: what it gets. */
  readonly payload?: string | undefined;
  readonly mediaType: string;
  readonly pages: number;
}

export const freshInput: TryInput = { params: {}, mediaType: 'application/json', pages: 5 };
export const mediaTypes = ['application/json', 'text/plain', 'application/xml', 'text/csv', 'application/x-ndjson'] as const;

export const withChanges = (params: Json, changes: readonly ValueChange[]): Json => changes.reduce<Json>((made, { path, value }) => withValue(made, path, value, () => [], () => true), params);

/** The payload as the runner takes it. Fails where it is said to be JSON, and is none. */
export function payloadOf({ payload = '', mediaType }: TryInput): { readonly body: unknown; readonly mediaType: string } | undefined {
  if (payload.trim() === '') return undefined;
  if (mediaType !== 'application/json') return { body: payload, mediaType };
  try {
    return { body: JSON.parse(payload) as unknown, mediaType };
  } catch (error) {
    throw new Error(`${sayBrokenJson(payload, 'The payload')} Or choose another media type.`, { cause: error });
  }
}

/** What an endpoint that sends could get: the body of its first example. */
export function payloadFromExample(endpoint: Json): string | undefined {
  const examples: readonly unknown[] = Array.isArray(endpoint['examples']) ? endpoint['examples'] : [];
  const bodies = examples.map((example) => (isObject(example) && isObject(example['request']) ? example['request']['body'] : undefined));
  const body = bodies.find((one) => one !== undefined);
  return body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
}
