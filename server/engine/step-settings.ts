import type { FlowError, Payload, ValueContext } from '../../plugins/sdk/index.ts';
import { bodyOf, isJson } from './payload.ts';
import { placed, stepPointer } from './place.ts';
import type { PlannedStep } from './plan.ts';
import type { RunScope } from './run-scope.ts';
import { plainKeys } from '../model/plain-path.ts';
import { pickJson, wantedOf } from './pick-json.ts';

/** The settings of a step with every `{{ … }}` resolved; the very object of the plan where there is none. A promise only where it must be one. */
export function resolveSettings(run: RunScope, step: PlannedStep, payload: Payload | undefined, context: ValueContext): unknown {
  const { template } = step;
  // At the end of the payloads there is none that an expression could ask.
  if (!template || (!payload && (template.roots.has('payload') || template.roots.has('meta')))) return step.settings;
  const evaluate = (body: unknown): unknown => {
    const { run: head } = run.options;
    const scope = {
      ...(payload && { payload: body, meta: payload.meta }), flow: run.variables, env: run.host.workspace.env,
      run: { id: head.id, flow: head.flow, trigger: head.trigger }, now: new Date(context.now).toISOString(),
    };
    return template.evaluate(scope, context);
  };
  try {
    const body = payload && template.roots.has('payload') ? readBody(payload, template.payloadPaths) : undefined;
    const value = body instanceof Promise ? body.then(evaluate) : evaluate(body);
    return value instanceof Promise ? value.catch((error: unknown) => { throw misplaced(run, step, error); }) : value;
  } catch (error) {
    throw misplaced(run, step, error);
  }
}

const misplaced = (run: RunScope, { id }: PlannedStep, error: unknown): FlowError => placed(error, run.plan.file, stepPointer(id, 'settings'));

/** Text where the payload is not JSON. Of a long stream only what the paths need is kept, so that one that fits nowhere can be asked for its head. */
function readBody(payload: Payload, paths: readonly string[]): unknown {
  const body = bodyOf(payload);
  if (body.kind === 'json') return body.value;
  if (!isJson(payload.mediaType)) return payload.text();
  const wanted = body.kind === 'stream' && (body.size < 0 || body.size >= longBytes) ? wantedOf(paths.map(plainKeys)) : undefined;
  return wanted ? pickJson(payload.bytes(), wanted, mostWantedBytes) : payload.json();
}

/** Shorter streams are read as a whole: the shape will often read them, too. */
const longBytes = 1024 * 1024;
const mostWantedBytes = 64 * 1024 * 1024;
