import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noteLines } from './note-text.ts';

const shown = (text: string): string[] => noteLines(text).map(({ as, pieces }) => `${as}: ${pieces.map((piece) => (piece.as === 'plain' ? piece.text : `<${piece.as} ${piece.text}>`)).join('')}`);

describe('a note', () => {
  const check = (what: string, text: string, ...expected: string[]): void => void test(what, () => assert.deepEqual(shown(text), expected));
  check('headings and text', '## Only paid\n\nAt once.', 'heading: Only paid', 'plain: ', 'plain: At once.');
  check('lists', '- one\n  * two', 'item: one', 'item: two');
  check('bold, italics, code', 'is **at once** or *later*, by `to_erp`', 'plain: is <strong at once> or <emphasis later>, by <code to_erp>');
  check('a link is its text', 'see [the agreement](https://a.test/x)', 'plain: see the agreement');
  check('names and products are no marks', 'a_name_of_a_field * 2 * 3, #12', 'plain: a_name_of_a_field * 2 * 3, #12');
  check('what is not closed stays', '**open `and', 'plain: **open `and');
});
