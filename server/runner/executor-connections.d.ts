import type { Token } from '../../plugins/sdk/index.ts';
import type { ConnectionState } from '../engine/host.ts';
import type { Calls } from './calls.ts';
import type { ControlMethods, ExecutorMethods } from './executor-protocol.ts';
/** The connections of an executor: limits, pauses and tokens are kept by the control process, for all executors together. */
export declare function remoteConnections(control: Pick<Calls<ControlMethods>, 'call' | 'tell'>): {
    readonly connections: ConnectionState;
    renew(ticket: number, last?: Token): Promise<Token>;
};
/** What the control process does for the connections of one executor. */
export declare function connectionMethods(connections: ConnectionState, executor: () => Pick<Calls<ExecutorMethods>, 'call'>): Pick<ControlMethods, 'admit' | 'leave' | 'done' | 'pauseUntil' | 'token'> & {
    ended(): void;
};
