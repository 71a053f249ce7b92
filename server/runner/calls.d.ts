import { FlowError, type ErrorCode, type FlowErrorOptions } from '../../plugins/sdk/index.ts';
/** Calls between two threads, in both directions over one port. A method that gives nothing may be told instead of called. */
export type Methods = Readonly<Record<string, (args: never) => unknown>>;
export interface Calls<Theirs extends Methods> {
    call<M extends keyof Theirs & string>(method: M, args: Parameters<Theirs[M]>[0], transfer?: readonly ArrayBuffer[]): Promise<Awaited<ReturnType<Theirs[M]>>>;
    /** Nobody waits for it. */
    tell<M extends keyof Theirs & string>(method: M, args: Parameters<Theirs[M]>[0], transfer?: readonly ArrayBuffer[]): void;
    /** The other thread is gone: whoever waits is told. */
    close(reason: FlowError): void;
}
interface Port {
    postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
    on(event: 'message', listener: (message: Message) => void): unknown;
}
type Message = {
    readonly method: string;
    readonly args: unknown;
    readonly id?: number;
} | {
    readonly answer: number;
    readonly result: unknown;
} | {
    readonly answer: number;
    readonly failure: Failure;
};
/** An error as it goes from thread to thread. */
interface Failure extends Omit<FlowErrorOptions, 'cause'> {
    readonly code: ErrorCode;
    readonly message: string;
}
export declare function createCalls<Theirs extends Methods>(port: Port, ours: Methods): Calls<Theirs>;
export {};
