import { setTimeout as sleep } from 'node:timers/promises';
import type { Plugin } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../../server/engine/host.ts';
import { createSessions } from '../../server/engine/sessions.ts';
import { connectorHost, type ConnectorHost } from './connector-host.ts';

export interface ProtocolHostOptions {
  readonly plugin: Plugin;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** By name, as they stand in a manifest; a title is not needed. */
  readonly endpoints: Readonly<Record<string, object>>;
  readonly variables?: Readonly<Record<string, object>>;
}

/** A host with one instance, `shop`, of a connector that speaks a protocol, to be called with `call` of connector-host.ts. Its time is real. */
export function protocolHost({ plugin, settings, credentials, endpoints, variables }: ProtocolHostOptions): ConnectorHost & AsyncDisposable {
  const manifest = { protocol: plugin.type, ...(variables && { variables }), endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, endpoint]) => [name, { title: name, ...endpoint }])) };
  const host = connectorHost({ connector: manifest as never, instance: { settings, credentials }, plugins: [plugin], transport: { send: (_request, { signal, via }) => via!(signal) } });
  const clock: EngineHost['clock'] = { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) };
  const sessions = createSessions(clock);
  return { ...host, clock, sessions, workspace: { ...host.workspace, limits: { payloadBytes: 64e6, responseBytes: 64e6 } }, [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose]() };
}
