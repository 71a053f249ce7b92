import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRunner } from '../server/runner/runner.ts';
import { checkFiles } from './support/canaries.ts';

// What is named in `redact` and what is secret is looked for in every file of the state, write-ahead logs included, after runs that say it wherever they can.
// Caches, pools and tracked data are what flows keep on purpose: they hold values as they are, in `state.db`, and the flow here keeps nothing that is redacted.

const canaries = { email: 'ada.lovelace@canary.test', iban: 'DE02120300000000202051', phone: '+44 20 7946 0958', secret: 'tok-canary-7f3a9c21' };

const script = `export default async function (input, context) {
  const { email, id } = input.payload;
  context.log.info('Looking at ' + email, { contact: email, email });
  if (id === 2) throw new Error('Nobody has the address ' + email + '.');
  return { ...input, meta: { ...input.meta, email } };
}
`;

const flow = (recording: string): object => ({
  version: 1, title: 'People', settings: { recording, redact: ['iban', 'Phone'] }, triggers: { in: { trigger: 'webhook' } }, start: 'each',
  variables: { email: { type: 'string' } },
  steps: {
    each: { shape: 'split', settings: { path: 'people', each: true }, next: { out: 'look' } },
    look: { shape: 'script', settings: { script: 'scripts/look.ts' }, retry: { attempts: 0 }, next: { out: 'set' } },
    set: { shape: 'set-variables', settings: { flow: [{ name: 'email', value: '{{ payload.email }}' }] }, next: { out: 'tell' } },
    tell: { shape: 'notify', settings: { message: 'Wrote to {{ payload.email }} about {{ payload.bank.iban }}', groups: ['ops'], level: 'warning' }, next: { out: 'track' } },
    track: { shape: 'track-data', settings: { entity: 'person', fields: ['id'] }, next: { out: 'check' } },
    check: { shape: 'connector', settings: { instance: 'crm', endpoint: 'find', params: { q: '{{ payload.email }}', email: '{{ payload.email }}' } }, next: { out: 'refuse' } },
    refuse: { shape: 'connector', settings: { instance: 'crm', endpoint: 'write' } },
  },
});

for (const recording of ['full', 'errors', 'none']) {
  test(`nothing that is redacted or secret comes to the disk in clear: recording ${recording}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'patchbay-redaction-'));
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const email = canaries.email;
        if (request.url?.startsWith('/hooks')) response.writeHead(503).end('closed');
        else if (request.method === 'GET') response.writeHead(200, { 'content-type': 'application/json', 'x-contact': email, 'x-token': canaries.secret }).end(JSON.stringify({ hits: [{ id: 1, email, bank: { iban: canaries.iban }, phone: canaries.phone }] }));
        else response.writeHead(422, { 'content-type': 'text/plain' }).end(`We know ${email} already, IBAN ${canaries.iban}.`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const write = async (path: string, content: object | string): Promise<void> => {
        await mkdir(join(root, path, '..'), { recursive: true });
        await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
      };
      await write('patchbay.json', { version: 1, redact: ['email'], notifications: { groups: { ops: { slack: { $secret: 'ops/slack' } } }, onFailure: ['ops'] } });
      await write('flows/people.flow.json', flow(recording));
      await write('scripts/look.ts', script);
      await write('connectors/crm.connector.json', {
        version: 1, title: 'CRM', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Address.' } }, auth: { key: { type: 'api-key', settings: { name: 'x-crm-token' } } },
        endpoints: {
          find: { title: 'Find', direction: 'receive', method: 'GET', path: '/find', query: { q: '{{ params.q }}', email: '{{ params.email }}' }, params: { q: { type: 'string' }, email: { type: 'string' } }, records: '$.hits' },
          write: { title: 'Write', direction: 'send', method: 'POST', path: '/write', body: { format: 'json' } },
        },
      });
      await write('instances/crm.instance.json', { version: 1, title: 'CRM', connector: 'crm', settings: { url }, credentials: { key: { $secret: 'crm/key' } } });
      {
        await using runner = await openRunner({ root, editorSecrets: new Map([['crm/key', canaries.secret], ['ops/slack', `${url}/hooks/${canaries.secret}`]]), actor: 'ada' });
        assert.deepEqual((await runner.diagnostics()).filter(({ severity }) => severity === 'error'), []);
        const people = [1, 2].map((id) => ({ id, email: canaries.email, bank: { iban: canaries.iban }, phone: canaries.phone, token: canaries.secret }));
        const { head, done } = await runner.start({ flow: 'people', trigger: 'in', payload: { body: { people }, mediaType: 'application/json', meta: { email: canaries.email } }, variables: { email: canaries.email } });
        const { status, failures } = await done;
        assert.equal(status, 'failed');
        assert.deepEqual(failures.map(({ step, code }) => `${step} ${code}`).sort(), ['look SCRIPT_THREW', 'refuse REMOTE_REJECTED'], 'it came to where it says something');
        await runner.state.pools.add('seen', [{ entity: 'id', value: '1' }]);
        await runner.state.pools.remove('seen', ['1'], 'id');
        await runner.secrets.set('other', canaries.secret);
        await runner.act('pin', [head.id]);
        await runner.act('retry', [head.id, 'nope']);
        assert.deepEqual([(await runner.notifications.state()).waiting > 0, (await runner.auditLog({})).total >= 3], [true, true]);
        const { items } = runner.archive.logs(head.id, {});
        if (recording !== 'none') assert.ok(items.some(({ message }) => message.startsWith('Looking at [redacted]')), JSON.stringify(items.map(({ message }) => message)));
        // While it is open, so that the write-ahead logs are there.
        await checkFiles(join(root, '.patchbay'), canaries, 'patchbay.db');
      }
      await checkFiles(join(root, '.patchbay'), canaries, 'patchbay.db');
    } finally {
      server.closeAllConnections();
      server.close();
      await rm(root, { recursive: true, force: true });
    }
  });
}
