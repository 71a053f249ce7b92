import { FlowError } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';

export const lateError = ({ id, timeoutMs }: PlannedStep): FlowError =>
  new FlowError('STEP_TIMEOUT', `The step ${JSON.stringify(id)} did not finish a payload within its ${timeoutMs} ms.`, { details: { step: id, timeoutMs } });

export const oddAnswer = (step: string, answer: unknown): FlowError =>
  new FlowError('INTERNAL', `The shape of the step ${JSON.stringify(step)} must give a list or a stream of outputs; it gave ${answer === null ? 'null' : typeof answer}.`);

export const oddPort = (step: string, port: string): FlowError =>
  new FlowError('INTERNAL', `The shape of the step ${JSON.stringify(step)} gave a payload to the port ${JSON.stringify(port)}, which it does not have.`);
