/** What the schemas of answers are built of. */
export declare const text: {
    readonly type: 'string';
};
export declare const integer: {
    readonly type: 'integer';
};
export declare const number: {
    readonly type: 'number';
};
export declare const flag: {
    readonly type: 'boolean';
};
export declare const time: {
    readonly type: 'integer';
    readonly description: 'Milliseconds since the epoch.';
};
export declare const texts: {
    readonly type: 'object';
    readonly additionalProperties: {
        readonly type: 'string';
    };
};
export declare const anyObject: {
    readonly type: 'object';
    readonly additionalProperties: true;
};
export declare const listOf: <const S>(items: S) => {
    readonly type: 'array';
    readonly items: S;
};
export declare const mapOf: <const S>(values: S) => {
    readonly type: 'object';
    readonly additionalProperties: S;
};
export declare const object: <const P extends Record<string, object>, const R extends readonly (keyof P & string)[]>(properties: P, required: R) => {
    readonly type: 'object';
    readonly properties: P;
    readonly required: R;
    readonly additionalProperties: false;
};
export declare const pageOf: <const S>(items: S) => {
    readonly type: 'object';
    readonly properties: {
        readonly items: {
            readonly type: 'array';
            readonly items: S;
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
