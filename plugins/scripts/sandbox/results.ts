export interface BatchResults {
  readonly outputs: readonly unknown[];
  /** Places of outputs whose payload is the text of JSON, where it is one. */
  readonly texts: readonly number[];
  /** By place among the outputs. */
  readonly errors: readonly (readonly [place: number, message: string, stack: string])[];
  readonly logs: readonly (readonly [place: number, level: LogLevel, text: string])[];
}

export type LogLevel = (typeof logLevels)[number];
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** Reads what a child sent for the next of its inputs, `left` at most. It may come from a script that broke out, so each field is checked. Throws where it is not as agreed. */
export function readBatch(body: string, left: number, file: string): BatchResults {
  const { outputs, texts, errors, logs } = JSON.parse(body) as Record<string, unknown>;
  if (!Array.isArray(outputs) || outputs.length === 0 || outputs.length > left) throw new Error(`${file} gave a wrong number of results`);
  if (!Array.isArray(texts) || !texts.every((place) => Number.isInteger(place) && place >= 0 && place < outputs.length)) throw new Error('what it says of its texts is not as agreed');
  if (!Array.isArray(errors) || errors.length > outputs.length || !errors.every((entry) => isEntry(entry, outputs.length))) throw new Error('its errors are not as agreed');
  if (!Array.isArray(logs) || logs.length > maxLogs || !logs.every((entry) => isEntry(entry, left) && (logLevels as readonly string[]).includes(entry[1] as string))) throw new Error('its log is not as agreed');
  return { outputs, texts: texts as number[], errors: errors as BatchResults['errors'], logs: logs as BatchResults['logs'] };
}

/** A little more than the harness lets through, which is the place that tells the user. */
const maxLogs = 1_100;

const isEntry = (entry: unknown, count: number): entry is [number, string, string] =>
  Array.isArray(entry) && entry.length === 3 && Number.isInteger(entry[0]) && entry[0] >= 0 && entry[0] < count && typeof entry[1] === 'string' && typeof entry[2] === 'string';
