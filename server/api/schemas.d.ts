import type { Infer } from '../../plugins/sdk/index.ts';
import type * as api from '../model/api.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type ExchangeHead, type PageNote, type PayloadHead, type RunError, type StepCounts } from '../model/run-event.ts';
import type { Detection, Trial } from '../model/trial.ts';
/** By the name under which the OpenAPI description holds them. */
export declare const schemas: {
    readonly CacheSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly name: {
                readonly type: 'string';
            };
            readonly scope: {
                readonly enum: readonly ['run', 'flow', 'workspace'];
            };
            readonly owner: {
                readonly type: 'string';
            };
            readonly keys: {
                readonly type: 'integer';
            };
            readonly documents: {
                readonly type: 'integer';
            };
            readonly bytes: {
                readonly type: 'integer';
            };
            readonly lastAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["name", "scope", "owner", "keys", "documents", "bytes", "lastAt"];
        readonly additionalProperties: false;
    };
    readonly CacheKeyRow: {
        readonly type: 'object';
        readonly properties: {
            readonly key: {
                readonly type: 'string';
            };
            readonly documents: {
                readonly type: 'integer';
            };
            readonly bytes: {
                readonly type: 'integer';
            };
            readonly lastAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly expiresAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["key", "documents", "bytes", "lastAt", "expiresAt"];
        readonly additionalProperties: false;
    };
    readonly CachedRow: {
        readonly type: 'object';
        readonly properties: {
            readonly index: {
                readonly type: 'integer';
            };
            readonly mediaType: {
                readonly type: 'string';
            };
            readonly meta: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly kind: {
                readonly enum: readonly ["json", "text", "binary"];
            };
            readonly bytes: {
                readonly type: 'integer';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly expiresAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly body: {};
        };
        readonly required: readonly ["index", "mediaType", "meta", "kind", "bytes", "at", "expiresAt"];
        readonly additionalProperties: false;
    };
    readonly PoolSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly name: {
                readonly type: 'string';
            };
            readonly values: {
                readonly type: 'integer';
            };
            readonly entities: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly entity: {
                            readonly type: 'string';
                        };
                        readonly values: {
                            readonly type: 'integer';
                        };
                    };
                    readonly required: readonly ["entity", "values"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["name", "values", "entities"];
        readonly additionalProperties: false;
    };
    readonly PoolValueRow: {
        readonly type: 'object';
        readonly properties: {
            readonly entity: {
                readonly type: 'string';
            };
            readonly value: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly expiresAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly pendingFor: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["entity", "value", "at", "expiresAt"];
        readonly additionalProperties: false;
    };
    readonly CursorRow: {
        readonly type: 'object';
        readonly properties: {
            readonly flow: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly instance: {
                readonly type: 'string';
            };
            readonly endpoint: {
                readonly type: 'string';
            };
            readonly slice: {
                readonly type: 'string';
            };
            readonly kind: {
                readonly enum: readonly ["datetime", "number", "text"];
            };
            readonly value: {
                readonly type: 'string';
            };
            readonly seen: {
                readonly type: 'integer';
            };
            readonly run: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly pendingFor: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["flow", "step", "instance", "endpoint", "slice", "kind", "seen", "at"];
        readonly additionalProperties: false;
    };
    readonly TrackedRow: {
        readonly type: 'object';
        readonly properties: {
            readonly value: {
                readonly type: 'string';
            };
            readonly entity: {
                readonly type: 'string';
            };
            readonly direction: {
                readonly enum: readonly ["in", "out"];
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly run: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly payload: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["value", "entity", "direction", "flow", "run", "step", "payload", "at"];
        readonly additionalProperties: false;
    };
    readonly LookupSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly name: {
                readonly type: 'string';
            };
            readonly file: {
                readonly type: 'string';
            };
            readonly columns: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly rows: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["name", "file", "columns", "rows"];
        readonly additionalProperties: false;
    };
    readonly LookupPage: {
        readonly type: 'object';
        readonly properties: {
            readonly columns: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'array';
                    readonly items: {
                        readonly type: 'string';
                    };
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["columns", "items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly StateChange: {
        readonly type: 'object';
        readonly properties: {
            readonly added: {
                readonly type: 'integer';
            };
            readonly changed: {
                readonly type: 'integer';
            };
            readonly removed: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["added", "changed", "removed"];
        readonly additionalProperties: false;
    };
    readonly Lookups: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly name: {
                    readonly type: 'string';
                };
                readonly file: {
                    readonly type: 'string';
                };
                readonly columns: {
                    readonly type: 'array';
                    readonly items: {
                        readonly type: 'string';
                    };
                };
                readonly rows: {
                    readonly type: 'integer';
                };
            };
            readonly required: readonly ["name", "file", "columns", "rows"];
            readonly additionalProperties: false;
        };
    };
    readonly CachePage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly name: {
                            readonly type: 'string';
                        };
                        readonly scope: {
                            readonly enum: readonly ['run', 'flow', 'workspace'];
                        };
                        readonly owner: {
                            readonly type: 'string';
                        };
                        readonly keys: {
                            readonly type: 'integer';
                        };
                        readonly documents: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly lastAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["name", "scope", "owner", "keys", "documents", "bytes", "lastAt"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly CacheKeyPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly key: {
                            readonly type: 'string';
                        };
                        readonly documents: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly lastAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly expiresAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["key", "documents", "bytes", "lastAt", "expiresAt"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly CachedPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly index: {
                            readonly type: 'integer';
                        };
                        readonly mediaType: {
                            readonly type: 'string';
                        };
                        readonly meta: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'string';
                            };
                        };
                        readonly kind: {
                            readonly enum: readonly ["json", "text", "binary"];
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly expiresAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly body: {};
                    };
                    readonly required: readonly ["index", "mediaType", "meta", "kind", "bytes", "at", "expiresAt"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly PoolPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly name: {
                            readonly type: 'string';
                        };
                        readonly values: {
                            readonly type: 'integer';
                        };
                        readonly entities: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly entity: {
                                        readonly type: 'string';
                                    };
                                    readonly values: {
                                        readonly type: 'integer';
                                    };
                                };
                                readonly required: readonly ["entity", "values"];
                                readonly additionalProperties: false;
                            };
                        };
                    };
                    readonly required: readonly ["name", "values", "entities"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly PoolValuePage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly entity: {
                            readonly type: 'string';
                        };
                        readonly value: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly expiresAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly pendingFor: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["entity", "value", "at", "expiresAt"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly CursorPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly instance: {
                            readonly type: 'string';
                        };
                        readonly endpoint: {
                            readonly type: 'string';
                        };
                        readonly slice: {
                            readonly type: 'string';
                        };
                        readonly kind: {
                            readonly enum: readonly ["datetime", "number", "text"];
                        };
                        readonly value: {
                            readonly type: 'string';
                        };
                        readonly seen: {
                            readonly type: 'integer';
                        };
                        readonly run: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly pendingFor: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["flow", "step", "instance", "endpoint", "slice", "kind", "seen", "at"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly TrackedPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly value: {
                            readonly type: 'string';
                        };
                        readonly entity: {
                            readonly type: 'string';
                        };
                        readonly direction: {
                            readonly enum: readonly ["in", "out"];
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly run: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["value", "entity", "direction", "flow", "run", "step", "payload", "at"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly RunActionOutcome: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly isDone: {
                readonly type: 'boolean';
            };
            readonly started: {
                readonly type: 'string';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
        };
        readonly required: readonly ["run", "isDone"];
        readonly additionalProperties: false;
    };
    readonly RunActionsResult: {
        readonly type: 'object';
        readonly properties: {
            readonly outcomes: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly run: {
                            readonly type: 'string';
                        };
                        readonly isDone: {
                            readonly type: 'boolean';
                        };
                        readonly started: {
                            readonly type: 'string';
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                    };
                    readonly required: readonly ["run", "isDone"];
                    readonly additionalProperties: false;
                };
            };
            readonly done: {
                readonly type: 'integer';
            };
            readonly failed: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["outcomes", "done", "failed"];
        readonly additionalProperties: false;
    };
    readonly PayloadSearch: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly run: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly id: {
                                    readonly type: 'string';
                                };
                                readonly flow: {
                                    readonly type: 'string';
                                };
                                readonly status: {
                                    readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
                                };
                                readonly trigger: {
                                    readonly type: 'string';
                                };
                                readonly environment: {
                                    readonly type: 'string';
                                };
                                readonly version: {
                                    readonly type: 'integer';
                                };
                                readonly queuedAt: {
                                    readonly type: 'integer';
                                    readonly description: 'Milliseconds since the epoch.';
                                };
                                readonly startedAt: {
                                    readonly type: 'integer';
                                    readonly description: 'Milliseconds since the epoch.';
                                };
                                readonly durationMs: {
                                    readonly type: 'number';
                                };
                                readonly failedPayloads: {
                                    readonly type: 'integer';
                                };
                                readonly error: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly code: {
                                            readonly type: 'string';
                                        };
                                        readonly message: {
                                            readonly type: 'string';
                                        };
                                        readonly step: {
                                            readonly type: 'string';
                                        };
                                        readonly remedy: {
                                            readonly type: 'string';
                                        };
                                        readonly place: {
                                            readonly type: 'object';
                                            readonly properties: {
                                                readonly file: {
                                                    readonly type: 'string';
                                                };
                                                readonly line: {
                                                    readonly type: 'integer';
                                                };
                                                readonly column: {
                                                    readonly type: 'integer';
                                                };
                                                readonly pointer: {
                                                    readonly type: 'string';
                                                };
                                            };
                                            readonly required: readonly [];
                                            readonly additionalProperties: false;
                                        };
                                        readonly details: {
                                            readonly type: 'object';
                                            readonly additionalProperties: true;
                                        };
                                    };
                                    readonly required: readonly ["code", "message"];
                                    readonly additionalProperties: false;
                                };
                                readonly origin: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly kind: {
                                            readonly enum: readonly ["retry", "resume", "replay", "flow"];
                                        };
                                        readonly run: {
                                            readonly type: 'string';
                                        };
                                        readonly root: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly ["kind", "run"];
                                    readonly additionalProperties: false;
                                };
                                readonly pinned: {
                                    readonly const: true;
                                };
                            };
                            readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads"];
                            readonly additionalProperties: false;
                        } & object;
                        readonly side: {
                            readonly enum: readonly ["in", "out", "failed", "input", "exchange"];
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly body: {
                            readonly type: 'string';
                        };
                        readonly mediaType: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["run", "side", "body", "mediaType"];
                    readonly additionalProperties: false;
                };
            };
            readonly cursor: {
                readonly type: 'string';
            };
            readonly runs: {
                readonly type: 'integer';
            };
            readonly skipped: {
                readonly type: 'integer';
            };
            readonly tracked: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly value: {
                            readonly type: 'string';
                        };
                        readonly entity: {
                            readonly type: 'string';
                        };
                        readonly direction: {
                            readonly enum: readonly ["in", "out"];
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly run: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["value", "entity", "direction", "flow", "run", "step", "payload", "at"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["items", "runs", "skipped", "tracked"];
        readonly additionalProperties: false;
    };
    readonly InsightRow: {
        readonly type: 'object';
        readonly properties: {
            readonly day: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly connector: {
                readonly type: 'string';
            };
            readonly runs: {
                readonly type: 'integer';
            };
            readonly failedRuns: {
                readonly type: 'integer';
            };
            readonly operations: {
                readonly type: 'integer';
            };
            readonly failures: {
                readonly type: 'integer';
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly requests: {
                readonly type: 'integer';
            };
            readonly bytes: {
                readonly type: 'integer';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
        };
        readonly required: readonly ["operations", "failures", "records", "requests", "bytes", "durationMs"];
        readonly additionalProperties: false;
    };
    readonly Insights: {
        readonly type: 'object';
        readonly properties: {
            readonly from: {
                readonly type: 'string';
            };
            readonly to: {
                readonly type: 'string';
            };
            readonly by: {
                enum: readonly ["day", "flow", "step", "connector"];
            };
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly day: {
                            readonly type: 'string';
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly runs: {
                            readonly type: 'integer';
                        };
                        readonly failedRuns: {
                            readonly type: 'integer';
                        };
                        readonly operations: {
                            readonly type: 'integer';
                        };
                        readonly failures: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly requests: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                    };
                    readonly required: readonly ["operations", "failures", "records", "requests", "bytes", "durationMs"];
                    readonly additionalProperties: false;
                };
            };
            readonly total: {
                readonly type: 'object';
                readonly properties: {
                    readonly day: {
                        readonly type: 'string';
                    };
                    readonly flow: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly connector: {
                        readonly type: 'string';
                    };
                    readonly runs: {
                        readonly type: 'integer';
                    };
                    readonly failedRuns: {
                        readonly type: 'integer';
                    };
                    readonly operations: {
                        readonly type: 'integer';
                    };
                    readonly failures: {
                        readonly type: 'integer';
                    };
                    readonly records: {
                        readonly type: 'integer';
                    };
                    readonly requests: {
                        readonly type: 'integer';
                    };
                    readonly bytes: {
                        readonly type: 'integer';
                    };
                    readonly durationMs: {
                        readonly type: 'number';
                    };
                };
                readonly required: readonly ["operations", "failures", "records", "requests", "bytes", "durationMs"];
                readonly additionalProperties: false;
            };
        };
        readonly required: readonly ["from", "to", "by", "items", "total"];
        readonly additionalProperties: false;
    };
    readonly AuditRow: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'integer';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly actor: {
                readonly type: 'string';
            };
            readonly action: {
                readonly type: 'string';
            };
            readonly subject: {
                readonly type: 'string';
            };
            readonly detail: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
        };
        readonly required: readonly ["id", "at", "actor", "action", "subject", "detail"];
        readonly additionalProperties: false;
    };
    readonly AuditPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'integer';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly actor: {
                            readonly type: 'string';
                        };
                        readonly action: {
                            readonly type: 'string';
                        };
                        readonly subject: {
                            readonly type: 'string';
                        };
                        readonly detail: {
                            readonly type: 'object';
                            readonly additionalProperties: true;
                        };
                    };
                    readonly required: readonly ["id", "at", "actor", "action", "subject", "detail"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly NotificationState: {
        readonly type: 'object';
        readonly properties: {
            readonly groups: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly name: {
                            readonly type: 'string';
                        };
                        readonly channels: {
                            readonly type: 'array';
                            readonly items: {
                                readonly enum: readonly ['email', 'slack', 'log'];
                            };
                        };
                        readonly isOnFailure: {
                            readonly type: 'boolean';
                        };
                    };
                    readonly required: readonly ["name", "channels", "isOnFailure"];
                    readonly additionalProperties: false;
                };
            };
            readonly waiting: {
                readonly type: 'integer';
            };
            readonly troubles: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'integer';
                        };
                        readonly group: {
                            readonly type: 'string';
                        };
                        readonly channel: {
                            readonly enum: readonly ['email', 'slack', 'log'];
                        };
                        readonly text: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly attempts: {
                            readonly type: 'integer';
                        };
                        readonly error: {
                            readonly type: 'string';
                        };
                        readonly nextAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["id", "group", "channel", "text", "at", "attempts", "error"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["groups", "waiting", "troubles"];
        readonly additionalProperties: false;
    };
    readonly NotificationTest: {
        readonly type: 'object';
        readonly properties: {
            readonly group: {
                readonly type: 'string';
            };
            readonly results: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly channel: {
                            readonly enum: readonly ['email', 'slack', 'log'];
                        };
                        readonly isSent: {
                            readonly type: 'boolean';
                        };
                        readonly error: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["channel", "isSent"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["group", "results"];
        readonly additionalProperties: false;
    };
    readonly TrialPage: {
        readonly type: 'object';
        readonly properties: {
            readonly request: {
                readonly type: 'object';
                readonly properties: {
                    readonly method: {
                        readonly type: 'string';
                    };
                    readonly url: {
                        readonly type: 'string';
                    };
                    readonly headers: {
                        readonly type: 'object';
                        readonly additionalProperties: {
                            readonly type: 'string';
                        };
                    };
                    readonly body: {};
                };
                readonly required: readonly ["method", "url", "headers"];
                readonly additionalProperties: false;
            };
            readonly response: {
                readonly type: 'object';
                readonly properties: {
                    readonly status: {
                        readonly type: 'integer';
                    };
                    readonly headers: {
                        readonly type: 'object';
                        readonly additionalProperties: {
                            readonly type: 'string';
                        };
                    };
                    readonly body: {};
                    readonly size: {
                        readonly type: 'integer';
                    };
                    readonly cut: {
                        readonly const: true;
                    };
                };
                readonly required: readonly ["status", "headers", "size"];
                readonly additionalProperties: false;
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly ms: {
                readonly type: 'number';
            };
            readonly waitMs: {
                readonly type: 'number';
            };
            readonly before: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly request: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly method: {
                                    readonly type: 'string';
                                };
                                readonly url: {
                                    readonly type: 'string';
                                };
                                readonly headers: {
                                    readonly type: 'object';
                                    readonly additionalProperties: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly body: {};
                            };
                            readonly required: readonly ["method", "url", "headers"];
                            readonly additionalProperties: false;
                        };
                        readonly response: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly status: {
                                    readonly type: 'integer';
                                };
                                readonly headers: {
                                    readonly type: 'object';
                                    readonly additionalProperties: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly body: {};
                                readonly size: {
                                    readonly type: 'integer';
                                };
                                readonly cut: {
                                    readonly const: true;
                                };
                            };
                            readonly required: readonly ["status", "headers", "size"];
                            readonly additionalProperties: false;
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly step: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                                readonly place: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly file: {
                                            readonly type: 'string';
                                        };
                                        readonly line: {
                                            readonly type: 'integer';
                                        };
                                        readonly column: {
                                            readonly type: 'integer';
                                        };
                                        readonly pointer: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly [];
                                    readonly additionalProperties: false;
                                };
                                readonly details: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                        readonly ms: {
                            readonly type: 'number';
                        };
                        readonly waitMs: {
                            readonly type: 'number';
                        };
                    };
                    readonly required: readonly ["request", "ms", "waitMs"];
                    readonly additionalProperties: false;
                };
            };
            readonly next: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
        };
        readonly required: readonly ["request", "records", "ms", "waitMs", "before"];
        readonly additionalProperties: false;
    };
    readonly Trial: {
        readonly type: 'object';
        readonly properties: {
            readonly instance: {
                readonly type: 'string';
            };
            readonly endpoint: {
                readonly type: 'string';
            };
            readonly pages: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly request: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly method: {
                                    readonly type: 'string';
                                };
                                readonly url: {
                                    readonly type: 'string';
                                };
                                readonly headers: {
                                    readonly type: 'object';
                                    readonly additionalProperties: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly body: {};
                            };
                            readonly required: readonly ["method", "url", "headers"];
                            readonly additionalProperties: false;
                        };
                        readonly response: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly status: {
                                    readonly type: 'integer';
                                };
                                readonly headers: {
                                    readonly type: 'object';
                                    readonly additionalProperties: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly body: {};
                                readonly size: {
                                    readonly type: 'integer';
                                };
                                readonly cut: {
                                    readonly const: true;
                                };
                            };
                            readonly required: readonly ["status", "headers", "size"];
                            readonly additionalProperties: false;
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly ms: {
                            readonly type: 'number';
                        };
                        readonly waitMs: {
                            readonly type: 'number';
                        };
                        readonly before: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly request: {
                                        readonly type: 'object';
                                        readonly properties: {
                                            readonly method: {
                                                readonly type: 'string';
                                            };
                                            readonly url: {
                                                readonly type: 'string';
                                            };
                                            readonly headers: {
                                                readonly type: 'object';
                                                readonly additionalProperties: {
                                                    readonly type: 'string';
                                                };
                                            };
                                            readonly body: {};
                                        };
                                        readonly required: readonly ["method", "url", "headers"];
                                        readonly additionalProperties: false;
                                    };
                                    readonly response: {
                                        readonly type: 'object';
                                        readonly properties: {
                                            readonly status: {
                                                readonly type: 'integer';
                                            };
                                            readonly headers: {
                                                readonly type: 'object';
                                                readonly additionalProperties: {
                                                    readonly type: 'string';
                                                };
                                            };
                                            readonly body: {};
                                            readonly size: {
                                                readonly type: 'integer';
                                            };
                                            readonly cut: {
                                                readonly const: true;
                                            };
                                        };
                                        readonly required: readonly ["status", "headers", "size"];
                                        readonly additionalProperties: false;
                                    };
                                    readonly error: {
                                        readonly type: 'object';
                                        readonly properties: {
                                            readonly code: {
                                                readonly type: 'string';
                                            };
                                            readonly message: {
                                                readonly type: 'string';
                                            };
                                            readonly step: {
                                                readonly type: 'string';
                                            };
                                            readonly remedy: {
                                                readonly type: 'string';
                                            };
                                            readonly place: {
                                                readonly type: 'object';
                                                readonly properties: {
                                                    readonly file: {
                                                        readonly type: 'string';
                                                    };
                                                    readonly line: {
                                                        readonly type: 'integer';
                                                    };
                                                    readonly column: {
                                                        readonly type: 'integer';
                                                    };
                                                    readonly pointer: {
                                                        readonly type: 'string';
                                                    };
                                                };
                                                readonly required: readonly [];
                                                readonly additionalProperties: false;
                                            };
                                            readonly details: {
                                                readonly type: 'object';
                                                readonly additionalProperties: true;
                                            };
                                        };
                                        readonly required: readonly ["code", "message"];
                                        readonly additionalProperties: false;
                                    };
                                    readonly ms: {
                                        readonly type: 'number';
                                    };
                                    readonly waitMs: {
                                        readonly type: 'number';
                                    };
                                };
                                readonly required: readonly ["request", "ms", "waitMs"];
                                readonly additionalProperties: false;
                            };
                        };
                        readonly next: {
                            readonly type: 'object';
                            readonly additionalProperties: true;
                        };
                    };
                    readonly required: readonly ["request", "records", "ms", "waitMs", "before"];
                    readonly additionalProperties: false;
                };
            };
            readonly stop: {
                readonly type: 'object';
                readonly properties: {
                    readonly reason: {
                        readonly type: 'string';
                    };
                    readonly byGuess: {
                        readonly type: 'boolean';
                    };
                };
                readonly required: readonly ["reason", "byGuess"];
                readonly additionalProperties: false;
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly schema: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
            readonly example: {
                readonly type: 'object';
                readonly properties: {
                    readonly title: {
                        readonly type: 'string';
                    };
                    readonly request: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly params: {
                                readonly type: 'object';
                                readonly additionalProperties: true;
                            };
                            readonly body: {};
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly response: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly status: {
                                readonly type: 'integer';
                            };
                            readonly headers: {
                                readonly type: 'object';
                                readonly additionalProperties: {
                                    readonly type: 'string';
                                };
                            };
                            readonly body: {};
                        };
                        readonly required: readonly ["status"];
                        readonly additionalProperties: false;
                    };
                };
                readonly required: readonly ["title", "response"];
                readonly additionalProperties: false;
            };
            readonly saved: {
                readonly type: 'object';
                readonly properties: {
                    readonly file: {
                        readonly type: 'string';
                    };
                    readonly pointer: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["file", "pointer"];
                readonly additionalProperties: false;
            };
            readonly detected: {
                readonly type: 'object';
                readonly properties: {
                    readonly records: {
                        readonly type: 'array';
                        readonly items: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly value: {
                                    readonly type: 'string';
                                };
                                readonly score: {
                                    readonly type: 'number';
                                };
                                readonly why: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly ["value", "score", "why"];
                            readonly additionalProperties: false;
                        };
                    };
                    readonly pagination: {
                        readonly type: 'array';
                        readonly items: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly value: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly type: {
                                            readonly type: 'string';
                                        };
                                        readonly settings: {
                                            readonly type: 'object';
                                            readonly additionalProperties: true;
                                        };
                                    };
                                    readonly required: readonly ["type"];
                                    readonly additionalProperties: false;
                                };
                                readonly score: {
                                    readonly type: 'number';
                                };
                                readonly why: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly ["value", "score", "why"];
                            readonly additionalProperties: false;
                        };
                    };
                    readonly record: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["records", "pagination"];
                readonly additionalProperties: false;
            };
            readonly log: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly level: {
                            readonly enum: readonly ["debug", "info", "warn", "error"];
                        };
                        readonly message: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["level", "message"];
                    readonly additionalProperties: false;
                };
            };
            readonly refused: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly code: {
                            readonly type: 'string';
                        };
                        readonly message: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly remedy: {
                            readonly type: 'string';
                        };
                        readonly place: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly file: {
                                    readonly type: 'string';
                                };
                                readonly line: {
                                    readonly type: 'integer';
                                };
                                readonly column: {
                                    readonly type: 'integer';
                                };
                                readonly pointer: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly [];
                            readonly additionalProperties: false;
                        };
                        readonly details: {
                            readonly type: 'object';
                            readonly additionalProperties: true;
                        };
                    };
                    readonly required: readonly ["code", "message"];
                    readonly additionalProperties: false;
                };
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
        };
        readonly required: readonly ["instance", "endpoint", "pages", "records", "log", "refused"];
        readonly additionalProperties: false;
    };
    readonly Detection: {
        readonly type: 'object';
        readonly properties: {
            readonly records: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly value: {
                            readonly type: 'string';
                        };
                        readonly score: {
                            readonly type: 'number';
                        };
                        readonly why: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["value", "score", "why"];
                    readonly additionalProperties: false;
                };
            };
            readonly pagination: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly value: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly type: {
                                    readonly type: 'string';
                                };
                                readonly settings: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["type"];
                            readonly additionalProperties: false;
                        };
                        readonly score: {
                            readonly type: 'number';
                        };
                        readonly why: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["value", "score", "why"];
                    readonly additionalProperties: false;
                };
            };
            readonly record: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
        };
        readonly required: readonly ["records", "pagination"];
        readonly additionalProperties: false;
    };
    readonly Problem: {
        readonly type: 'object';
        readonly properties: {
            readonly type: {
                readonly const: "about:blank";
            };
            readonly title: {
                readonly type: 'string';
            };
            readonly status: {
                readonly type: 'integer';
            };
            readonly code: {
                readonly type: 'string';
            };
            readonly detail: {
                readonly type: 'string';
            };
            readonly remedy: {
                readonly type: 'string';
            };
            readonly pointer: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["type", "title", "status", "code", "detail"];
        readonly additionalProperties: false;
    };
    readonly Place: {
        readonly type: 'object';
        readonly properties: {
            readonly file: {
                readonly type: 'string';
            };
            readonly line: {
                readonly type: 'integer';
            };
            readonly column: {
                readonly type: 'integer';
            };
            readonly pointer: {
                readonly type: 'string';
            };
        };
        readonly required: readonly [];
        readonly additionalProperties: false;
    };
    readonly RunError: {
        readonly type: 'object';
        readonly properties: {
            readonly code: {
                readonly type: 'string';
            };
            readonly message: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly remedy: {
                readonly type: 'string';
            };
            readonly place: {
                readonly type: 'object';
                readonly properties: {
                    readonly file: {
                        readonly type: 'string';
                    };
                    readonly line: {
                        readonly type: 'integer';
                    };
                    readonly column: {
                        readonly type: 'integer';
                    };
                    readonly pointer: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly [];
                readonly additionalProperties: false;
            };
            readonly details: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
        };
        readonly required: readonly ["code", "message"];
        readonly additionalProperties: false;
    };
    readonly PayloadHead: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly mediaType: {
                readonly type: 'string';
            };
            readonly meta: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly body: {
                readonly type: 'string';
            };
            readonly sealed: {
                readonly type: 'string';
            };
            readonly sealedMeta: {
                readonly type: 'string';
            };
            readonly size: {
                readonly type: 'integer';
            };
            readonly records: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["id", "mediaType", "body", "size"];
        readonly additionalProperties: false;
    };
    readonly PageNote: {
        readonly type: 'object';
        readonly properties: {
            readonly index: {
                readonly type: 'integer';
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly stop: {
                readonly type: 'string';
            };
            readonly byGuess: {
                readonly type: 'boolean';
            };
            readonly slice: {
                readonly type: 'string';
            };
            readonly endpoint: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["index", "records", "at"];
        readonly additionalProperties: false;
    };
    readonly StepCounts: {
        readonly type: 'object';
        readonly properties: {
            readonly in: {
                readonly type: 'integer';
            };
            readonly out: {
                readonly type: 'integer';
            };
            readonly failed: {
                readonly type: 'integer';
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly ports: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'integer';
                };
            };
            readonly retries: {
                readonly type: 'integer';
            };
            readonly bytes: {
                readonly type: 'integer';
            };
            readonly requests: {
                readonly type: 'integer';
            };
            readonly connector: {
                readonly type: 'string';
            };
            readonly firstAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly lastAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly pages: {
                readonly type: 'integer';
            };
            readonly lastPages: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly index: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly stop: {
                            readonly type: 'string';
                        };
                        readonly byGuess: {
                            readonly type: 'boolean';
                        };
                        readonly slice: {
                            readonly type: 'string';
                        };
                        readonly endpoint: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["index", "records", "at"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["in", "out", "failed", "records", "durationMs", "ports", "retries"];
        readonly additionalProperties: false;
    };
    readonly RunSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly status: {
                readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
            };
            readonly trigger: {
                readonly type: 'string';
            };
            readonly environment: {
                readonly type: 'string';
            };
            readonly version: {
                readonly type: 'integer';
            };
            readonly queuedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly startedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly failedPayloads: {
                readonly type: 'integer';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly origin: {
                readonly type: 'object';
                readonly properties: {
                    readonly kind: {
                        readonly enum: readonly ["retry", "resume", "replay", "flow"];
                    };
                    readonly run: {
                        readonly type: 'string';
                    };
                    readonly root: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["kind", "run"];
                readonly additionalProperties: false;
            };
            readonly pinned: {
                readonly const: true;
            };
        };
        readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads"];
        readonly additionalProperties: false;
    };
    readonly RunDetail: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly status: {
                readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
            };
            readonly trigger: {
                readonly type: 'string';
            };
            readonly environment: {
                readonly type: 'string';
            };
            readonly version: {
                readonly type: 'integer';
            };
            readonly queuedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly startedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly failedPayloads: {
                readonly type: 'integer';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly origin: {
                readonly type: 'object';
                readonly properties: {
                    readonly kind: {
                        readonly enum: readonly ["retry", "resume", "replay", "flow"];
                    };
                    readonly run: {
                        readonly type: 'string';
                    };
                    readonly root: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["kind", "run"];
                readonly additionalProperties: false;
            };
            readonly pinned: {
                readonly const: true;
            };
            readonly flowVersion: {
                readonly type: 'string';
            };
            readonly seed: {
                readonly type: 'integer';
            };
            readonly input: {
                readonly type: 'object';
                readonly properties: {
                    readonly id: {
                        readonly type: 'string';
                    };
                    readonly mediaType: {
                        readonly type: 'string';
                    };
                    readonly meta: {
                        readonly type: 'object';
                        readonly additionalProperties: {
                            readonly type: 'string';
                        };
                    };
                    readonly body: {
                        readonly type: 'string';
                    };
                    readonly sealed: {
                        readonly type: 'string';
                    };
                    readonly sealedMeta: {
                        readonly type: 'string';
                    };
                    readonly size: {
                        readonly type: 'integer';
                    };
                    readonly records: {
                        readonly type: 'integer';
                    };
                };
                readonly required: readonly ["id", "mediaType", "body", "size"];
                readonly additionalProperties: false;
            };
            readonly steps: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly in: {
                            readonly type: 'integer';
                        };
                        readonly out: {
                            readonly type: 'integer';
                        };
                        readonly failed: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly ports: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'integer';
                            };
                        };
                        readonly retries: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly requests: {
                            readonly type: 'integer';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly firstAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly lastAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly pages: {
                            readonly type: 'integer';
                        };
                        readonly lastPages: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly index: {
                                        readonly type: 'integer';
                                    };
                                    readonly records: {
                                        readonly type: 'integer';
                                    };
                                    readonly stop: {
                                        readonly type: 'string';
                                    };
                                    readonly byGuess: {
                                        readonly type: 'boolean';
                                    };
                                    readonly slice: {
                                        readonly type: 'string';
                                    };
                                    readonly endpoint: {
                                        readonly type: 'string';
                                    };
                                    readonly at: {
                                        readonly type: 'integer';
                                        readonly description: 'Milliseconds since the epoch.';
                                    };
                                };
                                readonly required: readonly ["index", "records", "at"];
                                readonly additionalProperties: false;
                            };
                        };
                    };
                    readonly required: readonly ["in", "out", "failed", "records", "durationMs", "ports", "retries"];
                    readonly additionalProperties: false;
                };
            };
            readonly flowText: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads", "flowVersion", "steps", "flowText"];
        readonly additionalProperties: false;
    };
    readonly RunStarted: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly status: {
                readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
            };
        };
        readonly required: readonly ["run", "status"];
        readonly additionalProperties: false;
    };
    readonly FailureNote: {
        readonly type: 'object';
        readonly properties: {
            readonly code: {
                readonly type: 'string';
            };
            readonly message: {
                readonly type: 'string';
            };
            readonly remedy: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly payload: {
                readonly type: 'string';
            };
            readonly caughtBy: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["code", "message", "step", "payload"];
        readonly additionalProperties: false;
    };
    readonly RunResult: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly status: {
                readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly steps: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly in: {
                            readonly type: 'integer';
                        };
                        readonly out: {
                            readonly type: 'integer';
                        };
                        readonly failed: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly ports: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'integer';
                            };
                        };
                        readonly retries: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly requests: {
                            readonly type: 'integer';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly firstAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly lastAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly pages: {
                            readonly type: 'integer';
                        };
                        readonly lastPages: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly index: {
                                        readonly type: 'integer';
                                    };
                                    readonly records: {
                                        readonly type: 'integer';
                                    };
                                    readonly stop: {
                                        readonly type: 'string';
                                    };
                                    readonly byGuess: {
                                        readonly type: 'boolean';
                                    };
                                    readonly slice: {
                                        readonly type: 'string';
                                    };
                                    readonly endpoint: {
                                        readonly type: 'string';
                                    };
                                    readonly at: {
                                        readonly type: 'integer';
                                        readonly description: 'Milliseconds since the epoch.';
                                    };
                                };
                                readonly required: readonly ["index", "records", "at"];
                                readonly additionalProperties: false;
                            };
                        };
                    };
                    readonly required: readonly ["in", "out", "failed", "records", "durationMs", "ports", "retries"];
                    readonly additionalProperties: false;
                };
            };
            readonly outputs: {
                readonly type: "array";
            };
            readonly failures: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly code: {
                            readonly type: 'string';
                        };
                        readonly message: {
                            readonly type: 'string';
                        };
                        readonly remedy: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly caughtBy: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["code", "message", "step", "payload"];
                    readonly additionalProperties: false;
                };
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
        };
        readonly required: readonly ["run", "status", "durationMs", "steps", "outputs", "failures"];
        readonly additionalProperties: false;
    };
    readonly ReplayResult: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly status: {
                readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly steps: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly in: {
                            readonly type: 'integer';
                        };
                        readonly out: {
                            readonly type: 'integer';
                        };
                        readonly failed: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly ports: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'integer';
                            };
                        };
                        readonly retries: {
                            readonly type: 'integer';
                        };
                        readonly bytes: {
                            readonly type: 'integer';
                        };
                        readonly requests: {
                            readonly type: 'integer';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly firstAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly lastAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly pages: {
                            readonly type: 'integer';
                        };
                        readonly lastPages: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly index: {
                                        readonly type: 'integer';
                                    };
                                    readonly records: {
                                        readonly type: 'integer';
                                    };
                                    readonly stop: {
                                        readonly type: 'string';
                                    };
                                    readonly byGuess: {
                                        readonly type: 'boolean';
                                    };
                                    readonly slice: {
                                        readonly type: 'string';
                                    };
                                    readonly endpoint: {
                                        readonly type: 'string';
                                    };
                                    readonly at: {
                                        readonly type: 'integer';
                                        readonly description: 'Milliseconds since the epoch.';
                                    };
                                };
                                readonly required: readonly ["index", "records", "at"];
                                readonly additionalProperties: false;
                            };
                        };
                    };
                    readonly required: readonly ["in", "out", "failed", "records", "durationMs", "ports", "retries"];
                    readonly additionalProperties: false;
                };
            };
            readonly outputs: {
                readonly type: "array";
            };
            readonly failures: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly code: {
                            readonly type: 'string';
                        };
                        readonly message: {
                            readonly type: 'string';
                        };
                        readonly remedy: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly caughtBy: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["code", "message", "step", "payload"];
                    readonly additionalProperties: false;
                };
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly identical: {
                readonly type: 'boolean';
            };
            readonly differences: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly kind: {
                            readonly enum: readonly ["changed", "missing", "new", "status"];
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly port: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly was: {
                            readonly type: 'string';
                        };
                        readonly is: {
                            readonly type: 'string';
                        };
                        readonly values: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly pointer: {
                                        readonly type: 'string';
                                    };
                                    readonly before: {};
                                    readonly after: {};
                                };
                                readonly required: readonly ["pointer"];
                                readonly additionalProperties: false;
                            };
                        };
                        readonly lines: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'string';
                            };
                        };
                    };
                    readonly required: readonly ["kind"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["run", "status", "durationMs", "steps", "outputs", "failures", "identical", "differences"];
        readonly additionalProperties: false;
    };
    readonly ReplayDifference: {
        readonly type: 'object';
        readonly properties: {
            readonly kind: {
                readonly enum: readonly ["changed", "missing", "new", "status"];
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly port: {
                readonly type: 'string';
            };
            readonly payload: {
                readonly type: 'string';
            };
            readonly was: {
                readonly type: 'string';
            };
            readonly is: {
                readonly type: 'string';
            };
            readonly values: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly pointer: {
                            readonly type: 'string';
                        };
                        readonly before: {};
                        readonly after: {};
                    };
                    readonly required: readonly ["pointer"];
                    readonly additionalProperties: false;
                };
            };
            readonly lines: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
        };
        readonly required: readonly ["kind"];
        readonly additionalProperties: false;
    };
    readonly FlowSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly file: {
                readonly type: 'string';
            };
            readonly title: {
                readonly type: 'string';
            };
            readonly triggers: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly type: {
                            readonly type: 'string';
                        };
                        readonly url: {
                            readonly type: 'string';
                        };
                        readonly next: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'string';
                            };
                        };
                    };
                    readonly required: readonly ["id", "type"];
                    readonly additionalProperties: false;
                };
            };
            readonly enabled: {
                readonly type: 'boolean';
            };
            readonly errors: {
                readonly type: 'integer';
            };
            readonly lastRun: {
                readonly type: 'object';
                readonly properties: {
                    readonly id: {
                        readonly type: 'string';
                    };
                    readonly flow: {
                        readonly type: 'string';
                    };
                    readonly status: {
                        readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
                    };
                    readonly trigger: {
                        readonly type: 'string';
                    };
                    readonly environment: {
                        readonly type: 'string';
                    };
                    readonly version: {
                        readonly type: 'integer';
                    };
                    readonly queuedAt: {
                        readonly type: 'integer';
                        readonly description: 'Milliseconds since the epoch.';
                    };
                    readonly startedAt: {
                        readonly type: 'integer';
                        readonly description: 'Milliseconds since the epoch.';
                    };
                    readonly durationMs: {
                        readonly type: 'number';
                    };
                    readonly failedPayloads: {
                        readonly type: 'integer';
                    };
                    readonly error: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly code: {
                                readonly type: 'string';
                            };
                            readonly message: {
                                readonly type: 'string';
                            };
                            readonly step: {
                                readonly type: 'string';
                            };
                            readonly remedy: {
                                readonly type: 'string';
                            };
                            readonly place: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly file: {
                                        readonly type: 'string';
                                    };
                                    readonly line: {
                                        readonly type: 'integer';
                                    };
                                    readonly column: {
                                        readonly type: 'integer';
                                    };
                                    readonly pointer: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly required: readonly [];
                                readonly additionalProperties: false;
                            };
                            readonly details: {
                                readonly type: 'object';
                                readonly additionalProperties: true;
                            };
                        };
                        readonly required: readonly ["code", "message"];
                        readonly additionalProperties: false;
                    };
                    readonly origin: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly kind: {
                                readonly enum: readonly ["retry", "resume", "replay", "flow"];
                            };
                            readonly run: {
                                readonly type: 'string';
                            };
                            readonly root: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly ["kind", "run"];
                        readonly additionalProperties: false;
                    };
                    readonly pinned: {
                        readonly const: true;
                    };
                };
                readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads"];
                readonly additionalProperties: false;
            };
            readonly deployed: {
                readonly type: 'object';
                readonly properties: {
                    readonly number: {
                        readonly type: 'integer';
                    };
                    readonly hash: {
                        readonly type: 'string';
                    };
                    readonly at: {
                        readonly type: 'integer';
                        readonly description: 'Milliseconds since the epoch.';
                    };
                    readonly by: {
                        readonly type: 'string';
                    };
                    readonly note: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["number", "hash", "at", "by"];
                readonly additionalProperties: false;
            };
            readonly draftDiffers: {
                readonly type: 'boolean';
            };
        };
        readonly required: readonly ["id", "file", "title", "triggers", "enabled", "errors"];
        readonly additionalProperties: false;
    };
    readonly PayloadRow: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly mediaType: {
                readonly type: 'string';
            };
            readonly meta: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly body: {
                readonly type: 'string';
            };
            readonly sealed: {
                readonly type: 'string';
            };
            readonly sealedMeta: {
                readonly type: 'string';
            };
            readonly size: {
                readonly type: 'integer';
            };
            readonly records: {
                readonly type: 'integer';
            };
            readonly side: {
                readonly enum: readonly ['in', 'out', 'failed'];
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly port: {
                readonly type: 'string';
            };
            readonly from: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly caughtBy: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["id", "mediaType", "body", "size", "side", "step", "at"];
        readonly additionalProperties: false;
    };
    readonly ExchangeHead: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly method: {
                readonly type: 'string';
            };
            readonly url: {
                readonly type: 'string';
            };
            readonly requestHeaders: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly requestBody: {
                readonly type: 'string';
            };
            readonly status: {
                readonly type: 'integer';
            };
            readonly responseHeaders: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly responseBody: {
                readonly type: 'string';
            };
            readonly responseSealed: {
                readonly type: 'string';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly attempt: {
                readonly type: 'integer';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly connector: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["id", "method", "url", "requestHeaders", "attempt", "durationMs"];
        readonly additionalProperties: false;
    };
    readonly ExchangeRow: {
        readonly type: 'object';
        readonly properties: {
            readonly id: {
                readonly type: 'string';
            };
            readonly method: {
                readonly type: 'string';
            };
            readonly url: {
                readonly type: 'string';
            };
            readonly requestHeaders: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly requestBody: {
                readonly type: 'string';
            };
            readonly status: {
                readonly type: 'integer';
            };
            readonly responseHeaders: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly responseBody: {
                readonly type: 'string';
            };
            readonly responseSealed: {
                readonly type: 'string';
            };
            readonly error: {
                readonly type: 'object';
                readonly properties: {
                    readonly code: {
                        readonly type: 'string';
                    };
                    readonly message: {
                        readonly type: 'string';
                    };
                    readonly step: {
                        readonly type: 'string';
                    };
                    readonly remedy: {
                        readonly type: 'string';
                    };
                    readonly place: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly file: {
                                readonly type: 'string';
                            };
                            readonly line: {
                                readonly type: 'integer';
                            };
                            readonly column: {
                                readonly type: 'integer';
                            };
                            readonly pointer: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly [];
                        readonly additionalProperties: false;
                    };
                    readonly details: {
                        readonly type: 'object';
                        readonly additionalProperties: true;
                    };
                };
                readonly required: readonly ["code", "message"];
                readonly additionalProperties: false;
            };
            readonly attempt: {
                readonly type: 'integer';
            };
            readonly durationMs: {
                readonly type: 'number';
            };
            readonly connector: {
                readonly type: 'string';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly payload: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["id", "method", "url", "requestHeaders", "attempt", "durationMs", "at"];
        readonly additionalProperties: false;
    };
    readonly LogRow: {
        readonly type: 'object';
        readonly properties: {
            readonly seq: {
                readonly type: 'integer';
            };
            readonly step: {
                readonly type: 'string';
            };
            readonly payload: {
                readonly type: 'string';
            };
            readonly level: {
                readonly enum: readonly ['debug', 'info', 'warn', 'error'];
            };
            readonly message: {
                readonly type: 'string';
            };
            readonly fields: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
        };
        readonly required: readonly ["seq", "level", "message", "at"];
        readonly additionalProperties: false;
    };
    readonly BodyEntry: {
        readonly type: 'object';
        readonly properties: {
            readonly key: {
                readonly type: 'string';
            };
            readonly kind: {
                readonly enum: readonly ['object', 'array', 'string', 'number', 'boolean', 'null', 'text', 'binary'];
            };
            readonly count: {
                readonly type: 'integer';
            };
            readonly value: {};
            readonly cut: {
                readonly type: 'boolean';
            };
        };
        readonly required: readonly ["key", "kind"];
        readonly additionalProperties: false;
    };
    readonly BodyWindow: {
        readonly type: 'object';
        readonly properties: {
            readonly hash: {
                readonly type: 'string';
            };
            readonly size: {
                readonly type: 'integer';
            };
            readonly mediaType: {
                readonly type: 'string';
            };
            readonly kind: {
                readonly enum: readonly ['object', 'array', 'string', 'number', 'boolean', 'null', 'text', 'binary'];
            };
            readonly count: {
                readonly type: 'integer';
            };
            readonly offset: {
                readonly type: 'integer';
            };
            readonly entries: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly key: {
                            readonly type: 'string';
                        };
                        readonly kind: {
                            readonly enum: readonly ['object', 'array', 'string', 'number', 'boolean', 'null', 'text', 'binary'];
                        };
                        readonly count: {
                            readonly type: 'integer';
                        };
                        readonly value: {};
                        readonly cut: {
                            readonly type: 'boolean';
                        };
                    };
                    readonly required: readonly ["key", "kind"];
                    readonly additionalProperties: false;
                };
            };
            readonly value: {};
            readonly cut: {
                readonly type: 'boolean';
            };
        };
        readonly required: readonly ["hash", "size", "mediaType", "kind", "count", "offset", "entries"];
        readonly additionalProperties: false;
    };
    readonly PluginState: {
        readonly type: 'object';
        readonly properties: {
            readonly source: {
                readonly type: 'string';
            };
            readonly state: {
                readonly enum: readonly ["loaded", "failed"];
            };
            readonly provides: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly kind: {
                            readonly type: 'string';
                        };
                        readonly type: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["kind", "type"];
                    readonly additionalProperties: false;
                };
            };
            readonly error: {
                readonly type: 'string';
            };
            readonly line: {
                readonly type: 'integer';
            };
            readonly column: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["source", "state", "provides"];
        readonly additionalProperties: false;
    };
    readonly WorkspaceInfo: {
        readonly type: 'object';
        readonly properties: {
            readonly root: {
                readonly type: 'string';
            };
            readonly title: {
                readonly type: 'string';
            };
            readonly version: {
                readonly type: 'string';
            };
            readonly node: {
                readonly type: 'string';
            };
            readonly environment: {
                readonly type: 'string';
            };
            readonly environments: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly production: {
                            readonly type: 'boolean';
                        };
                    };
                    readonly required: readonly ["id", "production"];
                    readonly additionalProperties: false;
                };
            };
            readonly instances: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly missingSecrets: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'string';
                            };
                        };
                    };
                    readonly required: readonly ["id", "connector", "missingSecrets"];
                    readonly additionalProperties: false;
                };
            };
            readonly connectors: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly title: {
                            readonly type: 'string';
                        };
                        readonly endpoints: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly id: {
                                        readonly type: 'string';
                                    };
                                    readonly title: {
                                        readonly type: 'string';
                                    };
                                    readonly direction: {
                                        readonly type: 'string';
                                    };
                                    readonly params: {
                                        readonly type: 'object';
                                        readonly additionalProperties: true;
                                    };
                                };
                                readonly required: readonly ["id", "title", "direction", "params"];
                                readonly additionalProperties: false;
                            };
                        };
                    };
                    readonly required: readonly ["id", "title", "endpoints"];
                    readonly additionalProperties: false;
                };
            };
            readonly flows: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly scripts: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly schemas: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly lookups: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly plugins: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly source: {
                            readonly type: 'string';
                        };
                        readonly state: {
                            readonly enum: readonly ["loaded", "failed"];
                        };
                        readonly provides: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly kind: {
                                        readonly type: 'string';
                                    };
                                    readonly type: {
                                        readonly type: 'string';
                                    };
                                };
                                readonly required: readonly ["kind", "type"];
                                readonly additionalProperties: false;
                            };
                        };
                        readonly error: {
                            readonly type: 'string';
                        };
                        readonly line: {
                            readonly type: 'integer';
                        };
                        readonly column: {
                            readonly type: 'integer';
                        };
                    };
                    readonly required: readonly ["source", "state", "provides"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["root", "title", "version", "node", "environments", "instances", "connectors", "flows", "scripts", "schemas", "lookups", "plugins"];
        readonly additionalProperties: false;
    };
    readonly Diagnostic: {
        readonly type: 'object';
        readonly properties: {
            readonly file: {
                readonly type: 'string';
            };
            readonly path: {
                readonly type: 'string';
            };
            readonly line: {
                readonly type: 'integer';
            };
            readonly column: {
                readonly type: 'integer';
            };
            readonly endLine: {
                readonly type: 'integer';
            };
            readonly endColumn: {
                readonly type: 'integer';
            };
            readonly severity: {
                readonly enum: readonly ['error', 'warning', 'info'];
            };
            readonly code: {
                readonly type: 'string';
            };
            readonly message: {
                readonly type: 'string';
            };
            readonly fix: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["file", "path", "line", "column", "severity", "code", "message"];
        readonly additionalProperties: false;
    };
    readonly CatalogEntry: {
        readonly type: 'object';
        readonly properties: {
            readonly kind: {
                readonly type: 'string';
            };
            readonly type: {
                readonly type: 'string';
            };
            readonly title: {
                readonly type: 'string';
            };
            readonly summary: {
                readonly type: 'string';
            };
            readonly source: {
                readonly type: 'string';
            };
            readonly settings: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
            readonly examples: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly additionalProperties: true;
                };
            };
        };
        readonly required: readonly ['kind', 'type', 'title', 'summary', 'source', 'settings', 'examples'];
        readonly additionalProperties: true;
    };
    readonly CatalogAnswer: {
        readonly type: 'object';
        readonly properties: {
            readonly plugins: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly kind: {
                            readonly type: 'string';
                        };
                        readonly type: {
                            readonly type: 'string';
                        };
                        readonly title: {
                            readonly type: 'string';
                        };
                        readonly summary: {
                            readonly type: 'string';
                        };
                        readonly source: {
                            readonly type: 'string';
                        };
                        readonly settings: {
                            readonly type: 'object';
                            readonly additionalProperties: true;
                        };
                        readonly examples: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly additionalProperties: true;
                            };
                        };
                    };
                    readonly required: readonly ['kind', 'type', 'title', 'summary', 'source', 'settings', 'examples'];
                    readonly additionalProperties: true;
                };
            };
        };
        readonly required: readonly ["plugins"];
        readonly additionalProperties: false;
    };
    readonly RunEvent: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly seq: {
                readonly type: 'integer';
            };
            readonly event: {
                readonly type: "object";
                readonly properties: {
                    type: {
                        readonly type: 'string';
                    };
                };
                readonly required: readonly ["type"];
                readonly additionalProperties: true;
            };
        };
        readonly required: readonly ["run", "seq", "event"];
        readonly additionalProperties: false;
    };
    readonly SecretName: {
        readonly type: 'object';
        readonly properties: {
            readonly name: {
                readonly type: 'string';
            };
            readonly origin: {
                readonly enum: readonly ["environment", "store", "editor"];
            };
        };
        readonly required: readonly ["name", "origin"];
        readonly additionalProperties: false;
    };
    readonly Value: {
        readonly type: 'object';
        readonly properties: {
            readonly value: {};
        };
        readonly required: readonly [];
        readonly additionalProperties: false;
    };
    readonly LoginStarted: {
        readonly type: 'object';
        readonly properties: {
            readonly url: {
                readonly type: 'string';
            };
            readonly state: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["url", "state"];
        readonly additionalProperties: false;
    };
    readonly LoginFinished: {
        readonly type: 'object';
        readonly properties: {
            readonly instance: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["instance"];
        readonly additionalProperties: false;
    };
    readonly LoginState: {
        readonly type: 'object';
        readonly properties: {
            readonly instance: {
                readonly type: 'string';
            };
            readonly state: {
                readonly enum: readonly ["in", "ended", "out", "unknown"];
            };
            readonly until: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly isRenewed: {
                readonly type: 'boolean';
            };
            readonly problem: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["instance", "state"];
        readonly additionalProperties: false;
    };
    readonly LoginEnded: {
        readonly type: 'object';
        readonly properties: {
            readonly instance: {
                readonly type: 'string';
            };
            readonly isEnded: {
                readonly type: 'boolean';
            };
        };
        readonly required: readonly ["instance", "isEnded"];
        readonly additionalProperties: false;
    };
    readonly Logins: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly instance: {
                    readonly type: 'string';
                };
                readonly state: {
                    readonly enum: readonly ["in", "ended", "out", "unknown"];
                };
                readonly until: {
                    readonly type: 'integer';
                    readonly description: 'Milliseconds since the epoch.';
                };
                readonly isRenewed: {
                    readonly type: 'boolean';
                };
                readonly problem: {
                    readonly type: 'string';
                };
            };
            readonly required: readonly ["instance", "state"];
            readonly additionalProperties: false;
        };
    };
    readonly Import: {
        readonly type: 'object';
        readonly properties: {
            readonly connector: {
                readonly type: 'string';
            };
            readonly manifest: {
                readonly type: 'object';
                readonly additionalProperties: true;
            };
            readonly auth: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly name: {
                            readonly type: 'string';
                        };
                        readonly type: {
                            readonly type: 'string';
                        };
                        readonly secrets: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'string';
                            };
                        };
                    };
                    readonly required: readonly ["name", "type", "secrets"];
                    readonly additionalProperties: false;
                };
            };
            readonly operations: {
                readonly type: 'integer';
            };
            readonly skipped: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly what: {
                            readonly type: 'string';
                        };
                        readonly why: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["what", "why"];
                    readonly additionalProperties: false;
                };
            };
            readonly suggestions: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly kind: {
                            readonly enum: readonly ["pagination", "auth", "direction"];
                        };
                        readonly endpoint: {
                            readonly type: 'string';
                        };
                        readonly value: {};
                        readonly score: {
                            readonly type: 'number';
                        };
                        readonly why: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["kind", "value", "score", "why"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["connector", "manifest", "auth", "operations", "skipped", "suggestions"];
        readonly additionalProperties: false;
    };
    readonly VersionSummary: {
        readonly type: 'object';
        readonly properties: {
            readonly number: {
                readonly type: 'integer';
            };
            readonly hash: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly by: {
                readonly type: 'string';
            };
            readonly note: {
                readonly type: 'string';
            };
        };
        readonly required: readonly ["number", "hash", "at", "by"];
        readonly additionalProperties: false;
    };
    readonly FlowVersions: {
        readonly type: 'object';
        readonly properties: {
            readonly flow: {
                readonly type: 'string';
            };
            readonly deployed: {
                readonly type: 'integer';
            };
            readonly enabled: {
                readonly type: 'boolean';
            };
            readonly draftDiffers: {
                readonly type: 'boolean';
            };
            readonly versions: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly number: {
                            readonly type: 'integer';
                        };
                        readonly hash: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly by: {
                            readonly type: 'string';
                        };
                        readonly note: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["number", "hash", "at", "by"];
                    readonly additionalProperties: false;
                };
            };
            readonly history: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly version: {
                            readonly type: 'integer';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly by: {
                            readonly type: 'string';
                        };
                        readonly action: {
                            readonly enum: readonly ["deploy", "rollback"];
                        };
                    };
                    readonly required: readonly ["version", "at", "by", "action"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["flow", "enabled", "versions", "history"];
        readonly additionalProperties: false;
    };
    readonly VersionDetail: {
        readonly type: 'object';
        readonly properties: {
            readonly number: {
                readonly type: 'integer';
            };
            readonly hash: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly by: {
                readonly type: 'string';
            };
            readonly note: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly engine: {
                readonly type: 'string';
            };
            readonly packages: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
            readonly flows: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
            readonly files: {
                readonly type: 'object';
                readonly additionalProperties: {
                    readonly type: 'string';
                };
            };
        };
        readonly required: readonly ["number", "hash", "at", "by", "flow", "engine", "packages", "flows", "files"];
        readonly additionalProperties: false;
    };
    readonly DeployResult: {
        readonly type: 'object';
        readonly properties: {
            readonly number: {
                readonly type: 'integer';
            };
            readonly hash: {
                readonly type: 'string';
            };
            readonly at: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly by: {
                readonly type: 'string';
            };
            readonly note: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly isNew: {
                readonly type: 'boolean';
            };
            readonly previous: {
                readonly type: 'integer';
            };
            readonly undeployed: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
        };
        readonly required: readonly ["number", "hash", "at", "by", "flow", "isNew"];
        readonly additionalProperties: false;
    };
    readonly FileChange: {
        readonly type: 'object';
        readonly properties: {
            readonly file: {
                readonly type: 'string';
            };
            readonly change: {
                readonly enum: readonly ["added", "removed", "changed"];
            };
            readonly values: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly pointer: {
                            readonly type: 'string';
                        };
                        readonly before: {};
                        readonly after: {};
                    };
                    readonly required: readonly ["pointer"];
                    readonly additionalProperties: false;
                };
            };
            readonly lines: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
        };
        readonly required: readonly ["file", "change"];
        readonly additionalProperties: false;
    };
    readonly VersionDiff: {
        readonly type: 'object';
        readonly properties: {
            readonly flow: {
                readonly type: 'string';
            };
            readonly from: {
                readonly type: 'string';
            };
            readonly to: {
                readonly type: 'string';
            };
            readonly files: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly file: {
                            readonly type: 'string';
                        };
                        readonly change: {
                            readonly enum: readonly ["added", "removed", "changed"];
                        };
                        readonly values: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'object';
                                readonly properties: {
                                    readonly pointer: {
                                        readonly type: 'string';
                                    };
                                    readonly before: {};
                                    readonly after: {};
                                };
                                readonly required: readonly ["pointer"];
                                readonly additionalProperties: false;
                            };
                        };
                        readonly lines: {
                            readonly type: 'array';
                            readonly items: {
                                readonly type: 'string';
                            };
                        };
                    };
                    readonly required: readonly ["file", "change"];
                    readonly additionalProperties: false;
                };
            };
            readonly packages: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly name: {
                            readonly type: 'string';
                        };
                        readonly before: {
                            readonly type: 'string';
                        };
                        readonly after: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["name"];
                    readonly additionalProperties: false;
                };
            };
        };
        readonly required: readonly ["flow", "from", "to", "files", "packages"];
        readonly additionalProperties: false;
    };
    readonly TriggerTimes: {
        readonly type: 'object';
        readonly properties: {
            readonly trigger: {
                readonly type: 'string';
            };
            readonly type: {
                readonly type: 'string';
            };
            readonly times: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'string';
                };
            };
        };
        readonly required: readonly ["trigger", "type", "times"];
        readonly additionalProperties: false;
    };
    readonly FlowSchedule: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly trigger: {
                    readonly type: 'string';
                };
                readonly type: {
                    readonly type: 'string';
                };
                readonly times: {
                    readonly type: 'array';
                    readonly items: {
                        readonly type: 'string';
                    };
                };
            };
            readonly required: readonly ["trigger", "type", "times"];
            readonly additionalProperties: false;
        };
    };
    readonly Flows: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly id: {
                    readonly type: 'string';
                };
                readonly file: {
                    readonly type: 'string';
                };
                readonly title: {
                    readonly type: 'string';
                };
                readonly triggers: {
                    readonly type: 'array';
                    readonly items: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly id: {
                                readonly type: 'string';
                            };
                            readonly type: {
                                readonly type: 'string';
                            };
                            readonly url: {
                                readonly type: 'string';
                            };
                            readonly next: {
                                readonly type: 'array';
                                readonly items: {
                                    readonly type: 'string';
                                };
                            };
                        };
                        readonly required: readonly ["id", "type"];
                        readonly additionalProperties: false;
                    };
                };
                readonly enabled: {
                    readonly type: 'boolean';
                };
                readonly errors: {
                    readonly type: 'integer';
                };
                readonly lastRun: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly status: {
                            readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
                        };
                        readonly trigger: {
                            readonly type: 'string';
                        };
                        readonly environment: {
                            readonly type: 'string';
                        };
                        readonly version: {
                            readonly type: 'integer';
                        };
                        readonly queuedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly startedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly failedPayloads: {
                            readonly type: 'integer';
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly step: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                                readonly place: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly file: {
                                            readonly type: 'string';
                                        };
                                        readonly line: {
                                            readonly type: 'integer';
                                        };
                                        readonly column: {
                                            readonly type: 'integer';
                                        };
                                        readonly pointer: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly [];
                                    readonly additionalProperties: false;
                                };
                                readonly details: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                        readonly origin: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly kind: {
                                    readonly enum: readonly ["retry", "resume", "replay", "flow"];
                                };
                                readonly run: {
                                    readonly type: 'string';
                                };
                                readonly root: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly ["kind", "run"];
                            readonly additionalProperties: false;
                        };
                        readonly pinned: {
                            readonly const: true;
                        };
                    };
                    readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads"];
                    readonly additionalProperties: false;
                };
                readonly deployed: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly number: {
                            readonly type: 'integer';
                        };
                        readonly hash: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly by: {
                            readonly type: 'string';
                        };
                        readonly note: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["number", "hash", "at", "by"];
                    readonly additionalProperties: false;
                };
                readonly draftDiffers: {
                    readonly type: 'boolean';
                };
            };
            readonly required: readonly ["id", "file", "title", "triggers", "enabled", "errors"];
            readonly additionalProperties: false;
        };
    };
    readonly Plugins: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly source: {
                    readonly type: 'string';
                };
                readonly state: {
                    readonly enum: readonly ["loaded", "failed"];
                };
                readonly provides: {
                    readonly type: 'array';
                    readonly items: {
                        readonly type: 'object';
                        readonly properties: {
                            readonly kind: {
                                readonly type: 'string';
                            };
                            readonly type: {
                                readonly type: 'string';
                            };
                        };
                        readonly required: readonly ["kind", "type"];
                        readonly additionalProperties: false;
                    };
                };
                readonly error: {
                    readonly type: 'string';
                };
                readonly line: {
                    readonly type: 'integer';
                };
                readonly column: {
                    readonly type: 'integer';
                };
            };
            readonly required: readonly ["source", "state", "provides"];
            readonly additionalProperties: false;
        };
    };
    readonly Diagnostics: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly file: {
                    readonly type: 'string';
                };
                readonly path: {
                    readonly type: 'string';
                };
                readonly line: {
                    readonly type: 'integer';
                };
                readonly column: {
                    readonly type: 'integer';
                };
                readonly endLine: {
                    readonly type: 'integer';
                };
                readonly endColumn: {
                    readonly type: 'integer';
                };
                readonly severity: {
                    readonly enum: readonly ['error', 'warning', 'info'];
                };
                readonly code: {
                    readonly type: 'string';
                };
                readonly message: {
                    readonly type: 'string';
                };
                readonly fix: {
                    readonly type: 'string';
                };
            };
            readonly required: readonly ["file", "path", "line", "column", "severity", "code", "message"];
            readonly additionalProperties: false;
        };
    };
    readonly Secrets: {
        readonly type: 'array';
        readonly items: {
            readonly type: 'object';
            readonly properties: {
                readonly name: {
                    readonly type: 'string';
                };
                readonly origin: {
                    readonly enum: readonly ["environment", "store", "editor"];
                };
            };
            readonly required: readonly ["name", "origin"];
            readonly additionalProperties: false;
        };
    };
    readonly RunPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly status: {
                            readonly enum: readonly ["queued", "running", "success", "partial-success", "failed", "stopped", "interrupted"];
                        };
                        readonly trigger: {
                            readonly type: 'string';
                        };
                        readonly environment: {
                            readonly type: 'string';
                        };
                        readonly version: {
                            readonly type: 'integer';
                        };
                        readonly queuedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly startedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly failedPayloads: {
                            readonly type: 'integer';
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly step: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                                readonly place: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly file: {
                                            readonly type: 'string';
                                        };
                                        readonly line: {
                                            readonly type: 'integer';
                                        };
                                        readonly column: {
                                            readonly type: 'integer';
                                        };
                                        readonly pointer: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly [];
                                    readonly additionalProperties: false;
                                };
                                readonly details: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                        readonly origin: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly kind: {
                                    readonly enum: readonly ["retry", "resume", "replay", "flow"];
                                };
                                readonly run: {
                                    readonly type: 'string';
                                };
                                readonly root: {
                                    readonly type: 'string';
                                };
                            };
                            readonly required: readonly ["kind", "run"];
                            readonly additionalProperties: false;
                        };
                        readonly pinned: {
                            readonly const: true;
                        };
                    };
                    readonly required: readonly ["id", "flow", "status", "trigger", "queuedAt", "failedPayloads"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly PayloadPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly mediaType: {
                            readonly type: 'string';
                        };
                        readonly meta: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'string';
                            };
                        };
                        readonly body: {
                            readonly type: 'string';
                        };
                        readonly sealed: {
                            readonly type: 'string';
                        };
                        readonly sealedMeta: {
                            readonly type: 'string';
                        };
                        readonly size: {
                            readonly type: 'integer';
                        };
                        readonly records: {
                            readonly type: 'integer';
                        };
                        readonly side: {
                            readonly enum: readonly ['in', 'out', 'failed'];
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly port: {
                            readonly type: 'string';
                        };
                        readonly from: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly step: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                                readonly place: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly file: {
                                            readonly type: 'string';
                                        };
                                        readonly line: {
                                            readonly type: 'integer';
                                        };
                                        readonly column: {
                                            readonly type: 'integer';
                                        };
                                        readonly pointer: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly [];
                                    readonly additionalProperties: false;
                                };
                                readonly details: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                        readonly caughtBy: {
                            readonly type: 'string';
                        };
                    };
                    readonly required: readonly ["id", "mediaType", "body", "size", "side", "step", "at"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly ExchangePage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly id: {
                            readonly type: 'string';
                        };
                        readonly method: {
                            readonly type: 'string';
                        };
                        readonly url: {
                            readonly type: 'string';
                        };
                        readonly requestHeaders: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'string';
                            };
                        };
                        readonly requestBody: {
                            readonly type: 'string';
                        };
                        readonly status: {
                            readonly type: 'integer';
                        };
                        readonly responseHeaders: {
                            readonly type: 'object';
                            readonly additionalProperties: {
                                readonly type: 'string';
                            };
                        };
                        readonly responseBody: {
                            readonly type: 'string';
                        };
                        readonly responseSealed: {
                            readonly type: 'string';
                        };
                        readonly error: {
                            readonly type: 'object';
                            readonly properties: {
                                readonly code: {
                                    readonly type: 'string';
                                };
                                readonly message: {
                                    readonly type: 'string';
                                };
                                readonly step: {
                                    readonly type: 'string';
                                };
                                readonly remedy: {
                                    readonly type: 'string';
                                };
                                readonly place: {
                                    readonly type: 'object';
                                    readonly properties: {
                                        readonly file: {
                                            readonly type: 'string';
                                        };
                                        readonly line: {
                                            readonly type: 'integer';
                                        };
                                        readonly column: {
                                            readonly type: 'integer';
                                        };
                                        readonly pointer: {
                                            readonly type: 'string';
                                        };
                                    };
                                    readonly required: readonly [];
                                    readonly additionalProperties: false;
                                };
                                readonly details: {
                                    readonly type: 'object';
                                    readonly additionalProperties: true;
                                };
                            };
                            readonly required: readonly ["code", "message"];
                            readonly additionalProperties: false;
                        };
                        readonly attempt: {
                            readonly type: 'integer';
                        };
                        readonly durationMs: {
                            readonly type: 'number';
                        };
                        readonly connector: {
                            readonly type: 'string';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["id", "method", "url", "requestHeaders", "attempt", "durationMs", "at"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly LogPage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly seq: {
                            readonly type: 'integer';
                        };
                        readonly step: {
                            readonly type: 'string';
                        };
                        readonly payload: {
                            readonly type: 'string';
                        };
                        readonly level: {
                            readonly enum: readonly ['debug', 'info', 'warn', 'error'];
                        };
                        readonly message: {
                            readonly type: 'string';
                        };
                        readonly fields: {
                            readonly type: 'object';
                            readonly additionalProperties: true;
                        };
                        readonly at: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                    };
                    readonly required: readonly ["seq", "level", "message", "at"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total"];
        readonly additionalProperties: false;
    };
    readonly QueueRow: {
        readonly type: 'object';
        readonly properties: {
            readonly run: {
                readonly type: 'string';
            };
            readonly flow: {
                readonly type: 'string';
            };
            readonly trigger: {
                readonly type: 'string';
            };
            readonly environment: {
                readonly type: 'string';
            };
            readonly version: {
                readonly type: 'integer';
            };
            readonly isAtWork: {
                readonly type: 'boolean';
            };
            readonly priority: {
                enum: readonly ["highest", "high", "regular", "low", "lowest"];
            };
            readonly queuedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly startedAt: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly notBefore: {
                readonly type: 'integer';
                readonly description: 'Milliseconds since the epoch.';
            };
            readonly flowLimit: {
                readonly type: 'integer';
            };
            readonly flowAtWork: {
                readonly type: 'integer';
            };
            readonly owner: {
                readonly type: 'string';
            };
            readonly isOwn: {
                readonly type: 'boolean';
            };
            readonly strikes: {
                readonly type: 'integer';
            };
            readonly isStopping: {
                readonly type: 'boolean';
            };
            readonly waitsFor: {
                readonly enum: readonly ["time", "flow-limit", "earlier-run", "turn"];
            };
        };
        readonly required: readonly ["run", "flow", "trigger", "isAtWork", "priority", "queuedAt", "flowAtWork", "strikes"];
        readonly additionalProperties: false;
    };
    readonly QueuePage: {
        readonly type: 'object';
        readonly properties: {
            readonly items: {
                readonly type: 'array';
                readonly items: {
                    readonly type: 'object';
                    readonly properties: {
                        readonly run: {
                            readonly type: 'string';
                        };
                        readonly flow: {
                            readonly type: 'string';
                        };
                        readonly trigger: {
                            readonly type: 'string';
                        };
                        readonly environment: {
                            readonly type: 'string';
                        };
                        readonly version: {
                            readonly type: 'integer';
                        };
                        readonly isAtWork: {
                            readonly type: 'boolean';
                        };
                        readonly priority: {
                            enum: readonly ["highest", "high", "regular", "low", "lowest"];
                        };
                        readonly queuedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly startedAt: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly notBefore: {
                            readonly type: 'integer';
                            readonly description: 'Milliseconds since the epoch.';
                        };
                        readonly flowLimit: {
                            readonly type: 'integer';
                        };
                        readonly flowAtWork: {
                            readonly type: 'integer';
                        };
                        readonly owner: {
                            readonly type: 'string';
                        };
                        readonly isOwn: {
                            readonly type: 'boolean';
                        };
                        readonly strikes: {
                            readonly type: 'integer';
                        };
                        readonly isStopping: {
                            readonly type: 'boolean';
                        };
                        readonly waitsFor: {
                            readonly enum: readonly ["time", "flow-limit", "earlier-run", "turn"];
                        };
                    };
                    readonly required: readonly ["run", "flow", "trigger", "isAtWork", "priority", "queuedAt", "flowAtWork", "strikes"];
                    readonly additionalProperties: false;
                };
            };
            readonly page: {
                readonly type: 'integer';
            };
            readonly perPage: {
                readonly type: 'integer';
            };
            readonly total: {
                readonly type: 'integer';
            };
            readonly atWork: {
                readonly type: 'integer';
            };
            readonly waiting: {
                readonly type: 'integer';
            };
            readonly limit: {
                readonly type: 'integer';
            };
        };
        readonly required: readonly ["items", "page", "perPage", "total", "atWork", "waiting", "limit"];
        readonly additionalProperties: false;
    };
};
export type SchemaName = keyof typeof schemas;
/** Does not compile where a schema and the type of the model say different things. */
type Fits<S, T> = Infer<S> extends T ? (keyof T extends keyof Infer<S> ? true : false) : false;
type Assert<T extends true> = T;
type All = typeof schemas;
export type Checks = [
    Assert<Fits<All['Problem'], api.Problem>>,
    Assert<Fits<All['RunError'], RunError>>,
    Assert<Fits<All['PayloadHead'], PayloadHead>>,
    Assert<Fits<All['PageNote'], PageNote>>,
    Assert<Fits<All['StepCounts'], StepCounts>>,
    Assert<Fits<All['RunSummary'], api.RunSummary>>,
    Assert<Fits<All['RunDetail'], api.RunDetail>>,
    Assert<Fits<All['RunStarted'], api.RunStarted>>,
    Assert<Fits<All['FailureNote'], api.FailureNote>>,
    Assert<Fits<All['RunResult'], api.RunResult>>,
    Assert<Fits<All['ReplayResult'], api.ReplayResult>>,
    Assert<Fits<All['FlowSummary'], api.FlowSummary>>,
    Assert<Fits<All['TriggerTimes'], api.TriggerTimes>>,
    Assert<Fits<All['PayloadRow'], api.PayloadRow>>,
    Assert<Fits<All['ExchangeHead'], ExchangeHead>>,
    Assert<Fits<All['ExchangeRow'], api.ExchangeRow>>,
    Assert<Fits<All['LogRow'], api.LogRow>>,
    Assert<Fits<All['BodyEntry'], api.BodyEntry>>,
    Assert<Fits<All['BodyWindow'], api.BodyWindow>>,
    Assert<Fits<All['PluginState'], api.PluginState>>,
    Assert<Fits<All['WorkspaceInfo'], api.WorkspaceInfo>>,
    Assert<Fits<All['VersionSummary'], api.VersionSummary>>,
    Assert<Fits<All['FlowVersions'], api.FlowVersions>>,
    Assert<Fits<All['VersionDetail'], api.VersionDetail>>,
    Assert<Fits<All['DeployResult'], api.DeployResult>>,
    Assert<Fits<All['FileChange'], api.FileChange>>,
    Assert<Fits<All['VersionDiff'], api.VersionDiff>>,
    Assert<Fits<All['CacheSummary'], api.CacheSummary>>,
    Assert<Fits<All['CacheKeyRow'], api.CacheKeyRow>>,
    Assert<Fits<All['CachedRow'], api.CachedRow>>,
    Assert<Fits<All['PoolSummary'], api.PoolSummary>>,
    Assert<Fits<All['PoolValueRow'], api.PoolValueRow>>,
    Assert<Fits<All['TrackedRow'], api.TrackedRow>>,
    Assert<Fits<All['LookupSummary'], api.LookupSummary>>,
    Assert<Fits<All['LookupPage'], api.LookupPage>>,
    Assert<Fits<All['StateChange'], api.StateChange>>,
    Assert<Fits<All['QueueRow'], api.QueueRow>>,
    Assert<Fits<All['QueuePage'], api.QueuePage>>,
    Assert<Fits<All['RunActionsResult'], api.RunActionsResult>>,
    Assert<Fits<All['PayloadSearch'], api.PayloadSearch>>,
    Assert<Fits<All['Insights'], api.Insights>>,
    Assert<Fits<All['AuditRow'], api.AuditRow>>,
    Assert<Fits<All['NotificationState'], api.NotificationState>>,
    Assert<Fits<All['NotificationTest'], api.NotificationTest>>,
    Assert<Fits<All['Trial'], Trial>>,
    Assert<Fits<All['Detection'], Detection>>,
    Assert<Fits<All['Diagnostic'], Diagnostic>>
];
export {};
