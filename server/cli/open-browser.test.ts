import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, openerOf } from './open-browser.ts';

const url = 'https://login.test/authorize?a=1&b=%22x%22';
const screen = { DISPLAY: ':0' };
for (const [what, given, environment, platform, expected] of [
  ['Linux', url, screen, 'linux', ['xdg-open', url]],
  ['Linux with Wayland', url, { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', ['xdg-open', url]],
  ['Linux without a screen', url, {}, 'linux', undefined],
  ['macOS', url, {}, 'darwin', ['open', url]],
  ['Windows, without a shell that reads the address', url, {}, 'win32', ['rundll32', 'url.dll,FileProtocolHandler', url]],
  ['the shell of another machine', url, { ...screen, SSH_CONNECTION: '1 2 3 4' }, 'linux', undefined],
  ['a build server', url, { ...screen, CI: 'true' }, 'linux', undefined],
  ['an address that is none of the web', 'file:///etc/passwd', screen, 'linux', undefined],
  ['what would be an option', '-x', screen, 'linux', undefined],
  ['letters that an address writes otherwise', 'https://login.test/a b"', screen, 'linux', ['xdg-open', 'https://login.test/a%20b%22']],
] as const) test(what, () => assert.deepEqual(openerOf(given, environment, platform), expected));

test('a program that is not there', async () => assert.equal(await openBrowser(url, { DISPLAY: ':0', PATH: '' }, process.platform === 'win32' ? 'darwin' : 'win32'), false));
