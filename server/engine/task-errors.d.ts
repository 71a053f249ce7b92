import { FlowError } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';
export declare const lateError: ({ id, timeoutMs }: PlannedStep) => FlowError;
export declare const oddAnswer: (step: string, answer: unknown) => FlowError;
export declare const oddPort: (step: string, port: string) => FlowError;
