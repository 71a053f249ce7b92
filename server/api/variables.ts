import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import type { Flow } from '../model/flow.ts';
import { isObject } from '../model/json.ts';
import { fileKinds } from '../model/workspace.ts';

/**
 * Values of flow variables that were given as text (`var.since=…`, `--var since=…`). The flow says what they are: a text stays as it is, everything else is
 * JSON. What the flow does not declare is left to the run, which says so.
 */
export async function readVariables(root: string, flow: string, texts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  if (Object.keys(texts).length === 0) return {};
  const declared = await declaredBy(root, flow);
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, readVariable(name, text, declared[name]?.type)]));
}

function readVariable(name: string, text: string, type: string | undefined): unknown {
  if (type === undefined || type === 'string') return text;
  const value = parsed(text);
  const given = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (given !== type) throw new FlowError('CONFIG_INVALID', `The variable "${name}" is of type ${type}; "${text.slice(0, 100)}" is not, written as JSON.`, { place: { pointer: `/variables/${name}` } });
  return value;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function declaredBy(root: string, flow: string): Promise<NonNullable<Flow['variables']>> {
  // An id that climbs out of the folder names no flow; the runner says so when it is to be started.
  if (flow.split(/[/\\]/).includes('..')) return {};
  const text = await readFile(join(root, fileKinds.flow.folder, `${flow}${fileKinds.flow.ending}`), 'utf8').catch(() => '{}');
  const { variables } = (parse(text) ?? {}) as Partial<Flow>;
  return isObject(variables) ? (variables as NonNullable<Flow['variables']>) : {};
}
