import { pointerOf } from './json.ts';
import type { KnownNames } from './lint-expression.ts';
import type { LintContext } from './lint-world.ts';
import { schemaFindings } from './validate.ts';

type Json = Readonly<Record<string, unknown>>;

/** The schema of a variable, a param or a record. */
export function lintSchema(context: LintContext, schema: object, keys: readonly string[]): void {
  context.findings.push(...schemaFindings(schema, pointerOf(keys), keys.at(-1) ?? ''));
}

export const instanceNames = (variables: ReadonlyMap<string, Json>): KnownNames => ({
  names: new Set(variables.keys()), severity: 'error',
  message: (name) => `The connector has no variable ${JSON.stringify(name)}.`, fix: 'Declare it in "variables".',
});

export const paramNames = (id: string, params: ReadonlyMap<string, Json>): KnownNames => ({
  names: new Set(params.keys()), severity: 'error',
  message: (name) => `The endpoint ${JSON.stringify(id)} has no parameter ${JSON.stringify(name)}.`, fix: 'Declare it in "params" of the endpoint.',
});
