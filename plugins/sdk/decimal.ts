import { isHeld, withoutLastZeros } from './json.ts';

/** A number by its digits: `units` × 10^-`places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

export type Operation = 'add' | 'subtract' | 'multiply' | 'divide' | 'remainder';

/**
 * Calculates with the digits that people see: 0.1 + 0.2 is 0.3, and 100.3 − 100.2 is 0.1. A result with more digits than a number holds is rounded to 15 of them;
 * from 10^13 on, where cents would be among those that are lost, it is `undefined` instead, but for a quotient that does not come out even. What is no finite result,
 * or lies beyond 2^53 − 1, is given as JavaScript does.
 */
export function calculate(operation: Operation, left: number, right: number): number | undefined {
  const plain = operations[operation](left, right);
  if (!Number.isFinite(plain) || Math.abs(plain) > Number.MAX_SAFE_INTEGER) return plain;
  if (Number.isInteger(plain) && Number.isInteger(left) && Number.isInteger(right)) return plain;
  if (operation === 'multiply' || operation === 'divide') {
    // Their noise is in proportion to the result, that of the others to what they are given.
    if (Math.abs(plain) < 1e13) return withoutNoise(plain);
  } else if (operation !== 'remainder' && isShort(left) && isShort(right)) return Math.round(plain * 1e6) / 1e6;
  const exact = exactly[operation](decimalOf(left), decimalOf(right));
  if (!exact) return plain;
  const text = textOf(exact);
  const number = Number(text);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER || isHeld(number, text)) return number;
  return Math.abs(number) < 1e13 ? Number(number.toPrecision(15)) : undefined;
}

/** A number without the binary noise behind its 15th digit, as sums and products have it. Whole numbers, and amounts from 10^13 on, keep all their digits. */
export function withoutNoise(number: number): number {
  if (Number.isInteger(number) || Math.abs(number) >= 1e13) return number;
  // What has six decimals at most and is not large has no noise: to print it would cost more than all the rest.
  if (number < 1e8 && number > -1e8 && Math.round(number * 1e6) / 1e6 === number) return number;
  return Number(number.toPrecision(15));
}

/** Six decimals at most, and not large: to go by its text would cost more than all the rest. */
const isShort = (number: number): boolean => number < 1e8 && number > -1e8 && Math.round(number * 1e6) / 1e6 === number;

const operations: Readonly<Record<Operation, (left: number, right: number) => number>> = {
  add: (left, right) => left + right, subtract: (left, right) => left - right, multiply: (left, right) => left * right, divide: (left, right) => left / right, remainder: (left, right) => left % right,
};

/** `undefined`: a quotient that does not come out even. */
const exactly: Readonly<Record<Operation, (left: Decimal, right: Decimal) => Decimal | undefined>> = {
  add: aligned((left, right) => left + right), subtract: aligned((left, right) => left - right), remainder: aligned((left, right) => left % right),
  multiply: (left, right) => ({ units: left.units * right.units, places: left.places + right.places }),
  divide(left, right) {
    const more = 30;
    const units = left.units * 10n ** BigInt(more);
    return units % right.units === 0n ? { units: units / right.units, places: left.places + more - right.places } : undefined;
  },
};

function aligned(work: (left: bigint, right: bigint) => bigint) {
  return (left: Decimal, right: Decimal): Decimal => {
    const places = Math.max(left.places, right.places);
    const unitsOf = (one: Decimal): bigint => one.units * 10n ** BigInt(places - one.places);
    return { units: work(unitsOf(left), unitsOf(right)), places };
  };
}

function decimalOf(number: number): Decimal {
  const [digits = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const places = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return places < 0 ? { units: units * 10n ** BigInt(-places), places: 0 } : { units, places };
}

function textOf({ units, places }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(Math.max(0, places) + 1, '0');
  const fraction = places > 0 ? withoutLastZeros(digits.slice(-places)) : '0'.repeat(-places);
  const whole = places > 0 ? digits.slice(0, -places) : digits;
  return `${units < 0n ? '-' : ''}${whole}${places > 0 && fraction !== '' ? '.' : ''}${fraction}`;
}
