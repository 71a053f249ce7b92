import { FlowError } from '../../plugins/sdk/index.ts';
/** The JSON pointer of a place below a step of a flow file. */
export declare const stepPointer: (step: string, ...keys: readonly string[]) => string;
/** The same error with its place in a file: a pointer that it has counts from `pointer`, a file that it names stays. */
export declare function placed(thrown: unknown, file: string, pointer: string): FlowError;
