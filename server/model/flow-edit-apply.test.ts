import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'jsonc-parser';
import * as fc from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { applyEdits, editFlow } from './flow-edit-apply.ts';
import type { FlowChange } from './flow-edit.ts';
import type { Flow } from './flow.ts';
import { TextUnderEdit } from './text-edits.ts';

const catalog = JSON.parse(readFileSync(join(import.meta.dirname, '../../plugins/catalog.json'), 'utf8')) as Catalog;
const notify = (message: string, next?: Record<string, string>) => ({ shape: 'notify', settings: { message }, ...(next && { next }) });

const text = `{
  "version": 1,
  "title": "Orders", // what people see
  "start": "read",
  "steps": {
    "read": {
      "shape": "convert",
      "settings": { "batch": 100 },
      "next": { "out": "by-country" }
    },
    "by-country": {
      "shape": "route",
      "settings": { "routes": [{ "name": "uk", "when": [{ "field": "country", "value": "GB" }] }] },
      "next": { "uk": "tell", "else": "tell" }
    },
    "tell": {
      "shape": "notify",
      "settings": { "message": "Done" }
    }
  },
  "layout": {
    "tell": [10, 20]
  }
}
`;

/** Lines that a change takes away (-) and puts there (+). */
function lines(before: string, after: string): string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  return [...old.slice(head, old.length - tail).map((line) => `-${line.trim()}`), ...fresh.slice(head, fresh.length - tail).map((line) => `+${line.trim()}`)];
}

function change(before: string, ...changes: FlowChange[]): string {
  const edits = editFlow(before, changes, catalog);
  const after = applyEdits(before, edits);
  parse(after, [], { allowTrailingComma: false });
  return after;
}

describe('one change, few lines', () => {
  const check = (title: string, changes: FlowChange | FlowChange[], expected: readonly string[], before = text): void =>
    void test(title, () => assert.deepEqual(lines(before, change(before, ...[changes].flat())), expected));

  check('a property', { op: 'set', step: 'read', path: ['settings', 'batch'], value: 250 }, ['-"settings": { "batch": 100 },', '+"settings": { "batch": 250 },']);
  check('a property deep in a list', { op: 'set', step: 'by-country', path: ['settings', 'routes', 0, 'name'], value: 'gb' }, ['-"settings": { "routes": [{ "name": "uk", "when": [{ "field": "country", "value": "GB" }] }] },', '+"settings": { "routes": [{ "name": "gb", "when": [{ "field": "country", "value": "GB" }] }] },']);
  check('the same value', { op: 'set', step: 'read', path: ['settings'], value: { batch: 100 } }, []);
  check('a new property goes to its place', { op: 'set', step: 'read', path: ['title'], value: 'Read' }, ['+"title": "Read",']);
  check('a new setting goes to its place', { op: 'set', step: 'read', path: ['settings', 'from'], value: 'csv' }, ['-"settings": { "batch": 100 },', '+"settings": { "from": "csv", "batch": 100 },']);
  check('objects above are made', { op: 'set', step: 'tell', path: ['retry', 'attempts'], value: 2 }, ['-"settings": { "message": "Done" }', '+"settings": { "message": "Done" },', '+"retry": { "attempts": 2 }']);
  check('what is empty goes too', { op: 'set', step: 'read', path: ['settings', 'batch'], value: undefined }, ['-"settings": { "batch": 100 },']);
  check('a value of the flow', { op: 'set-flow', path: ['description'], value: 'All' }, ['+"description": "All",'], text.replace(' // what people see', ''));
  check('a trigger', { op: 'set-flow', path: ['triggers', 'hourly'], value: { trigger: 'schedule', settings: { cron: '0 * * * *' } } }, ['+"triggers": {', '+"hourly": { "trigger": "schedule", "settings": { "cron": "0 * * * *" } }', '+},']);
  check('a move', { op: 'move', positions: { tell: [33, 48] } }, ['-"tell": [10, 20]', '+"tell": [30, 50]']);
  check('a second move', { op: 'move', positions: { read: [0, 0] } }, ['-"tell": [10, 20]', '+"tell": [10, 20],', '+"read": [0, 0]']);
  check('back to the automatic layout', { op: 'move', positions: { tell: null } }, lines(text, text.replace(',\n  "layout": {\n    "tell": [10, 20]\n  }', '')));
  check('connect', { op: 'connect', from: { step: 'tell', port: 'out' }, to: 'read' }, ['-"settings": { "message": "Done" }', '+"settings": { "message": "Done" },', '+"next": { "out": "read" }']);
  check('disconnect one of two', { op: 'disconnect', from: { step: 'by-country', port: 'uk' } }, ['-"next": { "uk": "tell", "else": "tell" }', '+"next": { "else": "tell" }']);
  check('disconnect the last', { op: 'disconnect', from: { step: 'read', port: 'out' } }, ['-"settings": { "batch": 100 },', '-"next": { "out": "by-country" }', '+"settings": { "batch": 100 }']);
});

