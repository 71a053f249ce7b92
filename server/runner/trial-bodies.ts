import { parseJson } from '../../plugins/sdk/index.ts';
import type { BodyKeeper } from '../engine/host.ts';
import { isJson } from '../engine/payload.ts';
import type { ExchangeHead } from '../model/run-event.ts';
import type { TrialExchange, TrialResponse } from '../model/trial.ts';
import { heardValues, type HeardValues } from '../stores/heard-values.ts';
import { maskedField, type Masker } from '../stores/redact.ts';

export interface TrialBodies extends BodyKeeper {
  readonly masker: Masker;
  readonly heard: HeardValues;
  /** With its bodies, masked. */
  exchange(head: ExchangeHead): Omit<TrialExchange, 'waitMs'>;
}

const mostCharacters = 1_000_000;

/** Keeps bodies as long as the trial lasts. */
export function trialBodies(masker: Masker): TrialBodies {
  const heard = heardValues(maskedField);
  const kept = new Map<string, { readonly mediaType: string; readonly size: number; readonly body: string | Uint8Array }>();
  const shown = (hash: string | undefined): { readonly body?: unknown; readonly size: number; readonly cut?: true } => {
    const found = hash === undefined ? undefined : kept.get(hash);
    if (!found) return { size: 0 };
    const { body, mediaType, size } = found;
    const text = typeof body === 'string' ? masker.text(body, mediaType, heard.add) : decoded(masker.bytes(body, mediaType, heard.add));
    if (text === undefined) return { size };
    if (text.length > mostCharacters) return { body: text.slice(0, mostCharacters).toWellFormed(), size, cut: true };
    return { body: isJson(mediaType) ? parsed(text) : text, size };
  };
  return {
    masker, heard,
    keep: () => ({ hash: '', size: -1 }),
    keepRaw(body, mediaType) {
      const hash = String(kept.size + 1);
      kept.set(hash, { mediaType, body, size: typeof body === 'string' ? Buffer.byteLength(body) : body.length });
      return { hash, size: body.length };
    },
    mask: (value) => masker.value(value),
    conceal: (secret, owner) => masker.secrets.add(secret, owner),
    hear: heard.addPassing,
    holdsSecret: (text) => masker.secrets.test(text),
    exchange({ method, url, requestHeaders, requestBody, status, responseHeaders = {}, responseBody, error, durationMs }) {
      const { body } = shown(requestBody);
      const response: TrialResponse | undefined = status === undefined ? undefined : { status, headers: responseHeaders, ...shown(responseBody) };
      return { request: { method, url, headers: requestHeaders, ...(body !== undefined && { body }) }, ...(response && { response }), ...(error && { error }), ms: durationMs };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
