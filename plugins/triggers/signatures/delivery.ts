import type { CheckStep } from '../../sdk/index.ts';
import { headerDelivery, type Delivery } from './read.ts';
import { schemes } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import type { SignedRequest } from './verify.ts';

export interface DeliverySettings {
  readonly signature?: SignatureSettings;
  readonly deliveryHeader?: string;
}

/** What two requests of a trigger are told apart by: its own header, else what the scheme of its signature says. `body`: the payload. */
export function deliveryOf({ signature, deliveryHeader }: DeliverySettings, request: SignedRequest, body: unknown): Delivery | undefined {
  const usual = signature && schemes[signature.scheme].delivery?.(request, body);
  if (deliveryHeader === undefined) return usual;
  const isUsual = usual?.header?.toLowerCase() === deliveryHeader.toLowerCase();
  return headerDelivery(request, deliveryHeader, isUsual ? usual!.isSigned : signature?.scheme === 'hmac' && signature.content.toLowerCase().includes(`{header:${deliveryHeader.toLowerCase()}}`));
}

/** What it says for people. It keeps no request out, so it is always passed. */
export const deliveryStep = (delivery: Delivery | undefined): CheckStep => ({ name: 'delivery', isPassed: true, detail: sentenceOf(delivery) });

function sentenceOf(delivery: Delivery | undefined): string {
  if (!delivery) return 'Nothing tells this delivery from others: one that is sent again starts another run. Where the sender names its deliveries in a header, say which in `deliveryHeader`.';
  const { where, isSigned, id } = delivery;
  if (id === undefined) return `Nothing tells this delivery from others, since ${where} is missing: one that is sent again starts another run.`;
  if (isSigned) return `It is told from others by ${where}, which is signed.`;
  return `It is told from others by ${where}, which is not signed: whoever has a request can send it again under another id, and a second run starts.`;
}
