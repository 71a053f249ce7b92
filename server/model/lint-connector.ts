import { isAddress } from './address.ts';
import { connectorSchema } from './connector-schema.ts';
import { connectionRoots, pagingRoots, requestRoots } from './expression-roots.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import { instanceNames, lintSchema, paramNames } from './lint-connector-names.ts';
import type { Names } from './lint-expression.ts';
import { lintAuth } from './lint-auth.ts';
import { envNames } from './lint-flow.ts';
import { lintPaging, lintPlaces, lintReads } from './lint-paging.ts';
import { lintReading, readingNames } from './lint-reading.ts';
import { lintProtocol } from './lint-protocol.ts';
import { lintLiterals } from './lint-secrets.ts';
import { lintAnswers, lintSending } from './lint-sending.ts';
import { checkAnnotations, checkSettings } from './lint-settings.ts';
import { checkName, findOrReport, report, reportUnknown, type LintContext } from './lint-world.ts';
import { paramStyles, schemaOf } from './param-schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** Checks a connector manifest as far as it is one. */
export function lintConnector(context: LintContext, manifest: Json): void {
  if ('protocol' in manifest) lintProtocol(context, manifest);
  else lintHttp(context, manifest);
  lintLiterals(context, manifest);
}

function lintHttp(context: LintContext, manifest: Json): void {
  const variables = objectsOf(manifest['variables']);
  const usedVariables = new Set<string | undefined>();
  const used = (root: string, name: string | undefined): void => void (root === 'instance' && usedVariables.add(name));
  const known = { instance: instanceNames(variables), env: envNames(context) };
  const names: Names = { roots: connectionRoots, known, used };
  for (const [name, schema] of variables) lintSchema(context, schemaOf(schema), ['variables', name]);
  lintBaseUrl(context, names, manifest['baseUrl'], ['baseUrl']);
  lintBaseUrls(context, names, manifest);
  checkAnnotations(context, connectorSchema.properties.allowedOrigins, manifest['allowedOrigins'], { pointer: '/allowedOrigins', names });
  for (const [name, use] of objectsOf(manifest['auth'])) lintUse(context, names, 'auth', 'auth method', use, ['auth', name]);
  lintAuth(context, manifest);
  if (isObject(manifest['defaults'])) lintDefaults(context, { ...names, roots: requestRoots }, manifest['defaults'], ['defaults']);
  const endpoints = objectsOf(manifest['endpoints']);
  for (const id of endpoints.keys()) lintEndpoint(context, { known, used, roots: requestRoots }, id, endpoints);
  lintCheck(context, manifest);
  if (usedVariables.has(undefined)) return;
  for (const name of variables.keys()) {
    if (!usedVariables.has(name)) report(context, 'CONFIG_INVALID', pointerOf(['variables', name]), `The variable ${JSON.stringify(name)} is not used.`, { severity: 'warning', key: true, fix: `Use {{ instance.${name} }}, or remove the variable.` });
  }
}

function lintCheck(context: LintContext, { check, endpoints }: Json): void {
  const names = [...objectsOf(endpoints).keys()];
  if (typeof check === 'string') checkName(context, { kind: 'endpoint', name: check, pointer: '/check', known: names }, 'CONFIG_UNKNOWN_ENDPOINT', `The connector has no endpoint ${JSON.stringify(check)}.`);
}

