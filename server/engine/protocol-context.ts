import type { CallContext, PayloadContext } from '../../plugins/sdk/index.ts';

/** The context of a call, with the ways out that belong to its connection. What may be costly is asked for only where it is used. */
export function withExchanges(context: PayloadContext, own: Pick<CallContext<never>, 'exchange' | 'bind' | 'checkpoint' | 'fail' | 'resumed'>): CallContext<never> {
  return {
    ...own,
    get settings() { return context.settings; },
    get signal() { return context.signal; },
    get log() { return context.log; },
    get http() { return context.http; },
    get clock() { return context.clock; },
    get attempt() { return context.attempt; },
    get now() { return context.now; },
    get startedAt() { return context.startedAt; },
    get from() { return context.from; },
    get variables() { return context.variables; },
    random: () => context.random(),
    create: (body, options) => context.create(body, options),
    reply: (payload, options) => context.reply(payload, options),
    track: (values) => context.track(values),
    notify: (group, message) => context.notify(group, message),
  };
}
