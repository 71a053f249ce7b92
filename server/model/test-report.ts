import type { FinalStatus, StepCounts } from './run-event.ts';

/** What became of tests. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly durationMs: number;
  readonly cases: readonly CaseReport[];
  readonly coverage: readonly FlowCoverage[];
  /** The same of mapping files. */
  readonly maps: readonly MapCoverage[];
  /** Mocks that no longer answer as their connectors say. */
  readonly stale: readonly StaleMock[];
  /** Snapshots that were written, as files below the root. */
  readonly written: readonly string[];
}

export interface StaleMock {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface CaseReport {
  /** Below the root. */
  readonly file: string;
  readonly name: string;
  /** Of a case with a table: which row, from 1. */
  readonly row?: number;
  readonly flow: string;
  /** Of its name in the file, from 1. */
  readonly line: number;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly failures: readonly CaseFailure[];
  /** Why it was skipped. */
  readonly reason?: string;
  /** How the run ended; absent where there was none. */
  readonly run?: { readonly status: FinalStatus; readonly steps: Readonly<Record<string, StepCounts>> };
  /** With which payload it failed, where payloads were made up: the smallest that was found. */
  readonly input?: unknown;
}

/** Something that was expected and is otherwise. */
export interface CaseFailure {
  readonly message: string;
  /** The expectation, as a JSON pointer into the file. */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  /** Where in the value, as a JSON pointer; `''` is all of it. */
  readonly place?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly step?: string;
  readonly remedy?: string;
}

/** What of a flow was run by cases. */
export interface FlowCoverage {
  readonly flow: string;
  readonly file: string;
  readonly steps: readonly StepCoverage[];
}

export interface StepCoverage {
  readonly id: string;
  /** From 1. */
  readonly line: number;
  /** Payloads that came. */
  readonly count: number;
  /** Port → payloads that left there. */
  readonly ports: Readonly<Record<string, number>>;
  readonly conditions: readonly ConditionCoverage[];
  readonly rules: readonly RuleCoverage[];
}

/** A condition of a route, a filter, an assertion or a rule: how often it held, and how often it did not. */
export interface ConditionCoverage {
  /** In the file. */
  readonly pointer: string;
  readonly line: number;
  /** What it says, in short. */
  readonly text: string;
  readonly holds: number;
  readonly fails: number;
}

/** A rule of a mapping: how often it gave a value, its default, nothing, and how often its conditions kept it from being applied. */
export interface RuleCoverage {
  readonly pointer: string;
  readonly line: number;
  readonly to: string;
  readonly value: number;
  /** Of a rule that has one. */
  readonly default?: number;
  readonly nothing: number;
  /** Of a rule with conditions. */
  readonly skipped?: number;
}

/** What of a mapping file was run by cases. */
export interface MapCoverage {
  readonly map: string;
  readonly file: string;
  readonly conditions: readonly ConditionCoverage[];
  readonly rules: readonly RuleCoverage[];
}

/** A run that became a case. */
export interface SavedCase {
  /** The tests, below the root. */
  readonly file: string;
  readonly name: string;
  /** Everything that was written. */
  readonly written: readonly string[];
  /** What the case does otherwise than the run did, or cannot know. */
  readonly notes: readonly string[];
}

export interface TestFileSummary {
  readonly file: string;
  readonly flow: string;
  readonly title?: string;
  /** Cases with the lines of their names, from 1. */
  readonly cases: readonly { readonly name: string; readonly line: number; readonly skip?: string }[];
}