function lintEndpoint(context: LintContext, names: Names, id: string, endpoints: ReadonlyMap<string, Json>): void {
  const endpoint = endpoints.get(id)!;
  const keys = ['endpoints', id];
  const params = objectsOf(endpoint['params']);
  const usedParams = new Set<string | undefined>();
  const used = (root: string, name: string | undefined): void => {
    names.used?.(root, name);
    if (root === 'params') usedParams.add(name);
  };
  const own: Names = { ...names, used, known: { ...names.known, params: paramNames(id, params), ...readingNames(id, endpoint) } };
  for (const [name, param] of params) {
    lintSchema(context, schemaOf(param), [...keys, 'params', name]);
    if (param['in'] !== undefined) usedParams.add(name);
    lintStyle(context, param, [...keys, 'params', name]);
    lintPlace(context, endpoint, id, name);
  }
  lintPath(context, endpoint['path'], [...keys, 'path']);
  for (const key of ['path', 'query', 'body', 'records', 'itemErrors'] as const) checkAnnotations(context, endpointSchema.properties[key], endpoint[key], { pointer: pointerOf([...keys, key]), names: own });
  lintDefaults(context, own, endpoint, keys);
  const shared = isObject(context.root) && isObject(context.root['defaults']) ? context.root['defaults']['pagination'] : undefined;
  if (isObject(endpoint['pagination'])) lintReads(context, endpoint['pagination'], endpoint, [...keys, 'pagination']);
  if (isObject(endpoint['pagination'])) lintPlaces(context, endpoint['pagination'], endpoint, id, [...keys, 'pagination']);
  else if (isObject(shared) && endpoint['direction'] === 'receive') lintPlaces(context, shared, endpoint, id, keys);
  lintReading(context, own, id, endpoints);
  lintSending(context, own, id, endpoints);
  if (isObject(endpoint['record'])) lintSchema(context, endpoint['record'], [...keys, 'record']);
  if (!usedParams.has(undefined)) {
    for (const name of params.keys()) {
      if (!usedParams.has(name)) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'params', name]), `The parameter ${JSON.stringify(name)} of ${JSON.stringify(id)} is not used.`, { severity: 'warning', key: true, fix: `Use {{ params.${name} }}, say with "in" where it is sent, or remove it.` });
    }
  }
  if (endpoint['body'] !== undefined && (endpoint['method'] === 'GET' || endpoint['method'] === 'HEAD')) {
    report(context, 'CONFIG_INVALID', pointerOf([...keys, 'body']), `A ${endpoint['method']} request should have no body: many servers ignore or refuse it.`, { severity: 'warning', key: true, fix: 'Use another method, or send it in the query.' });
  }
  if (!Array.isArray(endpoint['examples']) || endpoint['examples'].length === 0) {
    report(context, 'CONFIG_INVALID', pointerOf(keys), `The endpoint ${JSON.stringify(id)} has no example.`, { severity: 'info', key: true, fix: 'Add "examples": they document, mock and test the endpoint.' });
  }
}

/** Where a param is sent must be a part of the request: else it is sent nowhere. */
function lintPlace(context: LintContext, { params, path, method }: Json, id: string, name: string): void {
  const { in: place } = (params as Readonly<Record<string, Json>>)[name]!;
  const words = JSON.stringify(name);
  const [why, fix] = place === 'path' && typeof path === 'string' && !path.includes(`params.${name}`) && !path.includes('params[') ? [`the path of ${JSON.stringify(id)} does not name it`, `Write {{ params.${name} }} in "path", or say "in": "query".`]
    : place === 'body' && (method === 'GET' || method === 'HEAD') ? [`the ${method} request of ${JSON.stringify(id)} has none`, 'Say "in": "query", or use another method.'] : [];
  if (why !== undefined && fix !== undefined) report(context, 'CONFIG_INVALID', pointerOf(['endpoints', id, 'params', name, 'in']), `The parameter ${words} is sent in the ${String(place)}, and ${why}.`, { fix });
}

