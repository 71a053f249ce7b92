import type { Fault } from './fault.ts';

/** `flows/<id>.test.json`: cases of a flow, run without a network. */
export interface TestFile {
  readonly version: 1;
  readonly title?: string;
  readonly description?: string;
  /** Default the flow of the same name. */
  readonly flow?: string;
  /** For all cases that do not say otherwise. */
  readonly given?: TestGiven;
  /** After those of a case. */
  readonly mocks?: readonly TestMock[];
  readonly cases: Readonly<Record<string, TestCase>>;
}

export interface TestCase {
  readonly description?: string;
  /** Why it is not run. */
  readonly skip?: string;
  readonly given?: TestGiven;
  /** Before those of the file. */
  readonly mocks?: readonly TestMock[];
  readonly expect?: TestExpectation;
  /** The case is run for each row: rows as they stand here, or a JSON or CSV file. `{{ row.name }}` reads them, anywhere in the case. */
  readonly table?: string | readonly Readonly<Record<string, unknown>>[];
  /** The case is run with payloads that are made up from a schema, and what fails is made as small as can be. */
  readonly generate?: TestGenerate;
}

/** A document: one of the three. */
export interface TestDocument {
  readonly json?: unknown;
  readonly text?: string;
  /** Path below the root of the workspace. */
  readonly file?: string;
  /** Default by what it is, or by the ending of the file. */
  readonly mediaType?: string;
  readonly meta?: Readonly<Record<string, string>>;
}

export interface TestGiven {
  readonly payload?: TestDocument;
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** ISO 8601; default 2026-01-01T00:00:00Z. */
  readonly now?: string;
  /** Default 1. */
  readonly seed?: number;
  /** Only the steps from here, to here (with it). */
  readonly from?: string;
  readonly until?: string;
  /** Cache → key → documents: one, or a list of several under `$all`. */
  readonly caches?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Pool → values that passed before. */
  readonly pools?: Readonly<Record<string, readonly (string | { readonly value: string; readonly entity: string })[]>>;
  /** Step → how far its incremental reading had got: one value, or slice → value. */
  readonly cursors?: Readonly<Record<string, string | number | Readonly<Record<string, string | number>>>>;
  /** The process dies when this step is through with so many payloads, and another goes on. */
  readonly crash?: { readonly step: string; readonly after: number };
}

export interface TestGenerate {
  /** A JSON Schema, or a file of one: path below the root of the workspace. */
  readonly schema: string | Readonly<Record<string, unknown>>;
  /** How many; default 50. */
  readonly inputs?: number;
}

export type TestMock = HttpMock | StepMock | FlowMock | ConnectorMock | RecordingMock;

/** Answers requests that fit. */
export interface HttpMock {
  readonly request: TestRequest;
  /** A list is used up, one for each request; a single one answers them all. */
  readonly answer: TestAnswer | readonly TestAnswer[];
}

/** What a request is; what is not said does not matter. */
export interface TestRequest {
  /** Of the step that asks. */
  readonly instance?: string;
  readonly endpoint?: string;
  readonly step?: string;
  /** Whose step it is: the flow itself, or one that it calls. */
  readonly flow?: string;
  readonly method?: string;
  /** Whole, or from the path on; `*` stands for anything. Without a query only the rest is compared. */
  readonly url?: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** May hold matchers. */
  readonly json?: unknown;
  readonly text?: unknown;
}

export interface TestAnswer extends TestDocument {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** No answer: none in time, or no connection. */
  readonly fault?: 'time-out' | 'unreachable';
}

/** Takes the place of a step: each payload gives these outputs, or fails. */
export interface StepMock {
  readonly step: string;
  readonly outputs?: readonly (TestDocument & { readonly port?: string })[];
  readonly error?: string;
}

/** Takes the place of a flow that is called: each call gives these outputs, or fails. */
export interface FlowMock {
  readonly flow: string;
  readonly outputs?: readonly TestDocument[];
  readonly error?: string;
}

/** The mock of a connector answers, as `patchbay mock` would. */
export interface ConnectorMock {
  readonly connector: string;
  readonly records?: number;
  readonly seed?: number;
  readonly faults?: readonly Fault[];
}

/** Exchanges of a run that were kept in a file, answered as they were. */
export interface RecordingMock {
  readonly recording: string;
}

/** What a recording file of a test holds. */
export interface TestRecording {
  readonly version: 1;
  readonly exchanges: readonly {
    readonly step?: string;
    readonly method: string;
    readonly url: string;
    /** SHA-256 of the body that was sent, in hex. */
    readonly sent?: string;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Text, or bytes as Base64. */
    readonly body?: string;
    readonly base64?: true;
    readonly fault?: string;
    /** Another failure than one of those. */
    readonly error?: { readonly code: string; readonly message: string; readonly details?: Readonly<Record<string, unknown>> };
  }[];
}

/** What is expected; what is not said does not matter. */
export interface TestExpectation {
  /** Default `success`. */
  readonly status?: 'success' | 'partial-success' | 'failed';
  readonly error?: ExpectedError;
  /** What leaves the flow at its ends: end by end, and at each in order. */
  readonly outputs?: readonly ExpectedDocument[];
  readonly steps?: Readonly<Record<string, ExpectedStep>>;
  /** All requests that were made: those of one step in order, steps in any. */
  readonly requests?: readonly TestRequest[];
  /** Payloads that failed: step by step, and at each in order. */
  readonly failures?: readonly (ExpectedError & { readonly caughtBy?: string })[];
  readonly reply?: ExpectedDocument & { readonly status?: number; readonly headers?: Readonly<Record<string, unknown>> };
  /** Entries that must be in the log, in this order. */
  readonly logs?: readonly { readonly step?: string; readonly level?: string; readonly message?: unknown }[];
  readonly caches?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** All values of the pool. */
  readonly pools?: Readonly<Record<string, readonly (string | { readonly value: string; readonly entity: string })[]>>;
  /** Values of flow variables at the end. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Outputs and requests are those of the last time that they were written. */
  readonly snapshot?: true | { readonly ignore?: readonly string[] };
}

export interface ExpectedError {
  readonly code?: string;
  readonly step?: string;
  readonly message?: unknown;
}

export interface ExpectedDocument {
  readonly json?: unknown;
  readonly text?: unknown;
  readonly file?: string;
  readonly mediaType?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface ExpectedStep {
  /** How many payloads. */
  readonly in?: number;
  readonly out?: number;
  readonly failed?: number;
  readonly records?: number;
  readonly requests?: number;
  readonly pages?: number;
  /** What came to the step, in order. */
  readonly inputs?: readonly ExpectedDocument[];
  /** Port → what it gave there, in order. */
  readonly outputs?: Readonly<Record<string, readonly ExpectedDocument[]>>;
}

/** Ways to say less than a value in what is expected: an object with this one key. */
export const matchers = ['$any', '$type', '$match', '$near', '$has', '$length', '$is', '$absent'] as const;
/** Of values in pools that name none, as in the shape `de-dupe`. */
export const usualEntity = 'record';
export const usualNow = '2026-01-01T00:00:00.000Z';
