import { htmlToText } from 'html-to-text';
import { asText, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'html-to-text',
  title: 'HTML to text',
  summary: 'Writes HTML as plain text.',
  description: 'Paragraphs, line breaks, lists and tables become lines; scripts, styles and comments are left out; entities become signs. A `<` that begins no whole tag is text, with all that follows it. Nothing in it is run or fetched. Null and a missing value stay as they are; lists and objects are an error, and so is HTML of more than 10,000,000 characters or 200 elements inside one another.',
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
    { title: 'In practice: the description of a shirt, for a marketplace', settings: {}, input: '<div class="rte"><p>Unser T‑Shirt „Zoë“ aus <strong>100&nbsp;% Bio‑Baumwolle</strong>.<br/>Maschinenwäsche bei 40&deg;C &ndash; nicht bleichen!</p><!-- old --><ul><li>Schnitt: regular</li><li>Gr&ouml;&szlig;en: S&ndash;XXL</li></ul><table><tr><td>Art.-Nr.</td><td>TEE-0042</td></tr></table><style>.rte{color:red}</style></div>', output: 'Unser T‑Shirt „Zoë“ aus 100\u00a0% Bio‑Baumwolle.\nMaschinenwäsche bei 40°C – nicht bleichen!\n\n * Schnitt: regular\n * Größen: S–XXL\n\nArt.-Nr.   TEE-0042' },
    { title: 'The description of a product', settings: {}, input: '<h2>Mug</h2><p>Holds <b>300&nbsp;ml</b> &amp; is <br>dishwasher&#8209;safe.</p><ul><li>blue</li><li>green</li></ul><script>alert(1)</script>', output: 'Mug\n\nHolds 300\u00a0ml & is\ndishwasher‑safe.\n\n * blue\n * green' },
    { title: 'With links', settings: { links: true }, input: 'See <a href="https://example.org/a">here</a>.', output: 'See here [https://example.org/a].' },
    { title: 'Plain text stays', settings: {}, input: 'a < b & c', output: 'a < b & c' },
    { title: 'A sign that begins no tag', settings: {}, input: '<p>Wash at <b>below</b> 40, size <M or <L, ask <jo@example.org></p>a <b and c', output: 'Wash at below 40, size <M or <L, ask <jo@example.org>\n\na <b and c' },
    { title: 'A tag that is never closed', settings: {}, input: 'x <y', output: 'x <y' },
    { title: 'HTML that is broken', settings: {}, input: '<p>one<p>two</div>', output: 'one\n\ntwo' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'Elements that lie too deep in one another', settings: {}, input: `${'<div>'.repeat(201)}lost`, error: 'DATA_INVALID' },
    { title: 'A list', settings: {}, input: ['<p>'], error: 'DATA_INVALID' },
  ],
  compile: ({ links, width }) => {
    const selectors = [
      { selector: 'a', options: { ignoreHref: !links, hideLinkHrefIfSameAsText: true } }, { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })), { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ];
    return (value) => {
      if (value === null || value === undefined) return value;
      const html = asText(value, 'html-to-text');
      if (html.length > LONGEST) throw tooLarge(`it has ${html.length} characters, and ${LONGEST} are possible`);
      const text = htmlToText(html.replaceAll(noTag, '&lt;'), { wordwrap: width === 0 ? false : width, selectors, limits: { maxInputLength: LONGEST * '&lt;'.length, maxDepth: DEEPEST, ellipsis: cutMark } });
      if (text.includes(cutMark)) throw tooLarge(`elements lie more than ${DEEPEST} deep in one another`);
      return text.trim();
    };
  },
});

/** A sign with a letter behind it, and no whole tag: a name, then values in quotes or not, up to the closing sign. The library drops all up to the end there. */
const noTag = /<(?=\/?[a-z])(?!\/?[a-z][\w:.-]*(?=[\s/>])[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>)/gi;

const LONGEST = 10_000_000;
const DEEPEST = 200;
/** No text has these characters, by which the library tells what it left out. */
const cutMark = '\uFDD0\uFDD1';

const tooLarge = (reason: string): FlowError => new FlowError('DATA_INVALID', `The transform "html-to-text" would cut the HTML: ${reason}.`, { details: { transform: 'html-to-text' } });
