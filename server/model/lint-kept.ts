import { findPlugin } from './catalog.ts';
import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { connectorNamed, isProtocol, type ProtocolEndpoint } from './protocol.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a step takes away from another system must be kept with the run: not in a flow that records no payloads. */
export function lintKept({ root, ...context }: LintContext, id: string, { settings }: Json): void {
  const flow = isObject(root) && isObject(root['settings']) ? root['settings'] : {};
  const { recording } = flow;
  if ((recording !== 'errors' && recording !== 'none') || !isObject(settings)) return;
  const found = takingOf(context, settings);
  if (!found) return;
  const { param, unless, value, own } = found;
  report(context, 'CONFIG_INVALID', pointerOf(['steps', id, 'settings', ...(own === undefined ? ['endpoint'] : ['params', own])]), `The step ${JSON.stringify(id)} takes away what it has read (${JSON.stringify(param)} is ${JSON.stringify(value)}), but the flow keeps no payloads ("recording" is ${JSON.stringify(recording)}): after a crash they would be lost.`, {
    fix: `Set "recording" to "full"; or set ${JSON.stringify(param)} to ${JSON.stringify(unless)}, and take away what got through in a step at the end.`,
  });
}

interface Taking {
  readonly param: string;
  readonly unless: unknown;
  readonly value: unknown;
  /** The param of the step that says so; absent where its connector does. */
  readonly own?: string;
}

function takingOf({ world }: LintContext, { instance, endpoint, params }: Json): Taking | undefined {
  const file = typeof instance === 'string' && Object.hasOwn(world.instances, instance) ? world.instances[instance] : undefined;
  const manifest = file && connectorNamed(file.connector, world.connectors, world.catalog);
  if (!manifest || !isProtocol(manifest) || typeof endpoint !== 'string' || !Object.hasOwn(manifest.endpoints, endpoint)) return undefined;
  const own = manifest.endpoints[endpoint]!;
  const takesAway = findPlugin(world.catalog, 'connector', manifest.protocol)?.endpoints?.[own.call]?.takesAway;
  const given = takesAway && givenFor(own, takesAway.param, isObject(params) ? params : {});
  if (!given || given.value === undefined || given.value === takesAway.unless || (typeof given.value === 'string' && given.value.includes('{{'))) return undefined;
  return { ...takesAway, ...given };
}

/** What a param of the protocol is for a step, as far as the files say it. */
function givenFor({ with: filled = {}, params: declared = {} }: ProtocolEndpoint, param: string, params: Json): Pick<Taking, 'value' | 'own'> {
  const value = filled[param];
  const [, plain, quoted] = typeof value === 'string' ? (/^\{\{ *params(?:\.([\w-]+)|\["([^"\\]+)"\]) *\}\}$/.exec(value) ?? []) : [];
  const name = plain ?? quoted;
  if (name === undefined) return { value };
  return params[name] === undefined ? { value: (declared[name] as { readonly default?: unknown } | undefined)?.default } : { value: params[name], own: name };
}
