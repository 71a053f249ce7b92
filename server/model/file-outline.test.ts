import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileOutline, type FilePart } from './file-outline.ts';
import type { FileKind } from './workspace.ts';

const written = (parts: readonly FilePart[], indent = ''): string[] => parts.flatMap(({ kind, name, detail, children }) => [`${indent}${kind} ${name}${detail === '' ? '' : `: ${detail}`}`, ...written(children, `${indent}  `)]);

const check = (title: string, kind: FileKind, text: string, expected: readonly string[]): void =>
  void test(title, () => {
    const parts = fileOutline(kind, text);
    assert.deepEqual(written(parts), expected);
    const all = (some: readonly FilePart[], from: number, to: number): void => {
      for (const part of some) {
        assert.ok(from <= part.from && part.from <= part.nameFrom && part.nameTo <= part.to && part.to <= to, `${part.name} stands within what it belongs to`);
        all(part.children, part.from, part.to);
      }
    };
    all(parts, 0, text.length);
  });

check('a flow: triggers, steps with their outputs', 'flow', '{ "start": "get", "triggers": { "hook": { "trigger": "webhook" } }, "steps": { "get": { "shape": "connector", "title": "Get orders", "next": { "out": "end" } }, "end": { "shape": "callback" } } }',
  ['trigger hook: webhook', 'step Get orders: connector · get', '  port out: → end', 'step end: callback']);
check('the rules of a step, in the order of the text', 'flow', '{ "steps": { "m": { "shape": "map", "next": { "out": "n" }, "settings": { "rules": [{ "from": "id", "to": "reference" }, { "to": "channel" }, { "from": ["a", "b"], "to": "c" }] } } } }',
  ['step m: map', '  port out: → n', '  rule reference: ← id', '  rule channel', '  rule c: ← a, b']);
check('a connector', 'connector', '{ "auth": { "key": { "type": "api-key" } }, "endpoints": { "orders.list": { "method": "GET", "path": "/orders" } } }', ['auth key: api-key', 'endpoint orders.list: GET /orders']);
check('a mapping', 'map', '{ "rules": [{ "from": "a", "to": "b" }, 7] }', ['rule b: ← a', 'rule rule']);
check('a text that is being typed, as far as it can be read', 'flow', '{ "steps": { "a": { "shape": "filter" }, "b": { "sh', ['step a: filter', 'step b']);
check('values of another kind', 'flow', '{ "steps": { "a": 7, "b": null }, "triggers": [1] }', ['step a', 'step b']);
check('nothing', 'flow', '', []);
check('other files', 'instance', '{ "connector": "x" }', []);
