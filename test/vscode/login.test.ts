import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before } from 'node:test';
import { story } from './harness.ts';

/** A system that asks for a login: whoever comes is let in, and led back with a code. */
let server: Server;
const grants: string[] = [];
const files: Record<string, string> = {};

before(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://127.0.0.1');
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri')!);
      for (const [name, value] of [['code', 'of the test'], ['state', url.searchParams.get('state')!]] as const) back.searchParams.set(name, value);
      return void response.writeHead(302, { location: back.href }).end();
    }
    let body = '';
    request.on('data', (part: Buffer) => { body += part.toString(); }).on('end', () => {
      grants.push(new URLSearchParams(body).get('grant_type') ?? request.headers.authorization ?? '');
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: 'an access token', refresh_token: 'a refresh token', expires_in: 3600 }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(files, {
    'patchbay.json': '{ "version": 1, "title": "Logins" }\n',
    'connectors/crm.connector.json': JSON.stringify({
      version: 1, title: 'CRM', baseUrl: base, auth: { login: { type: 'oauth2-authorization-code', settings: { authorizationUrl: `${base}/authorize?audience=a%26b`, tokenUrl: `${base}/token`, clientAuth: 'none', scope: 'orders offline_access' } } },
      endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/list' } },
    }, undefined, 2),
    'instances/crm-eu.instance.json': JSON.stringify({ version: 1, connector: 'crm', credentials: { clientId: 'c' } }, undefined, 2),
  });
});
after(() => {
  server.close();
  server.closeAllConnections();
});

story('a login to an instance, and a logout', { workspace: files }, async ({ workbench, picture }) => {
  grants.length = 0;
  await workbench.ready();
  const { page } = workbench;
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'crm-eu' }).first();
  await workbench.command('Patchbay: Log In to Instance');
  await row.filter({ hasText: 'not logged in' }).waitFor({ timeout: 60_000 });
  await picture('login-pick');
  const opened = page.context().waitForEvent('page');
  await workbench.pick('crm-eu');
  // Of this machine, VS Code opens pages without asking.
  const tab = await opened;
  await tab.getByText('You are logged in.').waitFor();
  await workbench.notification('Logged in to crm-eu.').waitFor();
  await picture('login-done');
  assert.deepEqual(grants, ['authorization_code']);

  await workbench.command('Patchbay: Log Out of Instance');
  await row.filter({ hasText: 'logged in, renewed by itself' }).waitFor();
  await workbench.pick('crm-eu');
  await workbench.notification('Logged out of crm-eu.').waitFor();
  await workbench.command('Patchbay: Log In to Instance');
  await row.filter({ hasText: 'not logged in' }).waitFor();
});
