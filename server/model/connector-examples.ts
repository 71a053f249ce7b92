import { parseTree, type ParseError } from 'jsonc-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { EndpointExample } from './connector.ts';
import { styleOf } from './flow-edit-apply.ts';
import type { TextEdit } from './flow-edit.ts';
import { isObject } from './json.ts';
import { editJson } from './json-edit.ts';
import { valueOf } from './json-source.ts';

/**
 * The edits of a connector's file that put an example to an endpoint, in place of one of the same title, else behind the others. They are as small as can be,
 * and keep comments, indentation and line ends. Fails with `CONFIG_INVALID`, `CONFIG_UNKNOWN_ENDPOINT`.
 */
export function withExample(text: string, endpoint: string, example: EndpointExample): { readonly edits: TextEdit[]; readonly index: number } {
  const faults: ParseError[] = [];
  const root = parseTree(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, faults, { allowTrailingComma: false, disallowComments: false });
  const value = root && faults.length === 0 ? valueOf(root) : undefined;
  if (!root || !isObject(value) || !isObject(value['endpoints'])) throw new FlowError('CONFIG_INVALID', 'The connector cannot be changed before its syntax is right.');
  const found = Object.hasOwn(value['endpoints'], endpoint) ? value['endpoints'][endpoint] : undefined;
  if (!isObject(found)) throw new FlowError('CONFIG_UNKNOWN_ENDPOINT', `The connector has no endpoint "${endpoint}".`, { details: { endpoint } });
  const examples: readonly unknown[] = Array.isArray(found['examples']) ? found['examples'] : [];
  const same = examples.findIndex((other) => isObject(other) && other['title'] === example.title);
  const index = same < 0 ? examples.length : same;
  const next = { ...value, endpoints: { ...value['endpoints'], [endpoint]: { ...found, examples: examples.toSpliced(index, 1, example) } } };
  return { edits: editJson(text, root, value, next, styleOf('connector', text, root.children?.[0]?.offset)), index };
}
