import { type Connector, type EndpointCall, type OpenContext, type Schema, type Script, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { ConnectorFile, ConnectorManifest } from '../model/connector.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
import { type ConnectionOptions } from './connection.ts';
import { type AuthOptions } from './credentials.ts';
import type { Cursor, CursorPlace, EngineHost, EventSink, ResolvedInstance } from './host.ts';
import type { WalkedPage } from './paginate.ts';
import { type Listening } from './protocol.ts';
export interface OpenEndpoint {
    readonly instance: string;
    readonly endpoint: string;
    readonly run: string;
    readonly step: string;
    readonly open: OpenContext;
    readonly emit: EventSink;
    /** The scripts of the run, which ends them. Where it is not given, there are none. */
    readonly script?: (file: string) => Promise<Script>;
    /** Stops after so many pages: somebody tries it out. */
    readonly testPages?: number;
    /** Told of each page, in order. */
    readonly onPage?: (page: WalkedPage) => void;
    /** What is remembered of incremental reading. Where it is not given, everything is read. */
    readonly cursor?: (place: CursorPlace) => Cursor;
}
/**
 * An endpoint of an instance, with everything compiled and the secrets read. The call takes all else from the context that it is called with.
 * Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_UNKNOWN_ENDPOINT`, `CONFIG_INVALID`, `CONFIG_EXPRESSION`, `SECRET_MISSING`.
 */
export declare function openEndpoint(host: EngineHost, options: OpenEndpoint): Promise<EndpointCall>;
interface OpenedInstance {
    readonly env: ExpressionEnv;
    readonly scope: Scope;
    readonly base: URL;
    readonly connection: ConnectionOptions;
}
/** What the endpoints of an instance have in common. `method`: that of an endpoint with one of its own. Fails as `openEndpoint` does. */
export declare function openInstance(host: EngineHost, found: FoundInstance, open: OpenContext, method?: AuthOptions['method']): Promise<OpenedInstance>;
/** The events of a listening endpoint, for a trigger. Fails as `openEndpoint` does, and when the connection is lost. */
export declare function listenToEndpoint(host: EngineHost, { instance, endpoint, open }: Pick<OpenEndpoint, 'instance' | 'endpoint' | 'open'>, listening: Listening): AsyncGenerator<TriggerEvent>;
interface FoundConnector<M extends ConnectorFile = ConnectorFile> {
    readonly instance: ResolvedInstance;
    readonly manifest: M;
}
interface FoundInstance {
    readonly instance: ResolvedInstance;
    readonly manifest: ConnectorManifest;
    readonly schemas: Schemas;
}
/** An instance of a connector that speaks HTTP. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_INVALID`. */
export declare function findInstance(host: EngineHost, id: string): Promise<FoundInstance>;
/** The instance with its connector: a file of the workspace, or a plugin that is used as it is. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`. */
export declare function findConnector(host: EngineHost, id: string): Promise<FoundConnector>;
interface Schemas {
    /** The manifest as the plugin that it stands for. */
    readonly plugin: Connector;
    readonly settings: Schema;
    readonly params: ReadonlyMap<string, Schema>;
}
export {};
