import type { EndpointRetry, ErrorRule, RateLimit } from './connector-rules.ts';
import type { CursorKind } from './cursor-order.ts';
import type { ProtocolManifest } from './protocol.ts';

/** What `connectors/<id>.connector.json` may be. */
export type ConnectorFile = ConnectorManifest | ProtocolManifest;

/** A connector manifest for HTTP, `connectors/<id>.connector.json`. Describes an API; holds no secrets, no conditionals and no loops. */
export interface ConnectorManifest {
  readonly version: 1;
  readonly title: string;
  readonly summary?: string;
  readonly icon?: string;
  readonly category?: string;
  readonly links?: Readonly<Record<string, string>>;
  /** Where the facts come from: the published description and its version. */
  readonly source?: string;
  /** `{{ instance.x }}` may stand here. */
  readonly baseUrl: string;
  /** Further base URLs, by name, for endpoints that name one. Each gets the credentials of the instance, as `baseUrl` does. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** JSON Schemas of the settings that an instance gives, by name. */
  readonly variables?: Readonly<Record<string, object>>;
  /** Auth methods to choose from, by name. */
  readonly auth?: Readonly<Record<string, AuthUse>>;
  /** Origins beside that of `baseUrl` which a next link or a token address may name. They get no credentials. */
  readonly allowedOrigins?: readonly string[];
  readonly defaults?: EndpointDefaults;
  /** Endpoint whose request tests a connection; default the first that receives by GET and needs no params. */
  readonly check?: string;
  readonly endpoints: Readonly<Record<string, EndpointManifest>>;
}

