import type { ErrorCode } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from './connector.ts';
import { hasExpression } from './expression.ts';
import { escapePointer, isObject } from './json.ts';
import type { Names } from './lint-expression.ts';
import type { checkSettings, walk, Walk } from './lint-settings.ts';
import { checkName, findOrReport, report, type LintContext, type NamedKind } from './lint-world.ts';
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
    if (typeof given !== 'string') continue;
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
      checkParams(job.context, endpoint.manifest, { connector: endpoint.connector, id: given }, value['params'], pointer);
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
  if (isObject(ui) && typeof ui['ref'] === 'string') simple[ui['ref']]?.(context, given, pointer);
}

type Check = (context: LintContext, given: string, pointer: string) => void;

/** Names of one kind that the workspace has. `isBelow`: also without the folder that all of them stand in. */
const among = (kind: NamedKind, words: string, code: ErrorCode, known: (context: LintContext) => readonly string[] | undefined, folder = ''): Check => (context, name, pointer) => {
  const names = known(context);
  if (names) checkName(context, { kind, name: names.includes(`${folder}${name}`) ? `${folder}${name}` : name, pointer, known: names }, code, `There is no ${words} ${JSON.stringify(name)}.`);
};

const simple: Readonly<Record<string, Check>> = {
  instance: among('instance', 'instance', 'CONFIG_UNKNOWN_INSTANCE', ({ world }) => Object.keys(world.instances)),
  script: among('script', 'script', 'CONFIG_UNKNOWN_SCRIPT', ({ world }) => world.scripts, 'scripts/'),
  lookup: among('lookup', 'lookup', 'CONFIG_UNKNOWN_LOOKUP', ({ world }) => world.lookups),
  map: among('map', 'mapping', 'CONFIG_NOT_FOUND', ({ world }) => Object.keys(world.maps)),
  flow: among('flow', 'flow', 'CONFIG_UNKNOWN_FLOW', ({ world }) => world.flows),
  group: among('group', 'notification group', 'CONFIG_UNKNOWN_GROUP', ({ world }) => world.groups),
  schema: among('schema', 'schema', 'CONFIG_NOT_FOUND', ({ world }) => world.schemas, 'schemas/'),
  step: among('step', 'step', 'CONFIG_UNKNOWN_STEP', ({ steps }) => steps),
};

/** The endpoint, where its connector can be looked into. */
function findEndpoint(context: LintContext, instance: unknown, endpoint: string, pointer: string): { readonly connector: string; readonly manifest: EndpointManifest | ProtocolEndpoint } | undefined {
  const { instances, connectors } = context.world;
  const connector = typeof instance === 'string' && Object.hasOwn(instances, instance) ? instances[instance]?.connector : undefined;
  const manifest = connector !== undefined ? connectorNamed(connector, connectors, context.world.catalog) : undefined;
  if (connector === undefined || !manifest) return undefined;
  const naming = { kind: 'endpoint', name: endpoint, owner: connector, pointer, known: Object.keys(manifest.endpoints) } as const;
  const isKnown = checkName(context, naming, 'CONFIG_UNKNOWN_ENDPOINT', `The connector ${JSON.stringify(connector)} has no endpoint ${JSON.stringify(endpoint)}.`);
  return isKnown && Object.hasOwn(manifest.endpoints, endpoint) ? { connector, manifest: manifest.endpoints[endpoint]! } : undefined;
}

function checkParams(context: LintContext, endpoint: Pick<EndpointManifest, 'params'>, { connector, id }: { readonly connector: string; readonly id: string }, given: unknown, owner: string): void {
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
    const naming = { kind: 'param', name, owner: `${connector}/${id}`, pointer: place, key: true, known: Object.keys(params) } as const;
    if (checkName(context, naming, 'CONFIG_INVALID', `The endpoint ${JSON.stringify(id)} has no parameter ${JSON.stringify(name)}.`) && !hasExpression(value)) {
      context.findings.push(...checkSchema(schemaOf(params[name]!), value, place));
    }
  }
}

