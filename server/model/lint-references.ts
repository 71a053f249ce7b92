import type { EndpointManifest } from './connector.ts';
import { hasExpression } from './expression.ts';
import { escapePointer, isObject } from './json.ts';
import type { Names } from './lint-expression.ts';
import type { checkSettings, walk, Walk } from './lint-settings.ts';
import { findOrReport, report, reportUnknown, type LintContext } from './lint-world.ts';
import { schemaOf } from './param-schema.ts';
import { connectorNamed, type ProtocolEndpoint } from './protocol.ts';
import { fieldSchema } from './schema-walk.ts';
import { checkSchema } from './validate.ts';

/** What goes on below a reference; handed in, since it comes back here. */
interface Visit {
  readonly walk: typeof walk;
  readonly checkSettings: typeof checkSettings;
}

/**
 * Checks the fields of an object that name something of the workspace (`x-ui.ref`), and what stands beside them because of that: the params of an endpoint, the
 * settings of a transform. Gives the names of the fields that need no further look.
 */
export function checkReferences(job: Walk, schema: object, value: Readonly<Record<string, unknown>>, pointer: string, visit: Visit): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [key, given] of Object.entries(value)) {
    if (typeof given !== 'string' || given === '') continue;
    const ui = (fieldSchema(schema, key) as Readonly<Record<string, unknown>>)['x-ui'];
    const ref = isObject(ui) ? ui['ref'] : undefined;
    if (typeof ref !== 'string') continue;
    const place = `${pointer}/${escapePointer(key)}`;
    if (ref === 'transform' || ref === 'converter') {
      const entry = findOrReport(job.context, ref, ref, given, place);
      const field = isObject(ui) && typeof ui['settings'] === 'string' ? ui['settings'] : 'settings';
      if (entry) visit.checkSettings(job.context, entry, value[field], { pointer: `${pointer}/${field}`, names: withoutRecord(job.names), ...(value[field] === undefined && { owner: pointer }) });
      done.add(field);
    } else if (ref === 'endpoint') {
      const endpoint = findEndpoint(job.context, value['instance'], given, place);
      if (!endpoint) continue;
      checkParams(job.context, endpoint, given, value['params'], pointer);
      visit.walk(job, fieldSchema(schema, 'params'), value['params'], `${pointer}/params`, {});
      done.add('params');
    } else {
      simple[ref]?.(job.context, given, place);
    }
  }
  return done;
}

/** Paths in the settings of a transform lead into the value that it gets. */
const withoutRecord = ({ values, ...names }: Names): Names => ({ ...names, ...(values && { values: () => ({ payload: values().payload, paths: {} }) }) });

/** The same for a text that stands alone, such as an item of a list. */
export function checkReference(context: LintContext, schema: object, given: string, pointer: string): void {
  const ui = (schema as Readonly<Record<string, unknown>>)['x-ui'];
  if (given !== '' && isObject(ui) && typeof ui['ref'] === 'string') simple[ui['ref']]?.(context, given, pointer);
}

const simple: Readonly<Record<string, (context: LintContext, given: string, pointer: string) => void>> = {
  instance: (context, given, pointer) => {
    const names = Object.keys(context.world.instances);
    if (!names.includes(given)) reportUnknown(context, 'CONFIG_UNKNOWN_INSTANCE', pointer, `There is no instance ${JSON.stringify(given)}.`, given, names);
  },
  script: (context, given, pointer) => {
    const { scripts } = context.world;
    if (!scripts.includes(given) && !scripts.includes(`scripts/${given}`)) reportUnknown(context, 'CONFIG_UNKNOWN_SCRIPT', pointer, `There is no script ${JSON.stringify(given)}.`, given, scripts);
  },
  lookup: (context, given, pointer) => {
    if (!context.world.lookups.includes(given)) reportUnknown(context, 'CONFIG_UNKNOWN_LOOKUP', pointer, `There is no lookup ${JSON.stringify(given)}.`, given, context.world.lookups);
  },
  map: (context, given, pointer) => {
    const names = Object.keys(context.world.maps);
    if (!names.includes(given)) reportUnknown(context, 'CONFIG_NOT_FOUND', pointer, `There is no mapping ${JSON.stringify(given)}.`, given, names);
  },
  flow: (context, given, pointer) => {
    if (!context.world.flows.includes(given)) reportUnknown(context, 'CONFIG_UNKNOWN_FLOW', pointer, `There is no flow ${JSON.stringify(given)}.`, given, context.world.flows);
  },
  group: (context, given, pointer) => {
    const { groups } = context.world;
    if (!groups.includes(given)) reportUnknown(context, 'CONFIG_UNKNOWN_GROUP', pointer, `There is no notification group ${JSON.stringify(given)}.`, given, groups);
  },
  schema: (context, given, pointer) => {
    const { schemas } = context.world;
    if (!schemas.includes(given) && !schemas.includes(`schemas/${given}`)) reportUnknown(context, 'CONFIG_NOT_FOUND', pointer, `There is no schema ${JSON.stringify(given)}.`, given, schemas);
  },
  step: ({ steps, ...context }, given, pointer) => {
    if (steps && !steps.includes(given)) reportUnknown(context, 'CONFIG_UNKNOWN_STEP', pointer, `There is no step ${JSON.stringify(given)}.`, given, steps);
  },
};

/** The endpoint, where its connector can be looked into. */
function findEndpoint(context: LintContext, instance: unknown, endpoint: string, pointer: string): EndpointManifest | ProtocolEndpoint | undefined {
  const { instances, connectors } = context.world;
  const connector = typeof instance === 'string' && Object.hasOwn(instances, instance) ? instances[instance]?.connector : undefined;
  const manifest = connector !== undefined ? connectorNamed(connector, connectors, context.world.catalog) : undefined;
  if (!manifest) return undefined;
  if (Object.hasOwn(manifest.endpoints, endpoint)) return manifest.endpoints[endpoint];
  reportUnknown(context, 'CONFIG_UNKNOWN_ENDPOINT', pointer, `The connector ${JSON.stringify(connector)} has no endpoint ${JSON.stringify(endpoint)}.`, endpoint, Object.keys(manifest.endpoints));
  return undefined;
}

function checkParams(context: LintContext, endpoint: Pick<EndpointManifest, 'params'>, id: string, given: unknown, owner: string): void {
  const params = endpoint.params ?? {};
  const values = isObject(given) ? given : {};
  const pointer = `${owner}/params`;
  for (const [name, param] of Object.entries(params)) {
    if (param.required && values[name] === undefined) {
      const { description } = param as { readonly description?: string };
      report(context, 'CONFIG_INVALID', isObject(given) ? pointer : owner, `The endpoint ${JSON.stringify(id)} needs the parameter ${JSON.stringify(name)}.`, { fix: `Add ${JSON.stringify(name)} to "params"${description === undefined ? '.' : `: ${description}`}` });
    }
  }
  for (const [name, value] of Object.entries(values)) {
    const place = `${pointer}/${escapePointer(name)}`;
    if (!Object.hasOwn(params, name)) {
      reportUnknown(context, 'CONFIG_INVALID', place, `The endpoint ${JSON.stringify(id)} has no parameter ${JSON.stringify(name)}.`, name, Object.keys(params), { key: true });
    } else if (!hasExpression(value)) {
      context.findings.push(...checkSchema(schemaOf(params[name]!), value, place));
    }
  }
}

