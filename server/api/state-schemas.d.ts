export declare const trackedRow: {
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
/** Schemas of what the API says about caches, pools, tracked data and lookups. */
export declare const stateSchemas: {
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
};
