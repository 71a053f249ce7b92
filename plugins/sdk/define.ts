import type { AuthMethod, CallContext, ColumnTransform, Connector, Converter, Endpoint, ListenContext, Pagination, ScriptEngine, Shape, Store, Trigger, TriggerEvent, ValueTransform } from './kinds.ts';
import type { Payload } from './payload.ts';
import type { Infer, Schema } from './schema.ts';

// Identity functions: they only let TypeScript infer the settings type from the schema literal.
type Body<T> = Omit<T, 'kind'>;

export const defineTransform = <const S extends Schema>(plugin: Body<ValueTransform<S>>): ValueTransform<S> => ({ kind: 'transform', ...plugin });
export const defineColumnTransform = <const S extends Schema>(plugin: Omit<Body<ColumnTransform<S>>, 'column'>): ColumnTransform<S> => ({ kind: 'transform', column: true, ...plugin });
export const definePagination = <const S extends Schema>(plugin: Body<Pagination<S>>): Pagination<S> => ({ kind: 'pagination', ...plugin });
export const defineAuth = <const S extends Schema, const C extends Schema>(plugin: Body<AuthMethod<S, C>>): AuthMethod<S, C> => ({ kind: 'auth', ...plugin });
export const defineShape = <const S extends Schema>(plugin: Body<Shape<S>>): Shape<S> => ({ kind: 'shape', ...plugin });
export const defineScriptEngine = <const S extends Schema>(plugin: Body<ScriptEngine<S>>): ScriptEngine<S> => ({ kind: 'script', ...plugin });
export const defineTrigger = <const S extends Schema>(plugin: Body<Trigger<S>>): Trigger<S> => ({ kind: 'trigger', ...plugin });
export const defineStore = <const S extends Schema>(plugin: Body<Store<S>>): Store<S> => ({ kind: 'store', ...plugin });
export const defineConverter = <const S extends Schema>(plugin: Body<Converter<S>>): Converter<S> => ({ kind: 'converter', ...plugin });
/** `N`: what a connection is to the plugin. */
export const defineConnector = <N>() => <const S extends Schema, const C extends Schema>(plugin: Body<Connector<S, C, N>>): Connector<S, C, N> => ({ kind: 'connector', ...plugin });

interface TypedEndpoint<P extends Schema, N> extends Omit<Endpoint<N>, 'params' | 'call' | 'listen'> {
  readonly params: P;
  call?(payload: Payload, params: Infer<P>, context: CallContext<N>): AsyncIterable<Payload>;
  listen?(params: Infer<P>, context: ListenContext<N>): AsyncIterable<TriggerEvent>;
}

export const defineEndpoint = <N>() => <const P extends Schema>(endpoint: TypedEndpoint<P, N>): Endpoint<N> => endpoint as Endpoint<N>;
