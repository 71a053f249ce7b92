import type { EndpointManifest } from './connector.ts';
import { isObject, isSame } from './json.ts';
import { matchers } from './test-file.ts';
import { checkSchema } from './validate.ts';

type Keys = readonly (string | number)[];

export interface UnsentBody {
  /** Where in the body that a mock waits for. */
  readonly keys: Keys;
  /** The end of a sentence about the endpoint. */
  readonly message: string;
}

/** Why a sending endpoint never sends a body, as far as its manifest says what it sends. `wanted` may hold matchers. */
export function unsentBody({ body, record, before, params = {} }: Pick<EndpointManifest, 'body' | 'record' | 'before' | 'params'>, wanted: unknown): UnsentBody | undefined {
  if (before !== undefined) return undefined;
  const { format = 'json', template } = body ?? {};
  if (format === 'graphql') return template === undefined || !isObject(wanted) || wanted['variables'] === undefined ? undefined : unlike(template, wanted['variables'], record, ['variables']);
  if (format !== 'json') return format === 'text' || format === 'ndjson' ? undefined : { keys: [], message: format === 'none' ? 'sends no body' : `sends its body as ${format}, which is no JSON` };
  // Params may stand in the body beside what the template says.
  const more = Object.entries(params).flatMap(([key, param]) => (param.in === 'body' ? [[param.name ?? key, any]] : []));
  return unlike(isObject(template) ? { ...template, ...Object.fromEntries(more) } : (template ?? (more.length > 0 ? any : whole)), wanted, record, []);
}

const any = '{{ }}';
const whole = '{{ payload }}';

function unlike(template: unknown, wanted: unknown, record: object | undefined, keys: Keys): UnsentBody | undefined {
  const [matcher, inner] = matcherOf(wanted);
  if (matcher !== undefined && matcher !== '$has') return undefined;
  const value = matcher === '$has' ? inner : wanted;
  const at = matcher === '$has' ? [...keys, '$has'] : keys;
  if (typeof template === 'string' && template.includes('{{')) return template.replaceAll(/\s/g, '') === '{{payload}}' && record && !hasMatcher(wanted) ? unfit(record, value, at) : undefined;
  if (isObject(template)) {
    if (!isObject(value)) return { keys: at, message: 'sends an object here' };
    for (const [key, item] of Object.entries(value)) {
      if (matcherOf(item)[0] === '$absent') continue;
      const found = Object.hasOwn(template, key) ? unlike(template[key], item, record, [...at, key]) : { keys: [...at, key], message: `sends no field ${JSON.stringify(key)} here` };
      if (found) return found;
    }
    return undefined;
  }
  if (Array.isArray(template)) return Array.isArray(value) ? undefined : { keys: at, message: 'sends a list here' };
  return isSame(template, value) || matcher !== undefined ? undefined : { keys: at, message: `always sends ${JSON.stringify(template)} here` };
}

/** A whole record, or a list of them. */
function unfit(record: object, value: unknown, keys: Keys): UnsentBody | undefined {
  for (const one of [value].flat(1)) {
    const fault = checkSchema(record, one).find(({ code }) => code !== 'PLUGIN_FAILED');
    if (fault) return { keys, message: `has a record schema that this does not fit${fault.pointer === '' ? '' : ` at ${fault.pointer}`} (${fault.message.replace(/\.$/, '')})` };
  }
  return undefined;
}

function matcherOf(value: unknown): readonly [string?, unknown?] {
  if (!isObject(value)) return [];
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && (matchers as readonly string[]).includes(name) ? [name, value[name]] : [];
}

const hasMatcher = (value: unknown): boolean => matcherOf(value)[0] !== undefined || (typeof value === 'object' && value !== null && Object.values(value).some(hasMatcher));
