import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Flow } from './flow.ts';
import { isSame } from './json.ts';
import { readFile } from './read.ts';
import { serialize } from './serialize.ts';
import { flows } from '../../test/support/arbitrary-flows.ts';

const canonical = `{
  "version": 1,
  "title": "Import orders",
  "triggers": { "hourly": { "trigger": "schedule", "settings": { "cron": "0 * * * *", "timeZone": "Europe/London" } } },
  "variables": { "since": { "type": "string", "default": "2024-01-01" } },
  "start": "get-orders",
  "steps": {
    "get-orders": {
      "shape": "connector",
      "settings": { "instance": "shop-eu", "endpoint": "orders.list", "params": { "since": "{{ flow.since }}" } },
      "next": { "out": "by-country" }
    },
    "by-country": {
      "shape": "route",
      "settings": { "routes": [{ "name": "uk", "when": [{ "field": "$.country", "is": "equals", "value": "GB" }] }] },
      "next": { "uk": "send-uk", "else": "send-rest" }
    },
    "send-rest": {
      "shape": "connector",
      "settings": { "instance": "erp", "endpoint": "orders.create" }
    },
    "send-uk": {
      "shape": "notify",
      "settings": { "level": "warning" }
    }
  },
  "notes": {
    "why": {
      "text": "The rest goes to **one** depot.",
      "place": [240, -120, 220, 100]
    }
  },
  "groups": {
    "send": { "title": "Send", "steps": ["send-uk", "send-rest"] }
  },
  "layout": {
    "by-country": [240, 10]
  }
}
`;

test('canonical text stays as it is', () => {
  const { value, diagnostics } = readFile('flow', 'flows/a.flow.json', canonical);
  assert.deepEqual(diagnostics, []);
  assert.equal(serialize('flow', value!), canonical);
});

test('keys and steps are put in order, defaults left out, unknown keys kept', () => {
  const flow = {
    layout: { b: [10, 10], a: [0, 0] }, owner: 'me', steps: { b: { next: {}, shape: 'map', disabled: false, retry: {} }, a: { settings: {}, shape: 'filter', next: { out: 'b' }, concurrency: 1, timeoutMs: 5 } },
    start: 'a', labels: [], settings: { recording: 'full' }, version: 1,
  };
  assert.equal(serialize('flow', flow as unknown as Flow), `{
  "version": 1,
  "start": "a",
  "steps": {
    "a": {
      "shape": "filter",
      "timeoutMs": 5,
      "next": { "out": "b" }
    },
    "b": {
      "shape": "map"
    }
  },
  "owner": "me",
  "layout": {
    "a": [0, 0],
    "b": [10, 10]
  }
}
`);
});

test('what does not fit on a line has an entry per line', () => {
  const rules = Array.from({ length: 3 }, (_, index) => ({ from: `a-rather-long-source-${index}`, to: `target${index}` }));
  const text = serialize('flow', { version: 1, steps: { map: { shape: 'map', settings: { rules } } } });
  assert.match(text, /\n {6}"settings": \{\n {8}"rules": \[\n {10}\{ "from": "a-rather-long-source-0", "to": "target0" \},\n/);
});

test('a connector has its endpoints on lines of their own', () => {
  const text = serialize('connector', { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { 'orders.list': { path: '/orders', method: 'GET', direction: 'receive', title: 'Orders' } } });
  assert.equal(text, `{
  "version": 1,
  "title": "Shop",
  "baseUrl": "https://shop.test",
  "endpoints": {
    "orders.list": {
      "title": "Orders",
      "direction": "receive",
      "method": "GET",
      "path": "/orders"
    }
  }
}
`);
});

test('reading gives back what was written, and writing it again the same text', () => {
  fc.assert(fc.property(flows, (flow) => {
    const text = serialize('flow', flow);
    const { value, diagnostics } = readFile('flow', 'a.flow.json', text);
    assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error'), []);
    assert.ok(isSame(value, flow), text);
    assert.equal(serialize('flow', value!), text);
    for (const line of text.split('\n')) assert.ok(line.length <= 120 || !/[{[].*,.*[}\]]/.test(line), line);
  }), { seed: 7, numRuns: 300 });
});
