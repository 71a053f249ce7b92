import * as fc from 'fast-check';

/** JSON with numbers, and what it is in Patchbay: whatever reads JSON keeps to it. */
export const jsonNumbers: readonly (readonly [what: string, text: string, expected: unknown])[] = [
  ['the largest whole number that is one', '9007199254740991', 9_007_199_254_740_991],
  ['an id beyond it', '{"id":9007199254740993}', { id: '9007199254740993' }],
  ['one that would be held by chance, so that all ids are of one type', '[9007199254740992, 9007199254740994]', ['9007199254740992', '9007199254740994']],
  ['below zero', '-9007199254740993', '-9007199254740993'],
  ['whatever stands around it', '{ "a" : [ 1 ,\n 12345678901234567890 , 2 ] , "b":"12345678901234567890" }', { a: [1, '12345678901234567890', 2], b: '12345678901234567890' }],
  ['a fraction of 17 digits', '0.10000000000000001', 0.1],
  ['fractions of 16 digits, of which numbers hold some', '{"a":8.000000000000001,"b":8.000000000000002,"c":-4503599627370497.3}', { a: '8.000000000000001', b: 8.000000000000002, c: '-4503599627370497.3' }],
  ['one of 17 digits that no number prints so', '[0.30000000000000005]', ['0.30000000000000005']],
  ['amounts of a bank', '[12345678901234.56, 1234567890123456.78]', [12_345_678_901_234.56, '1234567890123456.78']],
  ['cents of which a number of this size has not all', '[90071992547409.91, 84769052123953.63, 84769052123953.62]', ['90071992547409.91', '84769052123953.63', Number('84769052123953.62')]],
  ['fractions with an exponent', '[8.000000000000001e0, 1.5e-3]', ['8.000000000000001', 0.0015]],
  ['so small that digits are lost', '1.2345678e-320', '1.2345678e-320'],
  ['a number as PHP prints it', '19.989999999999998436805981327779591083526611328125', 19.99],
  ['zeros at the end', '1234.560000000000000000', 1234.56],
  ['a fraction that no number holds', '{"rate":1.2345678901234567891}', { rate: '1.2345678901234567891' }],
  ['a whole number written as a fraction', '1.00000000000000000000', 1],
  ['whole numbers beyond it that are written as fractions', '{"a":9007199254740993.0,"b":-9007199254740993.00}', { a: '9007199254740993.0', b: '-9007199254740993.00' }],
  ['with an exponent', '[9007199254740993e0, 9.007199254740993e15, 90071992547409930e-1]', ['9007199254740993', '9007199254740993', '9007199254740993']],
  ['large ones as JavaScript prints them', '[1.7976931348623157e+308, 1180591620717411303424e0, 1.5e21]', [1.7976931348623157e308, 2 ** 70, 1.5e21]],
  ['large whole ones, however they are written', '[1e18, 1000000000000000000, -1.5E+16, 9007199254740992e0, 1.7976931348623157e20, 1000000000000000000000]', ['1000000000000000000', '1000000000000000000', '-15000000000000000', '9007199254740992', '179769313486231570000', '1000000000000000000000']],
  ['one with an exponent whose digits would be many', '[1.23456789012345678e-300, 1.23456789012345678e-3, 1.23456789012345678e300]', ['1.23456789012345678e-300', '0.00123456789012345678', '1.23456789012345678e300']],
  ['large ones that are printed with an exponent', '[1e21, -1.5e300]', [1e21, -1.5e300]],
  ['too large', '[1e400]', ['1e400']],
  ['large, but there is a number for it', '1e300', 1e300],
  ['too small', '1e-400', '1e-400'],
  ['zero', '[0e100, 0.00000000000000000000]', [0, 0]],
  ['a text with long numbers', '{"a":"x:12345678901234567890,1e400"}', { a: 'x:12345678901234567890,1e400' }],
];

const exponent = fc.oneof(fc.constant(''), fc.integer({ min: -25, max: 25 }).map((exponent) => `e${exponent}`), fc.integer({ min: -330, max: 310 }).map((exponent) => `e${exponent}`));
const written = fc.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^[1-9]\d{0,22}(?:\.\d{1,20})?$|^0\.\d{1,20}$|^[1-9]\d{0,4}0{10,20}$/), exponent).map((parts) => parts.join(''));
/** A number in any way in which JSON has it. */
export const writtenNumber: fc.Arbitrary<string> = fc.oneof(written, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
