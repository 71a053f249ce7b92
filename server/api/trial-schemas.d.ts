/** Schemas of what the API says about endpoints that are tried out. `runError`: that of the others. */
export declare const trialSchemasOf: <const S extends object>(runError: S) => {
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
                        readonly error: S;
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
                                    readonly error: S;
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
                readonly items: S;
            };
            readonly error: S;
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
};
