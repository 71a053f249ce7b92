import { isAddress } from '../model/address.ts';
import type { Report } from './import-result.ts';
import { plainAddress } from './secret-values.ts';
import { literal } from './words.ts';

/** Gives an address of a description as a template; undefined where no request can go there. */
export type AddressOf = (address: unknown) => string | undefined;

/**
 * Addresses may be relative to that of the API. What an instance says of that address, it says of them, too: a secret goes to no other host.
 * `isHost`: whether an address that begins with a variable has no path in it. `variableOf`: the variable of the instance for what an absolute address leaves open, as
 * that of the API may, in braces.
 */
export function relativeTo(report: Report, baseUrl: string, isHost: boolean, variableOf: (name: string) => string | undefined): AddressOf {
  const [, host = '', path = ''] = /^((?:https?:\/\/)?(?:\{\{.*?\}\}|[^/])+)(.*)$/s.exec(baseUrl) ?? [];
  const hostOf = host.startsWith('{{') && !isHost ? host.replace(/ \}\}$/, ' | replace(find: "^(https?://[^/]+).*$", with: "$1", regex: true) }}') : host;
  const expressions = path.match(/\{\{.*?\}\}/gs) ?? [];
  let index = 0;
  const below = `https://host${path.replaceAll(/\{\{.*?\}\}/gs, () => `__${index++}__`)}/`;
  const withVariables = (address: string): string | undefined => {
    const missing = [...address.matchAll(openPart)].find(([, name]) => variableOf(name!) === undefined);
    if (missing) report.skip(`The address ${address}`, `The servers of the description have no variable ${JSON.stringify(missing[1])}: add an auth method with the address itself.`);
    return missing ? undefined : address.split(openPart).map((part, at) => (at % 2 === 0 ? literal(part) : `{{ instance.${variableOf(part)!} }}`)).join('');
  };
  return (given) => {
    if (typeof given !== 'string' || given === '') return undefined;
    const address = given.startsWith('//') ? `${/^https?:/i.exec(baseUrl)?.[0] ?? 'https:'}${given}` : given;
    if (isAddress(address)) return withVariables(plainAddress(report, address));
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(address) || !URL.canParse(address, below)) return undefined;
    const rest = literal(plainAddress(report, new URL(address, below).href).slice('https://host'.length));
    return `${address.startsWith('/') ? hostOf : host}${rest.replaceAll(/__(\d+)__/g, (whole, at: string) => expressions[Number(at)] ?? whole)}`;
  };
}

/** `{region}`, and not the braces of an expression. */
const openPart = /(?<!\{)\{([^{}]+)\}(?!\})/g;