/** A slot: any plugin of the kind that belongs there. */
export interface PluginUse {
  readonly type: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface AuthUse extends PluginUse {
  /** Further methods of the connector, by name, that sign each request before this one. An instance gives their credentials under their names. */
  readonly beside?: readonly string[];
  /** The method, by name, that signs the requests with which a token is got. */
  readonly tokenAuth?: string;
}

export interface PaginationUse extends PluginUse {
  /** An endpoint with more pages ends with an error, since it may have no end; default 100,000. */
  readonly maxPages?: number;
  /** Whether a page with the very records of another is an error; default true. */
  readonly checkRepeats?: boolean;
  /** Statuses that say that there is no such page, such as 404: paging stops without records. 204 always does. */
  readonly stopStatuses?: readonly number[];
  /** Expression over a page that is true on the last one: `{{ response.x }}`, `{{ headers.x }}`, `{{ record.x }}` (the last record), `{{ page.x }}`. */
  readonly stopWhen?: string;
  readonly olderThan?: OlderThan;
}

/** Paging stops with the page whose last record is older than the value; for records that come with the newest first. */
export interface OlderThan {
  /** Of the time or the number in a record. */
  readonly path: string;
  /** What is asked for: `{{ params.since }}`. */
  readonly value: string;
}

export interface EndpointDefaults {
  readonly headers?: Readonly<Record<string, string>>;
  readonly pagination?: PaginationUse;
  readonly retry?: EndpointRetry;
  readonly timeoutMs?: number;
  readonly rateLimits?: readonly RateLimit[];
  readonly errors?: readonly ErrorRule[];
  readonly before?: ScriptUse;
  readonly after?: ScriptUse;
}

/** A script of the workspace. */
export interface ScriptUse {
  readonly script: string;
  /** What it finds in `settings`; `{{ instance.x }}` may stand here. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface EndpointManifest extends EndpointDefaults {
  readonly title: string;
  readonly summary?: string;
  readonly entity?: string;
  readonly direction: 'receive' | 'send';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** One of the connector's `baseUrls`, by name; default its `baseUrl`. */
  readonly baseUrl?: string;
  /** Below the base URL; `{{ params.x }}`, `{{ instance.x }}`, `{{ payload.x }}` may stand here and in query, headers and body. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A method of the connector's `auth`, or `none`; default that of the instance, which gives the credentials of another under its name. */
  readonly auth?: string;
  /** JSON Schemas of what a step gives, by name. `required: true` marks those that must be given; others are left out when absent. */
  readonly params?: Readonly<Record<string, EndpointParam>>;
  readonly body?: EndpointBody;
  /** How the answer is read, where its type does not say: a converter. */
  readonly decoder?: PluginUse;
  /** Path of the records in the response, or several; default `$`. An array there gives its items, another value one record. */
  readonly records?: string | readonly string[];
  readonly expand?: RecordExpansion;
  /** Receive: the endpoint is asked once per slice, and once for each combination of several. */
  readonly slices?: readonly SliceUse[];
  readonly incremental?: IncrementalUse;
  /** JSON Schema of one record. */
  readonly record?: object;
  /** Further attempts may be made although the method is not idempotent. */
  readonly idempotent?: boolean;
  /** Header that carries `run:step:payload`, the same on every attempt. */
  readonly idempotencyHeader?: string;
  /** Send: what a request carries. Default `payload`. */
  readonly per?: 'payload' | 'record' | { readonly batch: number };
  readonly upsert?: Upsert;
  /** Path of per-item failures in an accepted response: `[{index, message}]`. */
  readonly itemErrors?: { readonly path: string; readonly index: string; readonly message: string };
  readonly examples?: readonly EndpointExample[];
}

/** A JSON Schema with what a manifest says beside it. */
export type EndpointParam = object & {
  readonly required?: boolean;
  /** What `required` of a JSON Schema would say: the fields that an object must have. */
  readonly requiredFields?: readonly string[];
  /** Where it is sent, without a template. */
  readonly in?: 'query' | 'header' | 'path' | 'body';
  /** Its name there; default the name of the param. Not in a path. */
  readonly name?: string;
  /** How a list or an object is written; `paramStyles` has those of a place. Without one, a list stands in the query once per item, and all else as JSON. */
  readonly style?: ParamStyle;
  /** Each item or field by itself; default true for `form` and `deepObject`, else false. */
  readonly explode?: boolean;
};

export type ParamStyle = 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'json' | 'simple' | 'label' | 'matrix' | 'path';

/** The path of the records, or the first of several. */
export const recordsPath = ({ records = '$' }: Pick<EndpointManifest, 'records'>): string => (typeof records === 'string' ? records : records[0]!);

/** Records inside of records take their place. */
export interface RecordExpansion {
  /** Of the list in a record. A record that has none there gives none. */
  readonly path: string;
  /** Fields that each gets from the record around it: name → path there. */
  readonly include?: Readonly<Record<string, string>>;
}

/** `{{ slice.name }}` stands for its value. It comes from a list, or from the records of another endpoint of the connector, which may have slices itself. */
export interface SliceUse {
  readonly name: string;
  /** A list, or an expression that gives one. */
  readonly values?: readonly unknown[] | string;
  /** The endpoint whose records are the parents. */
  readonly endpoint?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Of the value in a record of the parent; default `$.id`. */
  readonly path?: string;
  /** Fields that each record gets from its parent: name → path there. */
  readonly include?: Readonly<Record<string, string>>;
  /** So many values make one slice, whose value is then a list of them; default 1, without a list. */
  readonly group?: number;
}

/** Only what is new since the run before is asked for: from `{{ cursor.from }}` on, where that is known, and up to `{{ cursor.to }}`, where there is an end. */
export interface IncrementalUse {
  /** Of the time, the number or the text in a record by which it is known to be newer. */
  readonly path: string;
  /** Default `datetime`. */
  readonly kind?: CursorKind;
  /** How times are written in requests; default `date-time`. */
  readonly format?: string;
  /** How they are written in records, where not in the same way. */
  readonly recordFormat?: string;
  /** Where the first run begins. */
  readonly start?: string;
  /** Where a run ends; default, for times, when the run was queued. */
  readonly end?: string;
  /** How far before the cursor a run begins: seconds, or what is taken off a number. */
  readonly lookback?: number;
  /** Whether the other system gives records of the very beginning; default true. */
  readonly isStartIncluded?: boolean;
  /** Whether it gives records of the very end; default false. */
  readonly isEndIncluded?: boolean;
  /** Records come with the oldest first, so that the cursor may move page by page. */
  readonly isSorted?: boolean;
  /** Of what tells records apart: then one that comes again unchanged is left out. */
  readonly key?: string;
  /** Only so much is asked for at a time. */
  readonly step?: { readonly count: number; readonly unit?: WindowUnit };
}

export type WindowUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month';

export interface EndpointBody {
  /** `none`: a request that could have a body has none, whatever the payload is. */
  readonly format: BodyFormat;
  /** How fields of a form or a multipart body are written, where not as usual. */
  readonly fields?: Readonly<Record<string, BodyField>>;
  /** Default: the payload itself. Expressions may stand in every string. */
  readonly template?: unknown;
  /** `graphql`: the query; `template` has its variables. */
  readonly query?: string;
  /** `graphql`: which operation of the query. */
  readonly operationName?: string;
  /** `soap`: `template` is what stands in the body of the envelope. */
  readonly soap?: SoapBody;
}

export type BodyFormat = 'json' | 'form' | 'multipart' | 'text' | 'xml' | 'soap' | 'graphql' | 'csv' | 'ndjson' | 'none';

export interface SoapBody {
  /** Default `1.1`. */
  readonly version?: '1.1' | '1.2';
  /** The `SOAPAction` header of 1.1, a parameter of the media type of 1.2. */
  readonly action?: string;
  /** What stands in the header of the envelope. */
  readonly header?: unknown;
}

/** Looks for the record first; the endpoint itself is asked only where it is not there. */
export interface Upsert {
  /** A receiving endpoint of the connector; its first record counts. */
  readonly find: string;
  /** Its params: `{{ payload.x }}`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The sending endpoint that is asked instead where a record is found. */
  readonly update: string;
  /** Params of the step for it, beside those of this endpoint: `{{ record.id }}`. */
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface BodyField {
  /** In a form: how a list or an object is written, as in the query. */
  readonly style?: 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'json';
  readonly explode?: boolean;
  /** Of the part of a multipart body. */
  readonly mediaType?: string;
}

export interface EndpointExample {
  readonly title: string;
  readonly request?: {
    readonly params?: Readonly<Record<string, unknown>>;
    /** The payload. */
    readonly body?: unknown;
    /** Path and query that the request has, behind the base URL. */
    readonly path?: string;
    /** Headers that it has, among others. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The body that it has: a text where it is no JSON. */
    readonly sent?: unknown;
  };
  readonly response: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
  /** Records that are read, or their number. */
  readonly records?: number | readonly unknown[];
  /** Code of the error with which the call fails. */
  readonly error?: string;
}
