import { connectorSchema } from './connector-schema.ts';
import { connectionRoots } from './expression-roots.ts';
import { isObject, pointerOf } from './json.ts';
import type { Names } from './lint-expression.ts';
import { checkAnnotations, checkSettings } from './lint-settings.ts';
import { checkName, findOrReport, report, type LintContext } from './lint-world.ts';
import { firstGroup } from './pattern.ts';

type Json = Readonly<Record<string, unknown>>;

const endpointSchema = connectorSchema.properties.endpoints.additionalProperties;

/** What is said of requests and answers, in the defaults of a connector or in an endpoint: rules of errors, pauses, limits, scripts. */
export function lintAnswers(context: LintContext, names: Names, owner: Json, keys: readonly string[]): void {
  for (const key of ['errors', 'retry', 'rateLimits'] as const) checkAnnotations(context, endpointSchema.properties[key], owner[key], { pointer: pointerOf([...keys, key]), names });
  for (const key of ['before', 'after'] as const) checkAnnotations(context, { ...endpointSchema.properties[key], 'x-expression': true }, owner[key], { pointer: pointerOf([...keys, key]), names: { ...names, roots: connectionRoots } });
  for (const [index, rule] of listOf(owner['errors']).entries()) lintRule(context, rule, [...keys, 'errors', String(index)], owner['direction']);
  for (const [index, limit] of listOf(owner['rateLimits']).entries()) lintLimit(context, limit, [...keys, 'rateLimits', String(index)]);
  const waits = isObject(owner['retry']) ? listOf(owner['retry']['waits']) : [];
  for (const [index, wait] of waits.entries()) lintPattern(context, wait, [...keys, 'retry', 'waits', String(index)]);
}

/** What is sent, and how its answer is read. `names`: of the endpoint. */
export function lintSending(context: LintContext, names: Names, id: string, endpoints: ReadonlyMap<string, Json>): void {
  const endpoint = endpoints.get(id)!;
  const keys = ['endpoints', id];
  const { decoder, upsert, direction } = endpoint;
  if (isObject(endpoint['body'])) lintBody(context, endpoint['body'], [...keys, 'body']);
  if (isObject(decoder)) {
    const entry = findOrReport(context, 'converter', 'converter', decoder['type'], pointerOf([...keys, 'decoder', 'type']));
    if (entry && (decoder['settings'] === undefined || isObject(decoder['settings']))) checkSettings(context, entry, decoder['settings'], { pointer: pointerOf([...keys, 'decoder', 'settings']), names: { roots: [] }, owner: pointerOf([...keys, 'decoder']) });
  }
  if (isObject(upsert)) lintUpsert(context, names, upsert, id, endpoints);
  for (const key of ['per', 'upsert', 'itemErrors']) {
    if (direction === 'receive' && endpoint[key] !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...keys, key]), `"${key}" says nothing of a receiving endpoint.`, { severity: 'warning', key: true, fix: 'Remove it, or set "direction" to "send".' });
  }
}

function lintRule(context: LintContext, { when, action, as, message, attempts }: Json, keys: readonly string[], direction: unknown): void {
  if (direction === 'send' && (action === 'stop-paging' || action === 'reset-paging')) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'action']), `A sending endpoint has no pages, so that ${JSON.stringify(action)} says nothing.`, { fix: 'Use "ignore", or another action.' });
  if ((as !== undefined || message !== undefined) && ['success', 'ignore', 'stop-paging', 'reset-paging'].includes(String(action))) report(context, 'CONFIG_INVALID', pointerOf([...keys, as === undefined ? 'message' : 'as']), `Nothing fails with the action ${JSON.stringify(action)}.`, { severity: 'warning', key: true, fix: 'Remove it, or use the action "fail".' });
  if (attempts !== undefined && action !== 'retry') report(context, 'CONFIG_INVALID', pointerOf([...keys, 'attempts']), `There are no further attempts to count with the action ${JSON.stringify(action)}.`, { severity: 'warning', key: true, fix: 'Remove it, or use the action "retry".' });
  if (isObject(when) && when['network'] !== undefined && Object.keys(when).length > 1) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'when', 'network']), 'Where there was no answer, it has neither a status nor anything else: this rule never fits.', { key: true, fix: 'Make two rules of it.' });
}

