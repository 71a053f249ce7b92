import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { keyText, valueOfCell, type LookupType } from './lookup-file.ts';

const check = (type: LookupType, cells: Readonly<Record<string, unknown>>) =>
  test(`cells of the type ${type}`, () => {
    for (const [cell, expected] of Object.entries(cells)) {
      const { value, fault } = valueOfCell(type, cell);
      assert.deepEqual(expected instanceof RegExp ? (expected.test(fault ?? '') ? expected : fault) : value, expected, JSON.stringify(cell));
    }
  });

check('string', { '': '', ' x': ' x', 1: '1', null: 'null' });
check('number', { '': null, 1: 1, '-0.5': -0.5, '1e3': 1000, '1.0': 1, '007': /"007" is no number/, '1,5': /no number/, '1e999': /no number/, '+1': /no number/, ' 1': /no number/, '9007199254740993': /^"9007199254740993" is beyond 9007199254740991, up to which whole numbers are held: use the type "decimal"\.$/, '1e18': /^"1e18" is beyond 9007199254740991/, '12345678901234567.89': /has more digits than a number holds: use the type "decimal"/, '8.000000000000001': /has more digits/, '8.000000000000002': 8.000000000000002, '9007199254740993.0': /beyond/, '9007199254740993e0': /beyond/, '1e-400': /is too small for a number/, '1e300': 1e300, '0.10': 0.1, ['x'.repeat(100)]: /^"x{60}…" is no number\.$/ });
check('decimal', { '': null, '1.10': '1.10', '-00.50': '-00.50', '9007199254740993': '9007199254740993', '1e3': /no decimal number/, '1.': /no decimal/, '.5': /no decimal/ });
check('boolean', { '': null, true: true, TRUE: true, False: false, 1: /neither true nor false/, yes: /neither/ });
check('date', { '': null, '2024-02-29': '2024-02-29', '2023-02-29': /no date/, '2024-13-01': /no date/, '2024-1-1': /no date/, '2024-01-31T12:00:00Z': '2024-01-31T12:00:00Z', '2024-01-31T12:00+01:00': '2024-01-31T12:00+01:00', '2024-01-31T24:00Z': /no date/, '31.01.2024': /no date/ });

test('what values are compared by', () => {
  const rows: readonly (readonly [LookupType, string, string, object?])[] = [
    ['string', ' Ab ', ' Ab '], ['string', ' Ab ', 'ab', { ignoreCase: true, trim: true }], ['string', 'Straße', 'strasse', { ignoreCase: true }], ['string', 'ΣΑΣ', keyText('string', 'σας', { ignoreCase: true }), { ignoreCase: true }],
    ['number', '1.0', '1'], ['number', '1e3', '1000'], ['number', 'x', 'x'], ['number', ' 1', ' 1'], ['number', ' 1', '1', { trim: true }],
    ['decimal', '01.50', '1.5'], ['decimal', '-0.00', '0'], ['decimal', '100', '100'], ['decimal', '9007199254740993.0', '9007199254740993'], ['decimal', 'x', 'x'],
    ['decimal', '1e-7', '0.0000001'], ['decimal', '1e+21', '1000000000000000000000'], ['decimal', '-1.50e2', '-150'], ['decimal', '12.5E-1', '1.25'], ['decimal', '0e5', '0'], ['decimal', '0010e-1', '1'], ['decimal', '1.2345e2', '123.45'], ['decimal', '1e9999', '1e9999'], ['decimal', '1e', '1e'],
    ['boolean', 'TRUE', 'true'], ['date', '2024-01-31', '2024-01-31'],
  ];
  for (const [type, given, expected, options = {}] of rows) assert.equal(keyText(type, given, options), expected, `${type} ${given}`);
});

test('property: a decimal number is found however it is written', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat({ max: 30 }), (number, zeros) => {
    const [, sign = '', digits = '', exponent = '0'] = /^(-?)([\d.]+)(?:e([+-]\d+))?$/.exec(String(number)) ?? [];
    const [whole = '', part = ''] = digits.split('.');
    const at = whole.length + Number(exponent);
    const all = `${'0'.repeat(Math.max(0, -at) + 1)}${whole}${part}${'0'.repeat(Math.max(0, Number(exponent)) + zeros + 1)}`;
    const point = Math.max(0, -at) + 1 + at;
    assert.equal(keyText('decimal', String(number), {}), keyText('decimal', `${sign}${all.slice(0, point)}.${all.slice(point)}`, {}));
  }), { seed: 7 });
});
