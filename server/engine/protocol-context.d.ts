import type { CallContext, PayloadContext } from '../../plugins/sdk/index.ts';
/** The context of a call, with the ways out that belong to its connection. What may be costly is asked for only where it is used. */
export declare function withExchanges(context: PayloadContext, own: Pick<CallContext<never>, 'exchange' | 'bind'>): CallContext<never>;
