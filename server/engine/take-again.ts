import type { Payload, PayloadContext, PayloadSource } from '../../plugins/sdk/index.ts';
import { AttemptContext } from './payload-context.ts';
import { Recorder } from './recorder.ts';
import type { RunScope } from './run-scope.ts';
import { resolveSettings } from './step-settings.ts';
import type { StepWork } from './step.ts';

/**
 * Gives a gathering step a payload that it had before the run was interrupted, so that it keeps again what it kept then. What it gives was passed on before,
 * and what it does is recorded.
 */
export async function takeAgain({ run, id, planned, shape }: StepWork, payload: Payload, from: PayloadSource | undefined, variables: PayloadContext['variables']): Promise<void> {
  const silent = Object.create(run, { recorder: { value: new Recorder(run.host, () => undefined, run.loop) } }) as RunScope;
  const context = new AttemptContext({ run: silent, step: id, payload: payload.id, hasPayload: true, meta: payload.meta, attempt: 1, from, variables, resumed: undefined, onCheckpoint() {}, onFail() {} }, run.host.clock.now());
  try {
    context.settings = await resolveSettings(run, planned, payload, context);
    for await (const _ of await shape.payload(payload, context));
  } catch {
    // It failed then, too.
  }
  context.close();
}

/** What is set again is seen by those who set it; the run has what was set last, whoever did. */
export function shadowOf(variables: PayloadContext['variables']): PayloadContext['variables'] {
  const own = new Map<string, unknown>();
  return {
    get: (name) => (own.has(name) ? own.get(name) : variables.get(name)),
    all: () => ({ ...variables.all(), ...Object.fromEntries(own) }),
    set: (name, value) => void own.set(name, value),
  };
}
