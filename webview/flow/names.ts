import { findPlugin, type Catalog } from '../../server/model/catalog.ts';
import type { Flow } from '../../server/model/flow.ts';
import { isObject } from '../../server/model/json.ts';
import type { FormNames } from '../form/context.ts';
import { paramsSchema } from '../form/params.ts';
import type { FieldSchema } from '../form/schema.ts';
import type { FlowWorkspace } from '../protocol/flow.ts';

type Endpoint = FlowWorkspace['connectors'][number]['endpoints'][number];

/** The names that the settings of a step may refer to, from what the workspace holds. */
export function formNames(catalog: Catalog, workspace: FlowWorkspace | undefined, steps: Flow['steps'] = {}): FormNames {
  return {
    options(ref, root) {
      switch (ref) {
        case 'instance': return (workspace?.instances ?? []).map(({ id, connector, missingSecrets }) => ({ value: id, label: id, description: missingSecrets.length > 0 ? `${connector}; missing secrets: ${missingSecrets.join(', ')}` : connector }));
        case 'endpoint': return endpointsOf(workspace, root).map(({ id, title, direction }) => ({ value: id, label: id, description: `${title} (${direction})` }));
        case 'script': return (workspace?.scripts ?? []).map((value) => ({ value, label: value }));
        case 'schema': return (workspace?.schemas ?? []).map((value) => ({ value, label: value }));
        case 'flow': return (workspace?.flows ?? []).map((value) => ({ value, label: value }));
        case 'step': return Object.entries(steps).map(([value, { title }]) => ({ value, label: value, ...(title !== undefined && { description: title }) }));
        case 'lookup': return (workspace?.lookups ?? []).map((value) => ({ value, label: value }));
        case 'map': return (workspace?.maps ?? []).map((value) => ({ value, label: value }));
        case 'group': return (workspace?.groups ?? []).map((value) => ({ value, label: value }));
        case 'transform': case 'converter': return catalog.plugins.filter(({ kind }) => kind === ref).map(({ type, title, summary }) => ({ value: type, label: title, description: summary }));
        default: return [];
      }
    },
    file(ref, value) {
      if (ref === 'script') return workspace?.scripts.includes(value) ? value : undefined;
      if (ref === 'schema') return workspace?.schemas.includes(value) ? value : undefined;
      if (ref === 'flow') return workspace?.flows.includes(value) ? `flows/${value}.flow.json` : undefined;
      if (ref === 'lookup') return workspace?.lookups.includes(value) ? `lookups/${value}.csv` : undefined;
      if (ref === 'map') return workspace?.maps.includes(value) ? `maps/${value}.map.json` : undefined;
      return ref === 'instance' && workspace?.instances.some(({ id }) => id === value) ? `instances/${value}.instance.json` : undefined;
    },
    transform: (type) => findPlugin(catalog, 'transform', type),
  };
}

/** A plugin's schema with what depends on the other settings: the parameters of the endpoint that is chosen, the settings of a converter. */
export function settingsSchema(schema: FieldSchema, workspace: FlowWorkspace | undefined, settings: unknown, catalog: Catalog): FieldSchema {
  return withEndpoint(withConverters(schema, settings, catalog), workspace, settings);
}

function withConverters(schema: FieldSchema, settings: unknown, catalog: Catalog): FieldSchema {
  const { properties = {} } = schema;
  const own = Object.entries(properties).flatMap(([name, { 'x-ui': ui }]) => {
    const field = ui?.ref === 'converter' && ui.settings !== undefined ? ui.settings : undefined;
    const type = isObject(settings) ? settings[name] : undefined;
    const entry = field !== undefined && typeof type === 'string' ? findPlugin(catalog, 'converter', type) : undefined;
    return entry ? [[field!, { ...(entry.settings as FieldSchema), ...properties[field!] }] as const] : [];
  });
  return own.length === 0 ? schema : { ...schema, properties: { ...properties, ...Object.fromEntries(own) } };
}

function withEndpoint(schema: FieldSchema, workspace: FlowWorkspace | undefined, settings: unknown): FieldSchema {
  const fields = Object.entries(schema.properties ?? {});
  const [name] = fields.find(([, field]) => field['x-ui']?.ref === 'endpoint') ?? [];
  const params = schema.properties?.['params'];
  if (name === undefined || !params) return schema;
  const endpoint = endpointsOf(workspace, settings).find(({ id }) => isObject(settings) && id === settings[name]);
  if (!endpoint) return schema;
  return { ...schema, properties: { ...schema.properties, params: { ...params, ...paramsSchema(endpoint.params), ...(params['x-expression'] && { 'x-expression': true }) } } };
}

function endpointsOf(workspace: FlowWorkspace | undefined, settings: unknown): readonly Endpoint[] {
  const id = isObject(settings) ? settings['instance'] : undefined;
  const instance = workspace?.instances.find((one) => one.id === id);
  return workspace?.connectors.find((one) => one.id === instance?.connector)?.endpoints ?? [];
}
