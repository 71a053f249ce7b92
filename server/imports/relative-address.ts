import { isAddress } from '../model/address.ts';
import type { Report } from './import-result.ts';
import { plainAddress } from './secret-values.ts';
import { literal } from './words.ts';

/** Gives an address of a description as a template; undefined where no request can go there. */
export type AddressOf = (address: unknown) => string | undefined;

/**
 * Addresses may be relative to that of the API. What an instance says of that address, it says of them, too: a secret goes to no other host.
 * `isHost`: whether an address that begins with a variable has no path in it.
 */
export function relativeTo(report: Report, baseUrl: string, isHost: boolean): AddressOf {
  const [, host = '', path = ''] = /^((?:https?:\/\/)?(?:\{\{.*?\}\}|[^/])+)(.*)$/s.exec(baseUrl) ?? [];
  const hostOf = host.startsWith('{{') && !isHost ? host.replace(/ \}\}$/, ' | replace(find: "^(https?://[^/]+).*$", with: "$1", regex: true) }}') : host;
  const expressions = path.match(/\{\{.*?\}\}/gs) ?? [];
  let index = 0;
  const below = `https://host${path.replaceAll(/\{\{.*?\}\}/gs, () => `__${index++}__`)}/`;
  return (given) => {
    if (typeof given !== 'string' || given === '') return undefined;
    const address = given.startsWith('//') ? `${/^https?:/i.exec(baseUrl)?.[0] ?? 'https:'}${given}` : given;
    if (isAddress(address)) return literal(plainAddress(report, address));
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(address) || !URL.canParse(address, below)) return undefined;
    const rest = literal(plainAddress(report, new URL(address, below).href).slice('https://host'.length));
    return `${address.startsWith('/') ? hostOf : host}${rest.replaceAll(/__(\d+)__/g, (whole, at: string) => expressions[Number(at)] ?? whole)}`;
  };
}
