import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { chooseAuth } from './auth-choice.ts';
import { readEndpoints, type Found } from './endpoints-of.ts';
import { createReport, resultOf, type ImportResult } from './import-result.ts';
import { readAuth } from './openapi-auth.ts';
import { tellFaults } from './openapi-faults.ts';
import { addressesBelow, readOwnServers, readServer } from './openapi-server.ts';
import type { SchemaSource } from './plain-schema.ts';
import { readText, type Json } from './read-text.ts';
import { createResolve } from './references.ts';
import { looksSecret } from '../model/secret-shapes.ts';
import { plainAddress } from './secret-values.ts';
import { upgradeSwagger } from './swagger2.ts';
import { sentenceOf } from './words.ts';

/** A connector out of OpenAPI 3.0 or 3.1 or Swagger 2, as JSON or YAML. Fails with `DATA_INVALID`, and the line where the text is wrong. */
export function importOpenApi(text: string): ImportResult {
  const given = readText(text, 'description');
  const version = String(given['openapi'] ?? given['swagger'] ?? '');
  if (!/^(2\.0|3\.[01](\.|$))/.test(version)) throw new FlowError('DATA_INVALID', version === '' ? 'The description has neither "openapi" nor "swagger" with a version.' : `The description is of the version ${JSON.stringify(version)}.`, { remedy: 'Give a description in OpenAPI 3.0 or 3.1, or Swagger 2.0.' });
  const report = createReport();
  const source: SchemaSource = { report, resolve: createResolve(given, report) };
  tellFaults(source, given);
  const root = version.startsWith('2') ? upgradeSwagger(source, given) : given;
  const operations = operationsOf(source, root);
  const read = readServer(source, root['servers']);
  const { methods: known, standard, needsOf, tokenUrls } = readAuth(source, root, addressesBelow(source, root['servers'], read));
  const { auth, ofEndpoints } = chooseAuth(known, standard, operations.map(({ operation }) => needsOf(operation)));
  const { baseUrl } = read;
  const { names, baseUrls, variables } = readOwnServers(source, operations, { servers: root['servers'], read });
  const tags: Record<string, readonly string[]> = {};
  const endpoints = readEndpoints(source, operations.map((found, index) => ({ ...found, baseUrl: names[index], auth: ofEndpoints[index] })), (name, { operation }) => {
    tags[name] = Array.isArray(operation['tags']) ? (operation['tags'] as unknown[]).filter((tag) => typeof tag === 'string') : [];
  });
  const allowedOrigins = [...new Set(tokenUrls.flatMap(originOf))].filter((origin) => !baseUrl.startsWith(origin));
  reportRest(source, root);
  const info = source.resolve(root['info']);
  const title = typeof info['title'] === 'string' && info['title'].trim() !== '' ? info['title'].trim() : 'Imported API';
  const summary = sentenceOf(info['summary'] ?? info['description']);
  const manifest: ConnectorManifest = {
    version: 1, title, ...(summary !== undefined && { summary }), ...linksOf(source, root, info),
    source: `${given['swagger'] ? 'Swagger' : 'OpenAPI'} ${version}: ${title}${info['version'] === undefined ? '' : ` ${String(info['version'])}`}`, baseUrl,
    ...(Object.keys(baseUrls).length > 0 && { baseUrls }), ...(Object.keys(variables).length > 0 && { variables }), ...(Object.keys(auth).length > 0 && { auth }), ...(allowedOrigins.length > 0 && { allowedOrigins }), endpoints,
  };
  return { ...resultOf(report, manifest, operations.length), tags };
}

/** Variables may stand in it; none where they are all of it, as it is that of the instance then. */
function originOf(url: string): string[] {
  if (URL.canParse(url)) return [new URL(url).origin];
  const [origin] = /^https?:\/\/(?:\{\{.*?\}\}|[^/?#])+/.exec(url) ?? [];
  return origin === undefined ? [] : [origin];
}

/** What looks like a secret in a path becomes a parameter. */
function withoutSecretParts(report: SchemaSource['report'], path: string): string {
  return path.split('/').map((part, index) => {
    if (/[{}]/.test(part) || !looksSecret(part, 'id')) return part;
    report.hide(part);
    report.skip('A part of a path', 'It looks like a secret: a step of a flow gives it, out of a variable.');
    return `{secret_${index}}`;
  }).join('/');
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

function operationsOf({ resolve, report }: SchemaSource, root: Json): Found[] {
  const paths = isObject(root['paths']) ? Object.entries(root['paths']) : [];
  return paths.flatMap(([path, given]) => {
    const item = resolve(given);
    return methods.flatMap((method) => (isObject(item[method]) ? [{ method: method.toUpperCase(), path: withoutSecretParts(report, path), item, operation: resolve(item[method]) }] : []));
  });
}

function linksOf({ resolve, report }: SchemaSource, root: Json, info: Json): { readonly links?: Readonly<Record<string, string>> } {
  const links = Object.fromEntries([['documentation', resolve(root['externalDocs'])['url']], ['terms', info['termsOfService']]].filter(([, url]) => typeof url === 'string' && URL.canParse(url)).map(([name, url]) => [name, plainAddress(report, url as string)])) as Record<string, string>;
  return Object.keys(links).length > 0 ? { links } : {};
}

function reportRest({ report }: SchemaSource, root: Json): void {
  if (isObject(root['webhooks']) && Object.keys(root['webhooks']).length > 0) report.skip(`${Object.keys(root['webhooks']).length} webhooks`, 'Calls that come in are triggers of flows: use a webhook.');
}
