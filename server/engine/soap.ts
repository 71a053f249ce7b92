import type { RecordConverter } from '../../plugins/sdk/index.ts';
import type { SoapBody } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Judge, Verdict } from './verdict.ts';

/** A SOAP envelope around XML. */
export function envelopeOf({ version = '1.1' }: SoapBody, { body, header }: { readonly body: string; readonly header: string }): string {
  const namespace = version === '1.2' ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/soap/envelope/';
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${namespace}">${header === '' ? '' : `<soap:Header>${header}</soap:Header>`}<soap:Body>${body}</soap:Body></soap:Envelope>`;
}

/** A fault says more than the status beside it: whose it is, and why. `reader`: of XML, without prefixes. */
export const soapJudge = (reader: RecordConverter): Judge => async ({ response }) => {
  const body = response?.body;
  const text = body instanceof Uint8Array ? new TextDecoder('latin1').decode(body) : body;
  if (typeof text !== 'string' || !/<(?:[\w.-]+:)?Fault[\s>]/.test(text)) return undefined;
  const fault = await faultOf(reader, body as string | Uint8Array);
  return fault && verdictOf(fault);
};

interface Fault {
  readonly code: string;
  readonly text: string;
}

async function faultOf(reader: RecordConverter, body: string | Uint8Array): Promise<Fault | undefined> {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield typeof body === 'string' ? new TextEncoder().encode(body) : body;
  };
  let document: unknown;
  try {
    for await (const record of reader.decode(bytes(), { isUtf8: typeof body === 'string' })) document = record;
  } catch {
    // What cannot be read is judged by its status.
    return undefined;
  }
  const fault = at(document, 'Envelope', 'Body', 'Fault');
  if (!isObject(fault)) return undefined;
  const codes = isObject(fault['Code']) ? [at(fault, 'Code', 'Value'), at(fault, 'Code', 'Subcode', 'Value')] : [fault['faultcode']];
  const reason = at(fault, 'Reason', 'Text') ?? fault['faultstring'];
  return { code: codes.map(textOf).filter(Boolean).join(' / '), text: textOf(Array.isArray(reason) ? (reason as unknown[])[0] : reason) };
}

/** Whoever sent it is at fault, or whoever got it; only the latter is worth another attempt. */
function verdictOf({ code, text }: Fault): Verdict {
  const message = [code, text].filter(Boolean).join(': ');
  const name = code.split(' / ', 1)[0]!.replace(/^.*:/, '').replace(/\..*$/, '');
  if (name === 'Server' || name === 'Receiver') return { action: 'retry', as: 'remote', message };
  return { action: 'fail', as: name === 'VersionMismatch' || name === 'MustUnderstand' || name === 'DataEncodingUnknown' ? 'config' : 'data', message };
}

const at = (document: unknown, ...names: readonly string[]): unknown => names.reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), document);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : isObject(value) && typeof value['#text'] === 'string' ? value['#text'] : '');
