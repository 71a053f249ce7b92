import { formatCount, formatNumber, formatValue } from '../shared/format.ts';
import type { FieldNode } from './fields.ts';

/** The first value; how many there are of them where it is in a list. */
export function valueText(values: readonly unknown[], { isList, children }: FieldNode, isCut: boolean): string {
  const [first] = values;
  if (first === undefined) return '';
  if (Array.isArray(first)) return isCut ? `${formatNumber(first.length)}+ items` : formatCount(first.length, 'item');
  if (typeof first === 'object' && first !== null) return children.length > 0 ? '' : formatValue(first, 60);
  return `${typeof first === 'string' ? JSON.stringify(formatValue(first, 60)) : formatValue(first, 60)}${!isList && values.length > 1 ? ` +${values.length - 1}` : ''}`;
}