/** Addresses and places as other descriptions write them, which would be sent as they stand. */
function lintPath(context: LintContext, path: unknown, keys: readonly string[]): void {
  if (typeof path !== 'string') return;
  if (/^https?:\/\//i.test(path)) report(context, 'CONFIG_INVALID', pointerOf(keys), `The path ${JSON.stringify(path)} is an address of its own; it would be sent below the base URL.`, { fix: 'Name the address in "baseUrls" of the connector, and that name as "baseUrl" of the endpoint.' });
  const [, braces, colon] = /(?<!\{)\{([\w.-]+)\}(?!\})|\/:([A-Za-z_]\w*)(?=\/|$)/.exec(path) ?? [];
  const name = braces ?? colon;
  if (name !== undefined) report(context, 'CONFIG_INVALID', pointerOf(keys), `${JSON.stringify(braces === undefined ? `:${name}` : `{${name}}`)} in the path is sent as it stands.`, { fix: `Write {{ params.${name} }}, and declare it in "params".` });
}

/** The style must be one of the place where the param is sent. */
function lintStyle(context: LintContext, param: Json, keys: readonly string[]): void {
  const { in: place, style } = param;
  const styles: readonly string[] = typeof place === 'string' && Object.hasOwn(paramStyles, place) ? paramStyles[place as keyof typeof paramStyles] : [];
  if (typeof style !== 'string' || styles.includes(style)) return;
  const fix = styles.length > 0 ? `Use ${styles.join(', ')}, or none.` : 'Say with "in" that it is sent in the query, a header or the path, or remove the style.';
  report(context, 'CONFIG_INVALID', pointerOf([...keys, 'style']), `The style ${JSON.stringify(style)} does not belong to ${typeof place === 'string' ? `a parameter in the ${place}` : 'a parameter without a place'}.`, { fix });
}

const endpointSchema = connectorSchema.properties.endpoints.additionalProperties;

/** Headers and pagination, of the defaults or of an endpoint. */
function lintDefaults(context: LintContext, names: Names, owner: Json, keys: readonly string[]): void {
  const { headers, pagination } = owner;
  checkAnnotations(context, endpointSchema.properties.headers, headers, { pointer: pointerOf([...keys, 'headers']), names });
  lintAnswers(context, names, owner, keys);
  if (!isObject(pagination)) return;
  const own = { ...names, roots: pagingRoots };
  lintUse(context, own, 'pagination', 'pagination', pagination, [...keys, 'pagination']);
  lintPaging(context, pagination, [...keys, 'pagination']);
  const { stopWhen, olderThan } = endpointSchema.properties.pagination.properties;
  for (const [key, schema] of Object.entries({ stopWhen, olderThan })) checkAnnotations(context, schema, pagination[key], { pointer: pointerOf([...keys, 'pagination', key]), names: own });
}

function lintUse(context: LintContext, names: Names, kind: string, words: string, use: Json, keys: readonly string[]): void {
  const entry = findOrReport(context, kind, words, use['type'], pointerOf([...keys, 'type']));
  const { settings } = use;
  if (entry && (settings === undefined || isObject(settings))) checkSettings(context, entry, settings, { pointer: pointerOf([...keys, 'settings']), names, ...(settings === undefined && { owner: pointerOf(keys) }) });
}

/** Further addresses, and the endpoints that name them. */
function lintBaseUrls(context: LintContext, names: Names, { baseUrls, endpoints }: Json): void {
  const known = Object.keys(isObject(baseUrls) ? baseUrls : {});
  for (const name of known) lintBaseUrl(context, names, (baseUrls as Json)[name], ['baseUrls', name]);
  const used = new Set<unknown>();
  for (const [id, { baseUrl }] of objectsOf(endpoints)) {
    used.add(baseUrl);
    if (typeof baseUrl === 'string' && baseUrl !== '' && !known.includes(baseUrl)) reportUnknown(context, 'CONFIG_INVALID', pointerOf(['endpoints', id, 'baseUrl']), `The connector has no base URL ${JSON.stringify(baseUrl)}: an endpoint names one of "baseUrls".`, baseUrl, known);
  }
  for (const name of known.filter((one) => !used.has(one))) report(context, 'CONFIG_INVALID', pointerOf(['baseUrls', name]), `The base URL ${JSON.stringify(name)} is not used.`, { severity: 'warning', key: true, fix: `Name it with "baseUrl" in an endpoint, or remove it.` });
}

function lintBaseUrl(context: LintContext, names: Names, baseUrl: unknown, keys: readonly string[]): void {
  if (typeof baseUrl !== 'string') return;
  const pointer = pointerOf(keys);
  checkAnnotations(context, connectorSchema.properties.baseUrl, baseUrl, { pointer, names });
  if (/^https?:\/\/[^/?#]*:[^/?#]*@/.test(baseUrl) && !/:\{\{[^}]*\}\}@/.test(baseUrl)) {
    report(context, 'CONFIG_SECRET_LITERAL', pointer, 'The base URL has a password in it.', { fix: 'Remove user and password, and use the auth method `basic`.' });
  } else if (baseUrl.includes('{{') ? !/^(?:https?:\/\/[^\s/?#]+|\{\{)/.test(baseUrl) : !isAddress(baseUrl)) {
    report(context, 'CONFIG_INVALID', pointer, `The base URL ${JSON.stringify(baseUrl)} is not an address.`, { fix: 'Begin it with https://, or with {{ instance.x }} that gives the whole address.' });
  } else if (/[?#]/.test(baseUrl.replaceAll(/\{\{.*?\}\}/g, ''))) {
    report(context, 'CONFIG_INVALID', pointer, 'The base URL has a query or a fragment, which would stand before the paths.', { fix: 'Move it to "query" of the endpoints.' });
  }
}
