import { isAddress } from '../model/address.ts';
import { isObject } from '../model/json.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import type { Report } from './import-result.ts';
import { isSecretName } from './secret-names.ts';
import { secretIn } from './secret-segments.ts';
import { looksSecret } from './secret-shapes.ts';
import { plainAddress } from './secret-values.ts';
import { freeName, literal, sentenceOf } from './words.ts';

export interface ReadServer {
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, object>>;
}

/** The address of the API: the one that the description names, with its variables, else a variable of the instance. */
export function readServer(source: SchemaSource, given: unknown): ReadServer {
  const { resolve, report } = source;
  const servers = (Array.isArray(given) ? (given as unknown[]) : []).map(resolve).filter((server) => typeof server['url'] === 'string').map((server) => ({ ...server, url: withoutSecretParts(report, server['url'] as string) }) as Json);
  const [first, ...others] = servers;
  const url = typeof first?.['url'] === 'string' ? first['url'].replace(/\/+$/, '') : '';
  if (!first || !/^https?:\/\//i.test(url)) {
    report.skip('The address', 'The description names no absolute address: an instance gives it.');
    return { baseUrl: `{{ instance.url }}${literal(url)}`, variables: { url: { type: 'string', title: 'Address', description: 'Address of the API, without a slash at its end.' } } };
  }
  if (/[?#]/.test(url)) report.skip(`The query of the address ${url}`, 'A query in the base address would stand before the paths.');
  const read = withVariables(url.split(/[?#]/, 1)[0]!, isObject(first['variables']) ? first['variables'] : {}, source);
  if (others.length === 0) return isUsable(read.baseUrl) ? read : { baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: `Address of the API, such as ${url}.` } } };
  if (Object.keys(read.variables).length > 0) {
    report.skip(`The address ${String(others[0]!['url'])}`, 'The first address has variables, so it alone is the base address.');
    return read;
  }
  const description = `Address of the API: ${servers.slice(0, 10).map((server) => `${String(server['url'])}${sentenceOf(server['description']) ? ` (${sentenceOf(server['description'])})` : ''}`).join(', ')}.`;
  return { baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description, default: url } } };
}

/** What looks like a secret in an address becomes a variable of it. */
function withoutSecretParts(report: Report, url: string): string {
  return plainAddress(report, url).split('/').map((part, index, parts) => {
    const secret = index < 3 || /[{}]/.test(part) ? undefined : secretIn(part, parts[index - 1]!);
    if (!secret) return part;
    report.hide(secret.value);
    report.skip('A part of the address', 'It looks like a secret: the instance gives it.');
    return `${secret.before}{${secret.name || 'secret'}}`;
  }).join('/');
}

const isUsable = (baseUrl: string): boolean => baseUrl.includes('{{') || isAddress(baseUrl);

function withVariables(url: string, given: Json, { resolve, report }: SchemaSource): ReadServer {
  const variables: Record<string, object> = {};
  const names = new Map<string, string>();
  const baseUrl = url.split(/(\{[^{}]+\})/).map((part) => {
    if (!/^\{.+\}$/.test(part)) return literal(part);
    const wire = part.slice(1, -1);
    const name = names.get(wire) ?? freeName(wire, new Set(Object.keys(variables)));
    names.set(wire, name);
    const { default: standard, enum: choices, description } = resolve(given[wire]) as { readonly default?: unknown; readonly enum?: unknown; readonly description?: unknown };
    const isSecret = typeof standard === 'string' && (isSecretName(wire) || looksSecret(standard, wire));
    if (isSecret) report.hide(standard);
    variables[name] = {
      type: 'string', title: wire, description: sentenceOf(description) ?? `Part of the address ${url}.`,
      ...(Array.isArray(choices) && choices.length > 0 && { enum: [...new Set(choices.map(String))] }), ...(typeof standard === 'string' && standard !== '' && !isSecret && { default: standard }),
    };
    return `{{ instance.${name} }}`;
  }).join('');
  return { baseUrl, variables };
}
