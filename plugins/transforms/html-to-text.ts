import { htmlToText } from 'html-to-text';
import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'html-to-text',
  title: 'HTML to text',
  summary: 'Writes HTML as plain text.',
  description: 'Paragraphs, line breaks, lists and tables become lines; scripts, styles and comments are left out; entities become signs. Nothing in it is run or fetched. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      links: { type: 'boolean', default: false, title: 'Links', description: 'Addresses of links stand after them, in brackets.' },
      width: { type: 'integer', minimum: 0, maximum: 1000, default: 0, title: 'Width', description: 'Characters of a line; 0 breaks no lines.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'The description of a product', settings: {}, input: '<h2>Mug</h2><p>Holds <b>300&nbsp;ml</b> &amp; is <br>dishwasher&#8209;safe.</p><ul><li>blue</li><li>green</li></ul><script>alert(1)</script>', output: 'Mug\n\nHolds 300\u00a0ml & is\ndishwasher‑safe.\n\n * blue\n * green' },
    { title: 'With links', settings: { links: true }, input: 'See <a href="https://example.org/a">here</a>.', output: 'See here [https://example.org/a].' },
    { title: 'Plain text stays', settings: {}, input: 'a < b & c', output: 'a < b & c' },
    { title: 'HTML that is broken', settings: {}, input: '<p>one<p>two</div>', output: 'one\n\ntwo' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A list', settings: {}, input: ['<p>'], error: 'DATA_INVALID' },
  ],
  compile: ({ links, width }) => {
    const selectors = [
      { selector: 'a', options: { ignoreHref: !links, hideLinkHrefIfSameAsText: true } }, { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })), { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ];
    return (value) => (value === null || value === undefined ? value : htmlToText(asText(value, 'html-to-text'), { wordwrap: width === 0 ? false : width, selectors, limits: { maxInputLength: 10_000_000, maxDepth: 200 } }).trim());
  },
});
