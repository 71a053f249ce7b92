import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugRef, DebugValue } from '../model/debug.ts';
import { isObject } from '../model/json.ts';

/** What a number stands for that a client asks about: a place of the run, or a value that is here already. */
export type Referred = { readonly ref: DebugRef } | { readonly value: unknown };

/** Numbers for places and values, as long as the run stands where it stands. */
export class References {
  readonly #referred: Referred[] = [];

  add(referred: Referred): number {
    return this.#referred.push(referred);
  }

  get(number: number): Referred | undefined {
    return this.#referred[number - 1];
  }

  clear(): void {
    this.#referred.length = 0;
  }

  /** A value below a place. */
  variable(below: DebugRef, { name, key, text, type, indexed, named, expression, isWhole, hasBytes }: DebugValue): DebugProtocol.Variable {
    const hasParts = indexed > 0 || named > 0;
    const ref = { ...below, path: isWhole ? below.path : [...below.path, key] };
    return {
      name, value: text, type, variablesReference: hasParts ? this.add({ ref }) : 0, ...(indexed > 0 && { indexedVariables: indexed }), ...(named > 0 && { namedVariables: named }),
      ...(hasBytes && { memoryReference: String(this.add({ ref })) }), ...(expression !== undefined && { evaluateName: expression }), ...(type === 'redacted' && { presentationHint: { attributes: ['readOnly'] } }),
    };
  }

  /** Part of a value that is here. */
  parts(value: unknown, { filter, start = 0, count }: Pick<DebugProtocol.VariablesArguments, 'filter' | 'start' | 'count'>): readonly DebugProtocol.Variable[] {
    const isList = Array.isArray(value);
    if ((filter === 'named' && isList) || (filter === 'indexed' && !isList)) return [];
    const entries = isList ? value.map((item: unknown, index) => [String(index), item] as const) : isObject(value) ? Object.entries(value) : [];
    return entries.slice(start, count ? start + count : undefined).map(([name, item]) => ({ name, ...this.plain(item) }));
  }

  plain(value: unknown): Omit<DebugProtocol.Variable, 'name'> {
    const isList = Array.isArray(value);
    const size = isList ? value.length : isObject(value) ? Object.keys(value).length : 0;
    const text = isList ? `(${size}) […]` : JSON.stringify(value) ?? 'undefined';
    return { value: text.length > longest ? `${text.slice(0, longest)}…` : text, type: value === null ? 'null' : isList ? 'array' : typeof value, variablesReference: size > 0 ? this.add({ value }) : 0, ...(isList && { indexedVariables: size }) };
  }
}

const longest = 1_024;
