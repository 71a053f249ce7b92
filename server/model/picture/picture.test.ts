import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Catalog, CatalogEntry } from '../catalog.ts';
import type { Flow } from '../flow.ts';
import { markdownOf } from './markdown.ts';
import { buildScene } from './scene.ts';
import { svgOf } from './svg.ts';

const entry = (kind: string, type: string, more: Partial<CatalogEntry> = {}): CatalogEntry => ({ kind, type, title: type, summary: '', settings: {}, examples: [], source: 'built-in', ...more });
const catalog: Catalog = { plugins: [entry('shape', 'map', { ports: ['out'] }), entry('shape', 'route', { ports: ['yes', 'failed'] }), entry('trigger', 'webhook')] };
const flow = (title: string, notes?: string): Flow => ({
  version: 1, title, start: 'ask', triggers: { hook: { trigger: 'webhook' } },
  steps: { ask: { shape: 'route', title: `${title}?`, next: { yes: 'end', failed: 'lost' } }, end: { shape: 'map', ...(notes !== undefined && { notes }) }, lost: { shape: 'gone', disabled: true } },
});
const made = (given: Flow): { readonly svg: string; readonly text: string } => {
  const scene = buildScene(given, catalog);
  return { svg: svgOf(scene, { title: given.title!, counts: { ask: { yes: 1234 } } }), text: markdownOf(given, scene, 'f') };
};

test('a picture is a document of its own, whatever the names are', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (title) => {
    const { svg } = made(flow(title));
    assert.equal(XMLValidator.validate(svg), true);
    assert.doesNotMatch(svg, /<(script|image|use|foreignObject)|href|url\(/);
    const { svg: root } = new XMLParser().parse(svg) as { svg: { g: unknown[] } };
    assert.equal(root.g.length, 4);
  }), { seed: 1, numRuns: 300 });
});

test('notes and groups: in the picture behind and above the steps, in the document as quotes and frames', () => {
  const given: Flow = {
    ...flow('Orders'), groups: { sort: { title: 'Sorting <it>', steps: ['ask', 'end', 'gone'] }, none: { steps: ['gone'] } },
    notes: { why: { text: 'Why it is **so**: because & then\n\n- a point', place: [0, -200, 160, 60] }, empty: { text: ' ' }, long: { text: 'word '.repeat(60), place: [500, -200, 100, 60] } },
  };
  const { svg, text } = made(given);
  assert.equal(XMLValidator.validate(svg), true);
  assert.ok(svg.indexOf('Sorting &lt;it&gt;') < svg.indexOf('class="n"') && svg.indexOf('class="n"') < svg.indexOf('because &amp;'));
  assert.deepEqual([...svg.matchAll(/<text class="w"[^>]*>([^<]*)</g)].map(([, line]) => line), ['Why it is **so**:', 'because &amp; then', '…', '', 'word word', 'word word', 'word word…']);
  assert.match(text, /\n {2}subgraph n_group_3a_sort \["Sorting #lt;it#gt;"\]\n {4}n_ask\n {4}n_end\n {2}end\n/);
  assert.match(text, /\n> Why it is \*\*so\*\*: because & then\n>\n> - a point\n\n> word/);
  const { nodes, bounds } = buildScene(given, catalog);
  assert.deepEqual([...nodes.values()].filter(({ kind }) => kind === 'group').map(({ id, members }) => [id, members]), [['group:sort', ['ask', 'end']]]);
  assert.ok(bounds.y <= -200 && nodes.get('note:empty')!.y < nodes.get('group:sort')!.y);
});

test('what a picture and a document say', () => {
  const { svg, text } = made(flow('Orders | <b>', 'Why *so*.'));
  for (const part of ['Orders | &lt;b&gt;?', 'class="e error"', 'class="n off unknown"', '>1,234<', 'gone, skipped']) assert.ok(svg.includes(part), part);
  assert.equal(text, String.raw`# Orders \| \<b\>

${'```'}mermaid
flowchart LR
  n_trigger_3a_hook(["hook"])
  n_ask["Orders | #lt;b#gt;?"]
  n_end["end"]
  n_lost["lost"]
  n_trigger_3a_hook --> n_ask
  n_ask -->|"yes"| n_end
  n_ask -.->|"failed"| n_lost
${'```'}

| step | kind | what it does | leads to |
|---|---|---|---|
| **Orders \| \<b\>?** ${'`'}ask${'`'} | route | route | yes: end<br>failed: lost |
| **end** ${'`'}end${'`'} | map | map |  |
| **lost** ${'`'}lost${'`'} | gone, skipped | gone (unknown) |  |

**end:** Why *so*.
`);
  assert.deepEqual(made(flow('a')), made(flow('a')));
  assert.match(markdownOf({ version: 1, title: 'None', steps: {} }, buildScene({ version: 1, title: 'None', steps: {} }, catalog), 'none'), /It has no steps yet/);
});
