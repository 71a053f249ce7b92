import type { Payload, PayloadContext, ValueContext } from '../../plugins/sdk/index.ts';
import type { Upsert as UpsertUse } from '../model/connector.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { foundRoots, requestRoots } from '../model/expression-roots.ts';
import type { EndpointLink } from './endpoint-link.ts';
import { compileOptional } from './optional-template.ts';
import { readPages, type ReadOptions } from './read-pages.ts';

/** Where a record is sent: as a new one, or in place of the one that is there. */
export interface Upsert {
  /** The endpoint that takes the record, with its params; `undefined` where there is none yet, so that it is to be made. */
  find(payload: Payload, params: unknown, context: PayloadContext): Promise<{ readonly link: EndpointLink; readonly params: unknown } | undefined>;
}

export interface UpsertOptions {
  readonly use: UpsertUse;
  readonly env: ExpressionEnv;
  /** The endpoint that looks for the record, and the one that changes it. */
  readonly read: ReadOptions;
  readonly update: EndpointLink;
  /** Names of the params of the latter: those of the step that it knows are its own. */
  readonly updateParams: ReadonlySet<string>;
  /** What templates may name: `payload`, `params`, `meta` … */
  scopeOf(payload: Payload, params: unknown, context: PayloadContext): Promise<{ readonly scope: Scope; readonly context: ValueContext }>;
}

/** Fails with `CONFIG_EXPRESSION`, whose pointer is relative to the use. */
export async function compileUpsert({ use, env, read, update, updateParams, scopeOf }: UpsertOptions): Promise<Upsert> {
  const asked = await compileOptional(use.params, { ...env, roots: requestRoots });
  const given = await compileOptional(use.with ?? {}, { ...env, roots: foundRoots });
  return {
    async find(payload, params, context) {
      const { scope, context: value } = await scopeOf(payload, params, context);
      const record = await firstRecord(read, payload, await asked.evaluate(scope, value), context);
      if (record === undefined) return undefined;
      const own = Object.entries((params ?? {}) as object).filter(([name]) => updateParams.has(name));
      return { link: update, params: { ...Object.fromEntries(own), ...((await given.evaluate({ ...scope, record }, value)) as object) } };
    },
  };
}

async function firstRecord(read: ReadOptions, payload: Payload, params: unknown, context: PayloadContext): Promise<unknown> {
  for await (const { records } of readPages(read, { payload, params, context, isParent: true })) if (records.length > 0) return records[0];
  return undefined;
}
