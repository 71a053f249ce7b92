import type { TypeCast } from 'mysql2';
import { base64Of, jsonOf, numberOf, timeOf } from '../sql/values.ts';

type Cast = Extract<TypeCast, (...args: never) => unknown>;
type Field = Parameters<Cast>[0] & { readonly extendedFormat?: string };

/** How a value of the driver becomes a JSON value, by the type of its column. */
export const cast = ((field: Field, next: () => unknown): unknown => {
  const value = next();
  if (value === null || value === undefined) return null;
  if (field.type === 'JSON' || field.extendedFormat === 'json') return typeof value === 'string' ? jsonOf(value) : value;
  const read = readers[field.type];
  if (read) return read(value, field.length);
  return value instanceof Uint8Array ? base64Of(value) : value;
}) as Cast;

const isSwitch = (value: unknown): boolean => value === 0 || value === 1;

const readers: Readonly<Record<string, (value: unknown, length: number) => unknown>> = {
  TINY: (value, length) => (length === 1 && isSwitch(Number(value)) ? Number(value) === 1 : Number(value)),
  LONGLONG: (value) => numberOf(String(value)),
  NEWDECIMAL: (value) => numberOf(String(value)),
  FLOAT: (value) => shortest(Number(value)),
  TIMESTAMP: (value) => timeOf(String(value), 'Z'),
  DATETIME: (value) => timeOf(String(value)),
  BIT(value, length) {
    const number = BigInt(`0x${Buffer.from(value as Uint8Array).toString('hex') || '0'}`);
    return length === 1 ? number === 1n : numberOf(String(number));
  },
};

/** The shortest number that is the same in 32 bits: 0.1, not 0.10000000149. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}
