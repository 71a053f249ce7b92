import { FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { Flow, FlowVariable } from '../model/flow.ts';
import { pointerOf } from '../model/json.ts';

/** The variables of one run. `values` is what expressions see as `flow`. */
export interface Variables {
  readonly values: Readonly<Record<string, unknown>>;
  set(name: string, value: unknown): void;
}

/** Defaults of the flow, and over them what the run was started with. Fails with `CONFIG_INVALID` where a name is not known or a value has another type. */
export function openVariables({ variables: declared = {} }: Flow, given: Readonly<Record<string, unknown>>, file: string): Variables {
  // Without a prototype, so that a name such as `__proto__` is a name.
  const values = Object.create(null) as Record<string, unknown>;
  for (const [name, variable] of Object.entries(declared)) {
    if (variable.default === undefined) continue;
    check(name, variable, variable.default, 'CONFIG_INVALID', { file, pointer: pointerOf(['variables', name, 'default']) });
    values[name] = variable.default;
  }
  for (const [name, value] of Object.entries(given)) {
    const variable = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (!variable) throw new FlowError('CONFIG_INVALID', `The flow has no variable ${JSON.stringify(name)}; it has ${Object.keys(declared).map((known) => JSON.stringify(known)).join(', ') || 'none'}.`, { place: { file, pointer: '/variables' }, details: { variable: name } });
    check(name, variable, value, 'CONFIG_INVALID', { file, pointer: pointerOf(['variables', name]) });
    values[name] = value;
  }
  return {
    values,
    set(name, value) {
      const variable = Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (variable) check(name, variable, value, 'DATA_INVALID', { file, pointer: pointerOf(['variables', name]) });
      values[name] = value;
    },
  };
}

function check(name: string, { type }: FlowVariable, value: unknown, code: ErrorCode, place: { readonly file: string; readonly pointer: string }): void {
  const found = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (type === undefined || found === type || found === 'null') return;
  throw new FlowError(code, `The variable ${JSON.stringify(name)} is of the type ${type}, but the value given is of the type ${found}.`, { place, details: { variable: name } });
}