function lintLimit(context: LintContext, limit: Json, keys: readonly string[]): void {
  const has = (name: string): boolean => limit[name] !== undefined;
  if (has('requests') !== has('perMs')) report(context, 'CONFIG_INVALID', pointerOf([...keys, has('requests') ? 'requests' : 'perMs']), `"${has('requests') ? 'requests' : 'perMs'}" says nothing without "${has('requests') ? 'perMs' : 'requests'}".`, { key: true, fix: 'Give both.' });
  else if (!has('requests') && !has('concurrency') && !has('budget')) report(context, 'CONFIG_INVALID', pointerOf(keys), 'This limit limits nothing.', { severity: 'warning', fix: 'Give "requests" and "perMs", "concurrency" or "budget".' });
  const budget = isObject(limit['budget']) ? limit['budget'] : {};
  if (isObject(budget['reset'])) lintPattern(context, budget['reset'], [...keys, 'budget', 'reset']);
}

function lintPattern(context: LintContext, { pattern }: Json, keys: readonly string[]): void {
  if (typeof pattern !== 'string') return;
  try {
    firstGroup(pattern, '');
  } catch (error) {
    report(context, 'CONFIG_INVALID', pointerOf([...keys, 'pattern']), `The pattern ${JSON.stringify(pattern)} cannot be read: ${(error as Error).message}.`, { fix: 'Use a regular expression without look-around and back-references.' });
  }
}

function lintBody(context: LintContext, { format, query, operationName, soap, template }: Json, keys: readonly string[]): void {
  const odd = Object.entries({ query, operationName, soap }).find(([name, value]) => value !== undefined && format !== (name === 'soap' ? 'soap' : 'graphql'));
  if (odd) report(context, 'CONFIG_INVALID', pointerOf([...keys, odd[0]]), `"${odd[0]}" says nothing of a body of the format ${JSON.stringify(format)}.`, { severity: 'warning', key: true, fix: `Remove it, or set the format to "${odd[0] === 'soap' ? 'soap' : 'graphql'}".` });
  if (format !== 'graphql') return;
  if (typeof query !== 'string') return report(context, 'CONFIG_INVALID', pointerOf(keys), 'A GraphQL body needs a query.', { fix: 'Add "query".' });
  if (/\{\{\s*(params|payload|instance|meta|env|page|run|now|slice|cursor)\b/.test(query)) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'query']), 'No expression may stand in a query: its value could change what is asked.', { fix: 'Declare a variable, such as `$id: ID!`, and give its value in "template".' });
  if (!isObject(template)) return;
  for (const name of Object.keys(template)) {
    if (!new RegExp(`\\$${name.replaceAll(/\W/g, '\\$&')}(?!\\w)`).test(query)) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'template', name]), `The query has no variable $${name}.`, { key: true, fix: 'Declare it in the query, or remove it.' });
  }
}

function lintUpsert(context: LintContext, names: Names, upsert: Json, id: string, endpoints: ReadonlyMap<string, Json>): void {
  const keys = ['endpoints', id, 'upsert'];
  for (const [key, direction, what] of [['find', 'receive', 'a receiving'], ['update', 'send', 'a sending']] as const) {
    const name = upsert[key];
    if (typeof name !== 'string') continue;
    const other = endpoints.get(name);
    checkName(context, { kind: 'endpoint', name, pointer: pointerOf([...keys, key]), known: [...endpoints.keys()] }, 'CONFIG_UNKNOWN_ENDPOINT', `The connector has no endpoint ${JSON.stringify(name)}.`);
    if (!other) continue;
    if (other['direction'] !== direction || other['upsert'] !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...keys, key]), `${JSON.stringify(name)} is not ${what} endpoint${other['upsert'] === undefined ? '' : ' that looks for no record itself'}.`, { fix: `Name ${what} endpoint.` });
  }
  const { per } = endpoints.get(id)!;
  if (isObject(per)) report(context, 'CONFIG_INVALID', pointerOf(['endpoints', id, 'per']), 'A batch cannot be looked for: each of its records may be there or not.', { fix: 'Use "record".' });
  checkAnnotations(context, endpointSchema.properties.upsert, upsert, { pointer: pointerOf(keys), names });
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as unknown[]).filter(isObject) : []);