describe('steps', () => {
  const flowOf = (...changes: FlowChange[]): Flow => parse(change(text, ...changes)) as Flow;
  const links = ({ start, steps }: Flow): unknown => ({ start, ...Object.fromEntries(Object.entries(steps).map(([id, { next }]) => [id, next])) });
  const check = (title: string, changes: FlowChange[], expected: unknown): void => void test(title, () => assert.deepEqual(links(flowOf(...changes)), expected));
  const rest = { 'by-country': { uk: 'tell', else: 'tell' }, tell: undefined };

  check('added between two', [{ op: 'add-step', id: 'log', step: notify('x'), after: { step: 'read', port: 'out' } }], { start: 'read', read: { out: 'log' }, log: { out: 'by-country' }, ...rest });
  check('added at the end', [{ op: 'add-step', id: 'log', step: notify('x'), after: { step: 'tell', port: 'out' } }], { start: 'read', read: { out: 'by-country' }, ...rest, tell: { out: 'log' }, log: undefined });
  check('added at the start', [{ op: 'add-step', id: 'log', step: notify('x'), start: true }], { start: 'log', read: { out: 'by-country' }, ...rest, log: { out: 'read' } });
  check('removed: the chain heals along the first port', [{ op: 'remove-steps', ids: ['by-country'] }], { start: 'read', read: { out: 'tell' }, tell: undefined });
  check('removed: two in a row', [{ op: 'remove-steps', ids: ['read', 'by-country'] }], { start: 'tell', tell: undefined });
  check('removed: the end', [{ op: 'remove-steps', ids: ['tell'] }], { start: 'read', read: { out: 'by-country' }, 'by-country': undefined });
  check('removed: all', [{ op: 'remove-steps', ids: ['tell', 'read', 'by-country'] }], { start: undefined });
  check('renamed', [{ op: 'rename-step', from: 'tell', to: 'report' }], { start: 'read', read: { out: 'by-country' }, 'by-country': { uk: 'report', else: 'report' }, report: undefined });
  check('pasted', [{ op: 'paste', steps: { read: { shape: 'convert', next: { out: 'tell' } }, tell: notify('y', { out: 'gone' }) }, after: { step: 'tell', port: 'out' } }], { start: 'read', read: { out: 'by-country' }, ...rest, tell: { out: 'read-2' }, 'read-2': { out: 'tell-2' }, 'tell-2': undefined });

  test('the order of the file follows the flow', () => assert.deepEqual(Object.keys(flowOf({ op: 'add-step', id: 'log', step: notify('x'), after: { step: 'read', port: 'out' } }).steps), ['read', 'log', 'by-country', 'tell']));
  test('an empty flow takes its first step', () => {
    const after = change('{ "version": 1, "steps": {} }', { op: 'add-step', id: 'log', step: notify('x'), start: true, position: [0, 10] });
    assert.deepEqual(parse(after), { version: 1, steps: { log: notify('x') }, start: 'log', layout: { log: [0, 10] } });
  });
});

describe('changes that do not fit', () => {
  const check = (title: string, changes: FlowChange, code: string): void => void test(title, () => assert.throws(() => editFlow(text, [changes], catalog), (error) => FlowError.is(error) && error.code === code));
  check('an unknown step', { op: 'set', step: 'none', path: ['title'], value: 'x' }, 'CONFIG_UNKNOWN_STEP');
  check('a connection to an unknown step', { op: 'connect', from: { step: 'read', port: 'out' }, to: 'none' }, 'CONFIG_UNKNOWN_STEP');
  check('an id that is taken', { op: 'rename-step', from: 'read', to: 'tell' }, 'CONFIG_INVALID');
  check('below a text', { op: 'set', step: 'read', path: ['shape', 'x'], value: 1 }, 'CONFIG_INVALID');
  check('beyond the end of a list', { op: 'set', step: 'by-country', path: ['settings', 'routes', 5], value: {} }, 'CONFIG_INVALID');
  test('text that is no object', () => assert.throws(() => editFlow('[]', [], catalog), { code: 'CONFIG_INVALID' }));
});

