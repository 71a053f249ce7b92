import { FlowError } from '../../sdk/index.ts';

/** Fields of the params of endpoints that read files: by when they were changed. */
export const modifiedFields = {
  modifiedFrom: { type: 'string', maxLength: 100, title: 'Changed from', description: 'Only files that were changed at this time or later, such as `{{ cursor.from }}` where only what is new is read (`incremental`). A file whose time is not known is taken.', 'x-expression': true },
  modifiedBefore: { type: 'string', maxLength: 100, title: 'Changed before', description: 'Only files that were changed before this time.', 'x-expression': true },
} as const;

export interface ModifiedGiven {
  readonly modifiedFrom?: string;
  readonly modifiedBefore?: string;
}

/** Whether a file counts, by the time of its last change. Fails with `DATA_INVALID` where a bound is no time. */
export function isModifiedBetween({ modifiedFrom, modifiedBefore }: ModifiedGiven): (modifiedAt: string | null) => boolean {
  const from = timeOf(modifiedFrom, 'modifiedFrom') ?? -Infinity;
  const before = timeOf(modifiedBefore, 'modifiedBefore') ?? Infinity;
  return (modifiedAt) => {
    const at = modifiedAt === null ? Number.NaN : Date.parse(modifiedAt);
    return Number.isNaN(at) || (at >= from && at < before);
  };
}

function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new FlowError('DATA_INVALID', `"${name}" is ${JSON.stringify(text)}, which is no time.`, { remedy: 'Write it as 2024-01-31T12:00:00Z; {{ cursor.from }} is one where "incremental" has no other "format".' });
  return time;
}
