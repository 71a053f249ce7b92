import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowHost } from '../../webview/protocol/flow.ts';
import { checked } from './checked.ts';
import { flowChecks } from './messages.ts';

type Call = readonly [method: keyof FlowHost, ...args: unknown[]];

const check = (title: string, [method, ...args]: Call, expected?: RegExp): void => void test(title, () => {
  const calls: unknown[][] = [];
  const host = Object.fromEntries(Object.keys(flowChecks).map((name) => [name, (...taken: unknown[]) => calls.push([name, ...taken])])) as unknown as FlowHost;
  const call = (): unknown => (checked(host, flowChecks)[method] as (...all: unknown[]) => unknown)(...args);
  if (expected) assert.throws(call, expected);
  else call();
  assert.deepEqual(calls, expected ? [] : [[method, ...args]]);
});

const edit = (...changes: unknown[]): Call => ['edit', changes, 3];
check('a value of a step', edit({ op: 'set', step: 'map', path: ['settings', 'rules', 0, 'to'], value: null }));
check('a value that is removed', edit({ op: 'set', step: 'map', path: ['title'], value: undefined }));
check('a new step', edit({ op: 'add-step', id: 'map', step: { shape: 'map', settings: {}, next: { out: 'end' } }, after: { step: 'start', port: 'out' }, position: [10, -20] }));
check('steps given back to the layout', edit({ op: 'move', positions: { map: null, end: [0, 0] } }));
check('pasted steps with keys of a later version', edit({ op: 'paste', steps: { map: { shape: 'map', later: { a: 1 } } } }));
check('a window', ['body', 'run', 'hash', { path: '', offset: 0, limit: 100 }]);
check('optional arguments', ['openText']);
check('an unknown change', edit({ op: 'delete-file', path: '/etc/passwd' }), /has no op that is known/);
check('a name of the prototype', edit({ op: 'constructor' }), /has no op that is known/);
check('a step without a shape', edit({ op: 'add-step', id: 'map', step: {} }), /shape that is no text/);
check('a field too many', edit({ op: 'set-start', step: 'map', file: 'x' }), /"file" that is not known/);
check('a path with an object in it', edit({ op: 'set', step: 'map', path: [{}], value: 1 }), /is no text and is no count/);
check('a position of fractions', edit({ op: 'move', positions: { map: [0.5, 1] } }), /is no position/);
check('no list of changes', ['edit', 'all', 1], /is no list/);
check('a side that is none', ['payloads', 'run', 'map', 'inside', 1], /none of in, out, failed/);
check('an argument too many', ['openFile', 'scripts/a.ts', 'more'], /takes 1 arguments, not 2/);