const id = fc.constantFrom('read', 'by-country', 'tell', 'a', 'b');
const anyChange: fc.Arbitrary<FlowChange> = fc.oneof(
  fc.record({ op: fc.constant('set' as const), step: id, path: fc.constantFrom(['title'], ['settings', 'message'], ['settings', 'x', 'y'], ['retry', 'attempts'], ['settings', 'list', 0]), value: fc.option(fc.jsonValue(), { nil: undefined }) }),
  fc.record({ op: fc.constant('set-flow' as const), path: fc.constantFrom(['title'], ['settings', 'timeoutMs'], ['variables', 'v', 'default']), value: fc.option(fc.jsonValue(), { nil: undefined }) }),
  fc.record({ op: fc.constant('move' as const), positions: fc.dictionary(id, fc.option(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })), { nil: null })) as fc.Arbitrary<Record<string, readonly [number, number] | null>> }),
  fc.record({ op: fc.constant('add-step' as const), id, step: fc.constant(notify('new')), after: fc.record({ step: id, port: fc.constant('out') }) }),
  fc.record({ op: fc.constant('remove-steps' as const), ids: fc.uniqueArray(id) }),
  fc.record({ op: fc.constant('rename-step' as const), from: id, to: id }),
  fc.record({ op: fc.constant('connect' as const), from: fc.record({ step: id, port: fc.constant('out') }), to: id }),
  fc.record({ op: fc.constant('disconnect' as const), from: fc.record({ step: id, port: fc.constantFrom('out', 'uk') }) }),
);

test('any changes: the text stays JSON, line endings and comments stay, and the edits can be undone', () => {
  fc.assert(fc.property(fc.array(anyChange, { maxLength: 12 }), fc.boolean(), (changes, isWindows) => {
    const before = isWindows ? text.replaceAll('\n', '\r\n') : text;
    let now = before;
    const undo: { offset: number; length: number; text: string }[][] = [];
    for (const one of changes) {
      let edits;
      try {
        edits = editFlow(now, [one], catalog);
      } catch (error) {
        assert.ok(FlowError.is(error), String(error));
        continue;
      }
      const after = applyEdits(now, edits);
      const errors: { error: number }[] = [];
      parse(after, errors as never[], { allowTrailingComma: false });
      assert.deepEqual(errors, [], after);
      if (isWindows) assert.doesNotMatch(after, /[^\r]\n/);
      undo.push(inverse(now, edits));
      now = after;
    }
    for (const edits of undo.toReversed()) now = applyEdits(now, edits);
    assert.equal(now, before);
  }), { numRuns: 300 });
});

test('several changes in one go are the same as one after the other', () => {
  fc.assert(fc.property(fc.array(anyChange, { maxLength: 6 }), (changes) => {
    let one: string;
    try {
      one = applyEdits(text, editFlow(text, changes, catalog));
    } catch {
      return;
    }
    assert.equal(one, changes.reduce((now, each) => applyEdits(now, editFlow(now, [each], catalog)), text));
  }));
});

function inverse(before: string, edits: readonly { offset: number; length: number; text: string }[]): { offset: number; length: number; text: string }[] {
  let shift = 0;
  return edits.toSorted((a, b) => a.offset - b.offset).map(({ offset, length, text: inserted }) => {
    const edit = { offset: offset + shift, length: inserted.length, text: before.slice(offset, offset + length) };
    shift += inserted.length - length;
    return edit;
  });
}

test('a text under edit says what was done to it', () => {
  fc.assert(fc.property(fc.string({ maxLength: 30 }), fc.array(fc.tuple(fc.nat(40), fc.nat(10), fc.string({ maxLength: 5 }))), (original, edits) => {
    const under = new TextUnderEdit(original);
    for (const [offset, length, inserted] of edits) {
      const at = Math.min(offset, under.text.length);
      under.replace(at, Math.min(length, under.text.length - at), inserted);
    }
    assert.equal(applyEdits(original, under.edits()), under.text);
  }));
});
