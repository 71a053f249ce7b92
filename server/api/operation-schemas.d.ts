/** Schemas of what the API says about actions on runs, searches, insights, the audit log and notifications. */
export declare const operationSchemasOf: <const S>(runSummary: S) => {
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
                        readonly run: S & object;
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
};
