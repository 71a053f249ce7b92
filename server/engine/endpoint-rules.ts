import type { HttpRequest, PayloadContext, RecordConverter, Script } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest, ScriptUse } from '../model/connector.ts';
import type { ErrorRule, RateLimit } from '../model/connector-rules.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { connectionRoots } from '../model/expression-roots.ts';
import type { Decode } from './answer-decoder.ts';
import type { AnswerEnv } from './answer-value.ts';
import type { ConnectionCall } from './connection.ts';
import { graphqlJudge } from './graphql.ts';
import { openLimits } from './rate-limits.ts';
import { runAfter, runBefore, type EndpointScript } from './request-scripts.ts';
import { runResponse, type ResponseScript } from './response-script.ts';
import { planRetry } from './retry.ts';
import { soapJudge } from './soap.ts';
import { compileRules, compileWaits, firstOf, type Judge } from './verdict.ts';

export interface RulesOptions {
  readonly manifest: ConnectorManifest;
  readonly endpoint: EndpointManifest;
  /** Of the endpoint. */
  readonly name: string;
  /** Whose limits they are: the instance at its address. */
  readonly owner: string;
  readonly env: ExpressionEnv;
  /** `instance` and `env`. */
  readonly scope: Scope;
  now(): number;
  script(file: string): Promise<Script>;
  /** The step that uses it, and its own script for answers. */
  readonly step: string;
  readonly responseScript?: string | undefined;
  /** Of its answers. */
  readonly decode: Decode;
  /** Reads XML. */
  xml(): Promise<RecordConverter>;
  /** Says where in the connector something cannot be compiled: of the endpoint, or of the defaults. */
  at<T>(owner: 'endpoint' | 'defaults', pointer: string, compile: () => Promise<T>): Promise<T>;
}

/** What is done with the requests of an endpoint beside sending them, and with their answers. */
export interface EndpointRules {
  /** What the connection is to know of a request as it was prepared. */
  callOf(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Omit<ConnectionCall, 'context' | 'signal' | 'endpoint'>;
  prepare(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Promise<HttpRequest>;
}

/** Fails with `CONFIG_EXPRESSION`, `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
export async function openRules(options: RulesOptions): Promise<EndpointRules> {
  const { manifest: { defaults = {} }, endpoint, name, owner, at } = options;
  const env: AnswerEnv = { ...options.env, scope: options.scope, now: options.now, decode: options.decode };
  const rulesOf = (whose: 'endpoint' | 'defaults', rules: readonly ErrorRule[] = []): Promise<Judge> => at(whose, '/errors', () => compileRules(rules, env));
  const limitsOf = (whose: 'endpoint' | 'defaults', limits: readonly RateLimit[] = []) => at(whose, '/rateLimits', () => openLimits(limits, whose === 'defaults' ? owner : `${owner} ${name}`, env));
  const judge = firstOf([await rulesOf('endpoint', endpoint.errors), await rulesOf('defaults', defaults.errors), ...(await ownJudges(options))]);
  const limits = [...(await limitsOf('defaults', defaults.rateLimits)), ...(await limitsOf('endpoint', endpoint.rateLimits))];
  const waits = endpoint.retry?.waits ?? defaults.retry?.waits ?? [];
  const waitOf = await at(endpoint.retry?.waits ? 'endpoint' : 'defaults', '/retry/waits', () => compileWaits(waits, env));
  const before = await openScript(options, 'before');
  const after = await openScript(options, 'after');
  const { responseScript: file, step } = options;
  const response = file === undefined ? undefined : { file, step, script: await options.script(file) };
  return {
    // A script, or the paging, may have given it another method: that one says whether it may be made again.
    callOf({ method }, context, signal) {
      const retry = planRetry({ ...endpoint, method }, endpoint.retry, defaults.retry);
      return { retry, limits, judge, waitOf, ...(endpoint.direction === 'send' && !retry.isRepeatable && { isUnrepeatable: true }), ...((after || response) && { after: lookAt(after, response, context, signal) }) };
    },
    prepare: async (request, context, signal) => (before ? runBefore(before, request, { ...scriptCall(context), signal }) : request),
  };
}

/** The connector's own script comes first: the step's sees what that has made of the answer. Where the first has said what it means, that holds. */
const lookAt = (after: EndpointScript | undefined, own: ResponseScript | undefined, context: PayloadContext, signal: AbortSignal): NonNullable<ConnectionCall['after']> => async (response, request) => {
  const call = { ...scriptCall(context), signal };
  const seen = after ? await runAfter(after, response, request, call) : { response };
  return own && !seen.verdict ? runResponse(own, seen.response, request, { ...call, variables: context.variables, meta: context.meta }) : seen;
};

const scriptCall = ({ log, scriptWorld }: PayloadContext) => ({ log, ...(scriptWorld && { scriptWorld }) });

/** Where the format of the body says what a failure is. */
async function ownJudges({ endpoint: { body }, xml }: RulesOptions): Promise<readonly Judge[]> {
  if (body?.format === 'graphql') return [graphqlJudge];
  return body?.format === 'soap' ? [soapJudge(await xml())] : [];
}

async function openScript({ manifest: { defaults = {} }, endpoint, env, scope, now, script, at }: RulesOptions, slot: 'before' | 'after') {
  const whose = endpoint[slot] ? 'endpoint' : 'defaults';
  const use: ScriptUse | undefined = endpoint[slot] ?? defaults[slot];
  if (!use) return undefined;
  return at(whose, `/${slot}`, async () => {
    const settings = await compileValue(use.settings ?? {}, { ...env, roots: connectionRoots });
    return { script: await script(use.script), file: use.script, settings: await settings.evaluate(scope, { now: now(), random: () => 0.5 }) };
  });
}
