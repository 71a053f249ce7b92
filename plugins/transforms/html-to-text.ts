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
    { title: 'A quote in a value', settings: {}, input: '<p title=it\'s>Hello</p>', output: 'Hello' },
    { title: 'A quote too many', settings: {}, input: '<p class="a"">x</p>', output: 'x' },
    { title: 'A quote too few', settings: {}, input: '<img alt="5" tv">ok', output: 'ok' },
    { title: 'A quote behind a number', settings: {}, input: '<td width=5\'>x', output: 'x' },
    { title: 'A value that is never closed', settings: {}, input: 'see <a href="x>here</a>', output: 'see <a href="x>here' },
    { title: 'Signs in a value', settings: {}, input: '<a title="a > b" data-x = \'<b>\'>x</a>, a <b> c', output: 'x, a c' },
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
      const text = htmlToText(withoutHalfTags(html), { wordwrap: width === 0 ? false : width, selectors, limits: { maxInputLength: LONGEST * '&lt;'.length, maxDepth: DEEPEST, ellipsis: cutMark } });
      if (text.includes(cutMark)) throw tooLarge(`elements lie more than ${DEEPEST} deep in one another`);
      return text.trim();
    };
  },
});

/** Writes each `<` that begins no whole tag as an entity: the library drops all up to the end there. */
function withoutHalfTags(html: string): string {
  const dead = new Set<number>();
  let [text, done] = ['', 0];
  tagBegin.lastIndex = 0;
  for (let found = tagBegin.exec(html); found; found = tagBegin.exec(html)) {
    const end = tagEnd(html, tagBegin.lastIndex, found[1] === '/', dead);
    if (end !== undefined) tagBegin.lastIndex = end;
    else {
      text += `${html.slice(done, found.index)}&lt;`;
      done = found.index + 1;
    }
  }
  return text + html.slice(done);
}

/** Where a tag ends whose name begins at `at`. A quote counts where a value begins with it, and nowhere else. `dead`: ends of values from which there is no end, so that each character is looked at a few times at most. */
function tagEnd(html: string, at: number, isClosing: boolean, dead: Set<number>): number | undefined {
  let next = endOf(tagName, html, at);
  const passed: number[] = [];
  while (next > 0 && !dead.has(next)) {
    next = endOf(nextSign, html, next);
    const sign = html[next - 1];
    if (sign === '>') return next;
    if (sign === '<') break;
    const open = sign === '=' && !isClosing ? endOf(quote, html, next) : 0;
    if (open === 0) continue;
    next = html.indexOf(html[open - 1]!, open) + 1;
    passed.push(next);
  }
  for (const one of passed) dead.add(one);
  return undefined;
}

/** 0: it is not there. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

const tagBegin = /<(\/?)(?=[a-z])/gi;
const tagName = /[a-z][\w:.-]*(?=[\s/>])/iy;
const nextSign = /[<>=]/g;
const quote = /\s*["']/y;

const LONGEST = 10_000_000;
const DEEPEST = 200;
/** No text has these characters, by which the library tells what it left out. */
const cutMark = '\uFDD0\uFDD1';

const tooLarge = (reason: string): FlowError => new FlowError('DATA_INVALID', `The transform "html-to-text" would cut the HTML: ${reason}.`, { details: { transform: 'html-to-text' } });
