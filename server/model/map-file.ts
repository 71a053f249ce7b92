/** `maps/<id>.map.json`: rules of a map that several steps share, or a part of another mapping. */
export interface MapFile {
  readonly version: 1;
  readonly title?: string;
  readonly description?: string;
  /** As in the settings of the shape `map`; no expression in them may ask for anything. */
  readonly rules: readonly unknown[];
  readonly passThrough?: boolean;
  /** Files below `schemas/`: what the rules read, and a record that they make. */
  readonly source?: string;
  readonly target?: string;
}
