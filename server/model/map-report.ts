import type { RuleSuggestion } from './auto-map.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Lineage } from './lineage.ts';
import type { MapFinding } from './map-check.ts';
import type { RunError } from './run-event.ts';

/** What a side of a mapping is known to be. */
export interface MapSide {
  /** JSON Schema of a record; open where nothing is known. */
  readonly schema: object;
  /** From where it is known, in words; absent where it is not. */
  readonly from?: string;
  /** JSON Schema of what does come, where `schema` says what may come at most, as of what a map makes. */
  readonly likely?: object;
}

export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface MapCheck {
  readonly source: MapSide;
  readonly target: MapSide;
  /** JSON Schema of what the rules make. */
  readonly output: object;
  /** `at`: where it stands; absent of settings that stand in no file. */
  readonly findings: readonly (MapFinding & { readonly at?: FilePlace })[];
  /** Why the definition itself cannot be used, beside the findings. */
  readonly faults: readonly Diagnostic[];
}

export interface MapLineage extends Lineage {
  readonly source: MapSide;
  readonly target: MapSide;
}

export interface MapSuggestions {
  readonly source: MapSide;
  readonly target: MapSide;
  /** The surest first. */
  readonly suggestions: readonly RuleSuggestion[];
}

/** What a mapping makes of one record. */
export interface MapTrial {
  /** The record that was mapped, and from where it came: `given`, or a run. */
  readonly input: unknown;
  readonly from: string;
  /** Records of the same payload. */
  readonly records: number;
  /** Absent where it failed. */
  readonly output?: unknown;
  /** Of each rule of the settings, in their order: the values at its target, or why it fails by itself. */
  readonly fields: readonly { readonly rule: number; readonly to: string; readonly values: readonly unknown[]; readonly error?: RunError }[];
  /** What the target’s schema says against the output. */
  readonly faults: readonly MapFault[];
  readonly error?: RunError;
}

export interface MapFault {
  /** JSON pointer into the output. */
  readonly pointer: string;
  readonly message: string;
}

/** Longest time of a test with inputs that are made up. */
export const mapTestSeconds = 30;

/** What came of inputs that were made up. */
export interface MapTest {
  readonly source: MapSide;
  readonly target: MapSide;
  readonly seed: number;
  /** Inputs that were mapped, up to the first that fails. */
  readonly inputs: number;
  /** How many were asked for. */
  readonly asked: number;
  /** Why it ended early, with fewer inputs or in the midst of the search for the smallest: the time was over, or too few inputs could be made that fit the source. Absent where it did not. */
  readonly ended?: 'time' | 'unfit';
  /** Rules that were applied to nothing of all inputs; absent where an input failed, since others were not mapped then. `pointer`: where it stands, in the settings or in the mapping file; `at` absent of settings that stand in no file. */
  readonly unreached?: readonly { readonly to: string; readonly pointer: string; readonly at?: FilePlace }[];
  /** The smallest input that was found for which the mapping fails, or gives what does not fit the target; absent where there is none. */
  readonly counterexample?: { readonly input: unknown; readonly output?: unknown; readonly faults: readonly MapFault[]; readonly error?: RunError };
}
