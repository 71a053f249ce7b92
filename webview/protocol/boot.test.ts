import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootScript } from './boot.ts';

test('what stands in a page is read as it was, and ends no element', () => {
  const boot = { text: '</script><!-- <script> ]]> & &lt; \u0000 \u2028 \ud800 😀 \r\n', '</SCRIPT>': [null, 1e21, ''] };
  const [, inside] = /^<script type="application\/json" id="patchbay-boot">([^<]*)<\/script>$/.exec(bootScript(boot))!;
  assert.deepEqual(JSON.parse(inside!), boot);
});
