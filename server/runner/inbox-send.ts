import { isDeepStrictEqual } from 'node:util';
import { FlowError, type HttpResponse, type IncomingRequest, type RequestData } from '../../plugins/sdk/index.ts';
import type { Registry } from '../engine/host.ts';
import type { InboxDraft, InboxRow, InboxSent } from '../model/inbox.ts';
import { textOf, type Capture } from './inbox-capture.ts';
import { pathOf } from './inbox-draft.ts';
import type { InboxOptions, Place } from './inbox.ts';
import type { WantedTrigger } from './triggers.ts';

type Origin = NonNullable<InboxRow['origin']>;

/** `otherwise`: the id of the delivery where none is asked for and one can be given. */
type Draft = Pick<InboxDraft, 'sign' | 'delivery'> & { readonly otherwise?: string };

interface SenderOptions extends Pick<InboxOptions, 'wanted' | 'registry' | 'secret' | 'clock' | 'masker'> {
  /** The request with the address under which senders know it. */
  readonly known: (request: RequestData) => RequestData;
  readonly take: (place: Place, request: IncomingRequest, origin: Origin, note: (capture: Capture) => void) => Promise<true | undefined>;
  readonly flush: () => Promise<void>;
}

/** Sends a request to a webhook of this runner, as if it came from outside, and gives the answer. Fails with `CONFIG_NOT_FOUND`, `SECRET_MISSING`. */
export function createInboxSender({ wanted: find, registry, secret, clock, masker, known, take, flush }: SenderOptions) {
  const prepare = async (wanted: WantedTrigger | undefined, data: RequestData, { sign, delivery, otherwise }: Draft, now: number): Promise<{ readonly request: RequestData; readonly isSigned: boolean }> => {
    const { plugin, settings } = wanted ? await pluginOf(wanted, registry) : { plugin: undefined, settings: undefined };
    const id = delivery ?? otherwise;
    if (sign && plugin?.sign) {
      const signed = (named?: string): Promise<RequestData> => plugin.sign!(settings as never, known(data), { now, secret, ...(named !== undefined && { delivery: named }) });
      const request = await signed(id);
      if (delivery !== undefined && isDeepStrictEqual(request, await signed())) throw new FlowError('API_INVALID', 'The id of the delivery cannot be another one here: no header holds it.', { remedy: 'Where the sender names it in the body, send another body (`--body FILE`). Where nothing names it, name no delivery, or say in `deliveryHeader` of the trigger which header does.' });
      return { request, isSigned: signatureOf(settings) !== undefined };
    }
    const request = id !== undefined && plugin?.redeliver ? plugin.redeliver(settings as never, data, id) : data;
    if (delivery !== undefined && request === data) throw new FlowError('API_INVALID', 'The id of the delivery cannot be another one here: it is signed with the request, or no header holds it.', { remedy: 'Sign the request anew (`--sign`, in the API `"sign": true`), or name no delivery.' });
    return { request, isSigned: false };
  };

  return async (place: Place, data: RequestData, draft: Draft, origin: Origin): Promise<InboxSent['items'][number]> => {
    const now = clock.now();
    const { request, isSigned } = await prepare(await find(place), data, draft, now);
    const answered = Promise.withResolvers<HttpResponse>();
    let capture: Capture | undefined;
    const taken = await take(place, { ...request, receivedAt: now, respond: answered.resolve }, { ...origin, ...(isSigned && { isSigned }) }, (one) => { capture = one; });
    if (taken === undefined) throw new FlowError('CONFIG_NOT_FOUND', `There is no webhook that is on at ${pathOf(place)}, and no rule that captures.`, { remedy: 'Turn the flow on, or let the inbox capture for this address.' });
    const answer = await answered.promise;
    await flush();
    return { status: answer.status, body: masker(place.flow).text(textOf(answer), answer.headers['content-type'] ?? 'application/json').slice(0, 4_000), ...(capture?.row && { request: capture.row.id }), ...(capture?.row?.duplicateOf !== undefined && { duplicateOf: capture.row.duplicateOf }), ...(capture?.run !== undefined && { run: capture.run }) };
  };
}

export async function pluginOf({ trigger, registry: own }: WantedTrigger, usual: Registry) {
  const registry = own ?? usual;
  const plugin = await registry.find('trigger', trigger.trigger);
  return { plugin, settings: plugin && registry.complete(plugin, trigger.settings) };
}

/** What a trigger that takes requests says of their signature. */
export const signatureOf = (settings: unknown): { readonly publicUrl?: string } | undefined => (settings as { readonly signature?: { readonly publicUrl?: string } } | undefined)?.signature;
