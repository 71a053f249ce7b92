import type { HttpRequest, HttpResponse, PayloadContext, Script } from '../../plugins/sdk/index.ts';
import { isObject, isSame } from '../model/json.ts';
import { callScript, type ScriptCall } from './call-script.ts';
import { asJson, changedAnswer, objectOf, placeOf } from './request-scripts.ts';
import type { Verdict } from './verdict.ts';

/** The script of a connector step that sees its answers. */
export interface ResponseScript {
  readonly script: Script;
  readonly file: string;
  readonly step: string;
}

/** What a response script may give back; what it was only told counts for nothing. */
const changing = ['payload', 'status', 'headers', 'action', 'as', 'message', 'waitMs', 'variables'];
const told = ['flow', 'meta', 'response', 'request'];

/**
 * What the script of a step makes of an answer, and what it says that the answer means. The same contract as that of a payload script, so that a hosted one gets
 * its payload as text: `payload` is the body. Fails with `DATA_INVALID` where it gives something else, and with what the script fails with.
 */
export async function runResponse({ script, file, step }: ResponseScript, response: HttpResponse, { method, url }: HttpRequest, call: ScriptCall & Pick<PayloadContext, 'variables' | 'meta'>): Promise<{ readonly response: HttpResponse; readonly verdict?: Verdict }> {
  const { status, headers, body } = response;
  const payload = asJson(body);
  const variables = { ...call.variables.all() };
  const said = await callScript(script, file, { payload, meta: call.meta ?? {}, response: { status, headers }, request: { method, url }, variables, flow: { step } }, call);
  if (said === undefined || said === null) return { response };
  const at = placeOf({ script, file });
  const given = objectOf(typeof said === 'string' || typeof said === 'number' ? { action: said } : said, at, [...changing, ...told]);
  if (isObject(given['variables'])) for (const [name, value] of Object.entries(given['variables'])) if (!Object.hasOwn(variables, name) || !isSame(variables[name], value)) call.variables.set(name, value);
  // Bytes come to the script as null: what it hands back of them is nothing that it has made.
  const isNew = Object.hasOwn(given, 'payload') && !isSame(given['payload'], payload);
  return changedAnswer(response, { ...given, ...(isNew && { body: given['payload'] }) }, at);
}
