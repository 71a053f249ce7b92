import { InvalidArgumentError } from 'commander';
import { parseJson } from '../../plugins/sdk/index.ts';

/** Collects an option that may stand several times. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export function wholeNumber(text: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new InvalidArgumentError('A whole number is needed.');
  return number;
}

export function countNumber(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('At least 1 is needed.');
  return number;
}

export function versionNumber(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('Versions are counted from 1.');
  return number;
}

/** `3`, `deployed` or `draft`. */
export const versionName = (text: string): number | 'deployed' | 'draft' => (text === 'deployed' || text === 'draft' ? text : versionNumber(text));

export function portNumber(text: string): number {
  const number = wholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return number;
}

/** Milliseconds since the epoch. */
export function instant(text: string): number {
  const time = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('A time is needed, such as 2024-07-01T12:00:00Z.');
  return time;
}

export function json(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new InvalidArgumentError(`JSON is needed: ${(error as Error).message}.`);
  }
}
