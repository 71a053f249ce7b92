import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { panelPage } from './panel-page.ts';

/** A page in a panel, what it was written with, and what it was told. */
function world() {
  const now = { text: 'a', catalog: [1] };
  const seen: string[] = [];
  const handlers: (() => void)[] = [];
  const panel = { visible: true, onDidChangeViewState(handler: () => void) { handlers.push(handler); return { dispose() {} }; } };
  const page = panelPage({ panel, opening: () => ({ ...now }), write: (boot) => { seen.push(`written ${JSON.stringify(boot)}`); } });
  const show = (visible: boolean): void => { panel.visible = visible; for (const handler of handlers) handler(); };
  const change = (text: string): void => { now.text = text; page.changed(() => seen.push(`told ${text}`)); };
  return { now, seen, page, show, change };
}

test('the catalogue is in the page, and is neither part of its answer nor told again, until it is another', () => {
  const { now, page } = world();
  page.write();
  assert.deepEqual(page.open(), { text: 'a' });
  assert.equal(page.catalog(now.catalog), undefined);
  now.catalog = [1, 2];
  assert.deepEqual(page.catalog(now.catalog), [1, 2]);
  assert.equal(page.catalog(now.catalog), undefined);
  assert.deepEqual(page.open(), { text: 'a', catalog: [1, 2] }, 'a page that was reloaded is as it was written');
});

test('a page that loads is told nothing, as it will ask; one that listens is told at once', async () => {
  const { seen, page, change } = world();
  page.write();
  change('b');
  assert.deepEqual(seen, ['written {"text":"a","catalog":[1]}']);
  assert.equal(page.open().text, 'b');
  await turn();
  change('c');
  assert.equal(seen.at(-1), 'told c');
});

test('a hidden page is written anew when nothing has changed for a moment, and not while it is shown', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { seen, page, show, change } = world();
    page.write();
    page.open();
    show(false);
    assert.equal(seen.length, 2, 'as it was left');
    for (const text of ['b', 'c', 'd']) { change(text); mock.timers.tick(100); }
    assert.equal(seen.length, 2);
    mock.timers.tick(400);
    assert.deepEqual(seen.slice(2), ['written {"text":"d","catalog":[1]}']);
    change('e');
    show(true);
    mock.timers.tick(1_000);
    assert.equal(seen.length, 3);
    assert.equal(page.open().text, 'e');
  } finally {
    mock.timers.reset();
  }
});

test('of a panel that is closed nothing is asked, and it is told nothing', () => {
  const seen: string[] = [];
  const panel = { get visible(): boolean { throw new Error('Webview is disposed'); }, onDidChangeViewState: () => ({ dispose() {} }) };
  const page = panelPage({ panel, opening: () => ({}), write: () => seen.push('written') });
  page.write();
  page.dispose();
  page.changed(() => seen.push('told'));
  assert.deepEqual(seen, ['written']);
});
