import type { QuickFix } from './diagnostic.ts';
import type { PayloadType } from './flow-types.ts';
import { pointerKeys } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { faultReason, mendedKeys, namesFix } from './path-fault.ts';
import { everything, printPath, type PathKey } from './path.ts';
import { plainKeys } from './plain-path.ts';
import { placeAt, type PlaceFault } from './schema-place.ts';

/** What is known of the values that the settings of a step read. */
export interface KnownValues {
  /** What expressions call by this name. */
  readonly payload: PayloadType;
  /** What fields lead into, by what their `x-path` says; absent where that is not known. */
  readonly paths: { readonly payload?: PayloadType; readonly record?: PayloadType };
}

/** A path as it stands in a text. */
export interface WrittenPath {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly keys: readonly PathKey[];
  /** Something stands in for a value that is missing, or asks whether it is. */
  readonly hasDefault: boolean;
  /** What it begins in, in words. */
  readonly owner: string;
  /** How other keys would be written in its place. */
  write(keys: readonly PathKey[]): string;
}

/**
 * Reports a path that leads nowhere, as far as the types of the flow say. Only as a warning: other systems give more than their schemas name, and an error would
 * keep the flow from running.
 */
export function checkDeadPath(context: LintContext, pointer: string, { schema, from }: PayloadType, path: WrittenPath): void {
  const { text, start, end, keys, owner } = path;
  if (from === undefined) return;
  const fault = faultAt(schema, keys);
  if (!fault || (path.hasDefault && !fault.isCertain)) return;
  const meant = withoutStar(schema, keys, fault) ?? mendedKeys(keys, fault);
  const written = meant && path.write(meant);
  const quickFixes: QuickFix[] = written === undefined ? [] : [{ title: `Change it to ${written}`, set: [{ path: pointerKeys(context.root, pointer), value: text.slice(0, start) + written + text.slice(end) }] }];
  report(context, 'CONFIG_PATH', pointer, `The path ${JSON.stringify(text.slice(start, end))} leads nowhere: ${faultReason(keys, fault, owner)}, which comes from ${from}.`, {
    severity: 'warning', span: [start, end], quickFixes, fix: written === undefined ? namesFix(fault, 'Correct the path.') : `Did you mean ${JSON.stringify(written)}?`,
  });
}

const faultAt = (schema: object, keys: readonly PathKey[]): PlaceFault | undefined => placeAt(schema, keys, 'entries').fault;

/** For who takes `[*]` of an object for the object, as it is in rules of a map. */
function withoutStar(schema: object, keys: readonly PathKey[], { at }: PlaceFault): readonly PathKey[] | undefined {
  if (keys[at - 1] !== everything) return undefined;
  const others = [...keys.slice(0, at - 1), ...keys.slice(at)];
  return faultAt(schema, others) ? undefined : others;
}

/** A path that stands alone in a setting, such as the field of a condition. */
export function barePath(query: string, owner: string): WrittenPath | undefined {
  const keys = plainKeys(query);
  const [root = ''] = /^\$/.exec(query) ?? [];
  return keys && { text: query, start: 0, end: query.length, keys, hasDefault: false, owner, write: (others) => below(root, others) };
}

/** A path of an expression. */
export function pathOfExpression(text: string, { root, path, start, end }: { readonly root: string; readonly path: string; readonly start: number; readonly end: number }, hasDefault: boolean): WrittenPath | undefined {
  const keys = plainKeys(`$${path}`);
  return keys && { text, start, end, keys, hasDefault, owner: `the ${root}`, write: (others) => below(root, others) };
}

function below(root: string, keys: readonly PathKey[]): string {
  const path = printPath(keys);
  return root === '' || path === '' || path.startsWith('[') ? root + path : `${root}.${path}`;
}
