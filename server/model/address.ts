import type { ConnectorManifest } from './connector.ts';

const address = /^https?:\/\/(?:[^\s/?#@]*@)?(?:\[[\d:a-f.]+\]|[^\s/?#:@[\]]+)(?::(\d+))?(?:[/?#]\S*)?$/i;

/** Whether a text is an absolute http or https address that a request can go to. */
export function isAddress(text: string): boolean {
  const found = address.exec(text);
  return found !== null && (found[1] === undefined || (Number(found[1]) > 0 && Number(found[1]) <= 65_535));
}

/** An address as it is compared: scheme and host in lower case, without the usual port and slashes at the end. What is no address stays. */
export const comparedAddress = (text: string): string => (isAddress(text) && !text.includes('{{') ? text.replace(/^(https?):\/\/([^/?#]+)/i, (whole) => whole.toLowerCase().replace(/^(http:.*):80$|^(https:.*):443$/, '$1$2')) : text).replace(/\/+$/, '');

/** The addresses of a connector beside its base address, and who is asked there: for a person to look at. */
export const addressNotes = ({ baseUrls = {}, endpoints }: ConnectorManifest): string[] => Object.entries(baseUrls).map(([name, address]) => {
  const names = Object.entries(endpoints).flatMap(([id, { baseUrl }]) => (baseUrl === name ? [id] : []));
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''} ${names.length === 1 ? 'is' : 'are'} asked at ${address}, the base URL ${JSON.stringify(name)}`;
});
