import { freeParam } from './words.ts';

/** The addresses of a connector beside its base address, under names that endpoints say. */
export interface BaseUrls {
  /** The name that an address has got; undefined for the base address itself. `template`: gives what is written for it. `wanted`: its name where that is free; default what tells it from the base address. */
  nameOf(address: string, template: (name: string) => string, wanted?: string): string | undefined;
  /** Those that were named here. */
  readonly baseUrls: Readonly<Record<string, string>>;
}

/** `base`: as addresses are given to `nameOf`. `known`: addresses that have names already. */
export function createBaseUrls(base: string, known: Readonly<Record<string, string>> = {}): BaseUrls {
  const names = new Map(Object.entries(known).map(([name, address]) => [address, name]));
  const baseUrls: Record<string, string> = {};
  return {
    baseUrls,
    nameOf(address, template, wanted = wordFor(address, base)) {
      if (address === base) return undefined;
      const given = names.get(address);
      if (given !== undefined) return given;
      const name = freeParam(wanted, (taken) => Object.hasOwn(baseUrls, taken) || Object.hasOwn(known, taken));
      names.set(address, name);
      baseUrls[name] = template(name);
      return name;
    },
  };
}

/** What the host, or where that is the same the path, has that the base address has not: `uploads` of `uploads.acme.com` beside `api.acme.com`. */
function wordFor(address: string, base: string): string {
  const [host, path] = partsOf(address);
  const [usualHost] = partsOf(base);
  if (host === usualHost) return path.split('/').findLast((part) => part !== '') ?? 'root';
  const labels = host.split('.').filter((label) => !/^(www|api|)$/.test(label));
  const own = labels.length > 1 ? labels.slice(0, -1) : labels;
  return own.find((label) => !usualHost.split('.').includes(label)) ?? own.join('-');
}

function partsOf(address: string): readonly [host: string, path: string] {
  const [, host = '', path = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/)?([^/]*)(.*)$/i.exec(address.replaceAll(/[{}]/g, '')) ?? [];
  return [host.toLowerCase(), path];
}
