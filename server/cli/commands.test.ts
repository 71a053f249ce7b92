import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Diagnostic } from '../model/diagnostic.ts';
import { reportFindings } from './lint.ts';
import type { Session } from './program.ts';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import { schemas, type SchemaName } from '../api/schemas.ts';
import { errors, FlowError } from '../../plugins/sdk/index.ts';
import { closest } from '../model/suggest.ts';
import { commands } from './commands.ts';
import { exitCodeOf, exitCodeOfRun } from './exit-codes.ts';
import { reportRun } from './report-run.ts';
import type { Terminal } from './terminal.ts';
import { runFake, type FakeTerminalOptions, type Outcome } from '../../test/support/fake-terminal.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
  await mkdir(join(root, 'flows', 'shop'), { recursive: true });
  await mkdir(join(root, 'environments'));
  await mkdir(join(root, 'bare'));
  await writeFile(join(root, 'patchbay.json'), '{"version":1,"title":"Test"}');
  await mkdir(join(root, 'filed'));
  await writeFile(join(root, 'filed', 'patchbay.json'), '{"version":1}');
  await writeFile(join(root, 'filed', 'flows'), '');
  await writeFile(join(root, 'flows', 'orders.flow.json'), '{\n  "version": 1,\n  "variables": { "limit": { "type": "number" } },\n  "steps": {\n    "a": { "shape": "map", "next": { "out": "b" } }\n  }\n}\n');
  await writeFile(join(root, 'flows', 'shop', 'eu.flow.json'), '{"version":1,"steps":{}}');
  await writeFile(join(root, 'environments', 'live.env.json'), '{"version":1,"production":true}');
  await writeFile(join(root, 'order.json'), '{"id":7,"lines":[{"sku":"a"},{"sku":"b"}]}');
  await writeFile(join(root, 'broken.json'), '{"id":');
});
after(() => rm(root, { recursive: true }));

const run = (args: readonly string[], options: Partial<FakeTerminalOptions> = {}): Promise<Outcome> => runFake(args, { folder: root, fake: { flows: ['orders', 'shop/eu'] }, ...options });
const ajv = new Ajv({ strict: false });

function checkJson(outcome: Outcome, schema: SchemaName | object): unknown {
  assert.equal(outcome.out.split('\n').length, 2, `stdout is one line: ${outcome.out}`);
  const value: unknown = JSON.parse(outcome.out);
  const validate = ajv.compile(typeof schema === 'string' ? schemas[schema] : schema);
  assert.ok(validate(value), `${ajv.errorsText(validate.errors)} ${outcome.out}`);
  return value;
}

const documents: readonly (readonly [args: string, schema: SchemaName | object, code: number])[] = [
  ['run orders --json', 'RunResult', 0],
  ['lint --json', 'Diagnostics', 0],
  ['lint flows/orders.flow.json --json', 'Diagnostics', 0],
  ['plugins list --json', { type: 'object', required: ['sources', 'plugins'], properties: { sources: schemas.Plugins } }, 0],
  ['runs list --json', 'RunPage', 0],
  ['runs search a --json', { type: 'object', required: ['items', 'runs', 'skipped', 'tracked'] }, 0],
  ['insights --by day --json', 'Insights', 0],
  ['audit --json', 'AuditPage', 0],
  ['notify --json', 'NotificationState', 0],
  ['notify test ops --json', 'NotificationTest', 0],
  ['deploy orders --note new --json', 'DeployResult', 0],
  ['versions orders --json', 'FlowVersions', 0],
  ['versions orders diff 1 draft --json', 'VersionDiff', 0],
  ['rollback orders 1 --json', 'DeployResult', 0],
  ['enable orders --json', { const: { flow: 'orders', enabled: true } }, 0],
  ['disable orders --json', { const: { flow: 'orders', enabled: false } }, 0],
  ['secrets list --json', 'Secrets', 0],
  ['secrets remove a --json', { type: 'object', required: ['name', 'removed'] }, 0],
  ['transform echo --input 1 --json', { type: 'object', required: ['settings', 'input'] }, 0],
  ['eval meta --json', { type: 'object' }, 0],
  ['path lines[*].sku order.json --json', { type: 'array', items: { type: 'string' }, minItems: 2 }, 0],
  ['path id order.json --json', { const: 7 }, 0],
  ['new flow a --json', { type: 'object', properties: { files: { type: 'array', minItems: 1 } }, required: ['files'] }, 0],
  ['new connector a --json', { type: 'object', properties: { files: { type: 'array', minItems: 2 } }, required: ['files'] }, 0],
  ['new plugin a --json', { type: 'object', required: ['files'] }, 0],
  ['init elsewhere --json', { type: 'object', required: ['files'] }, 0],
];

test('--json prints one document and nothing else', async (context) => {
  for (const [args, schema, code] of documents) {
    await context.test(args, async () => {
      const outcome = await run(args.split(' '));
      assert.equal(outcome.code, code, outcome.said);
      checkJson(outcome, schema);
    });
  }
});

const failing = (code: 'SECRET_MISSING'): FlowError => new FlowError(code, 'The secret "shop/token" is missing.');
const refusals: readonly (readonly [title: string, args: readonly string[], options: Partial<FakeTerminalOptions>, code: number, said: RegExp])[] = [
  ['unknown command', ['rnu', 'orders'], {}, 2, /unknown command 'rnu'[^]*Did you mean run/],
  ['no command', [], {}, 2, /Usage: patchbay/],
  ['an expression that begins with a dash', ['eval', '-7 % 3'], {}, 2, /unknown option '-7 % 3'\n\(What begins with a dash and is no option stands behind two of them: patchbay eval -- '-7 % 3'\)\n/],
  ['another that begins with one', ['eval', '-payload.n'], {}, 2, /patchbay eval -- -payload\.n\)/],
  ['a flow without its option', ['cursors', 'reset', 'inc'], {}, 2, /too many arguments[^]*\n\(A flow is named with an option: patchbay cursors reset --flow inc\)\nSee patchbay cursors reset --help\.\n$/],
  ['a missing argument of a command within another', ['runs', 'show'], {}, 2, /missing required argument 'run'\nSee patchbay runs show --help\.\n$/],
  ['unknown option of one letter', ['run', 'orders', '-x'], {}, 2, /unknown option '-x'\nSee patchbay run --help/],
  ['unknown option', ['run', 'orders', '--jsn'], {}, 2, /unknown option '--jsn'[^]*--json/],
  ['no flow', ['run'], {}, 2, /missing required argument 'flow'/],
  ['flow with a slip', ['run', 'ordesr'], {}, 3, /There is no flow "ordesr"[^]*Did you mean "orders"\?/],
  ['flow that is nothing like one', ['run', 'x'], {}, 3, /There are .*orders, shop\/eu\./],
  ['no workspace', ['run', 'orders'], { folder: tmpdir() }, 3, /lies in no workspace[^]*patchbay init/],
  ['folder that is no workspace', ['lint', '--workspace', 'bare'], {}, 3, /bare is no workspace/],
  ['file that is not there', ['run', 'orders', '--input', 'nope.json'], {}, 2, /no file nope\.json/],
  ['folder as input', ['run', 'orders', '--input', '.'], {}, 2, /^error: \. is no file\.$/m],
  ['recording where a file is', ['run', 'orders', '--record', 'order.json'], {}, 8, /order\.json\/bodies cannot be written: a file is in the place of a folder \(ENOTDIR\)/],
  ['workspace below a file', ['init', 'order.json/shop'], {}, 8, /STORAGE_FAILED[^]*ENOTDIR[^]*Check the name/],
  ['flows that are a file', ['new', 'flow', 'x', '--workspace', 'filed'], {}, 8, /filed\/flows cannot be written: something else is there already \(EEXIST\)/],
  ['docs from elsewhere', ['docs'], {}, 8, /is not in the sources of Patchbay/],
  ['plugin that is unknown', ['plugins', 'show', 'ehco'], {}, 3, /There is no plugin "ehco"/],
  ['kind that is none', ['plugins', 'list', '--kind', 'transfrom'], {}, 2, /Allowed choices are .*transform/],
  ['text that would steer the terminal', ['run', 'orders'], { openError: new FlowError('DATA_INVALID', 'a\u{1B}[2Jb') }, 1, /a\\u001b\[2Jb/],
  ['nothing on stdin', ['run', 'orders', '--input', '-'], { isTTY: true }, 2, /nothing on stdin/],
  ['variable without a value', ['run', 'orders', '--var', 'limit'], {}, 2, /name=value/],
  ['variable of another type', ['run', 'orders', '--var', 'limit=many'], {}, 3, /of type number/],
  ['time that is none', ['run', 'orders', '--now', 'soon'], {}, 2, /A time is needed/],
  ['seed that is none', ['run', 'orders', '--seed', '1.5'], {}, 2, /whole number/],
  ['production', ['run', 'orders', '--env', 'live'], {}, 8, /marked as production[^]*--yes-production/],
  ['production, tried out', ['serve', '--dev', '--env', 'live'], { fake: { environment: 'live' } }, 8, /production environment[^]*--yes-production/],
  ['a version that is none', ['rollback', 'orders', 'first'], {}, 2, /whole number/],
  ['version 0', ['rollback', 'orders', '0'], {}, 2, /counted from 1/],
  ['a version that is not there', ['rollback', 'orders', '9'], {}, 3, /VERSION_NOT_FOUND[^]*patchbay versions/],
  ['versions, compared with nothing', ['versions', 'orders', 'diff', '1'], {}, 2, /Which versions/],
  ['versions, compared with what is none', ['versions', 'orders', 'diff', '1', 'x'], {}, 2, /whole number/],
  ['what versions cannot do', ['versions', 'orders', 'undo'], {}, 2, /no "undo" of versions/],
  ['deployment of no flow', ['deploy', 'ordesr'], {}, 3, /Did you mean "orders"/],
  ['missing secret', ['run', 'orders'], { fake: { flows: ['orders'], startError: failing('SECRET_MISSING') } }, 4, /error SECRET_MISSING: The secret "shop\/token" is missing\.\n {2}Set it with/],
  [
    'unknown step', ['run', 'orders', '--json'],
    { fake: { startError: new FlowError('CONFIG_UNKNOWN_STEP', 'There is no step "b".', { place: { file: 'flows/orders.flow.json', pointer: '/steps/a/next/out' } }) } },
    3, /^error CONFIG_UNKNOWN_STEP: There is no step "b"\.\n {2}flows\/orders\.flow\.json:5:45 {2}\/steps\/a\/next\/out\n {2}Name a step that there is, or remove what names it\.\n$/,
  ],
  ['plugin that fails', ['run', 'orders'], { openError: new FlowError('PLUGIN_FAILED', 'The plugin threw.') }, 5, /PLUGIN_FAILED/],
  ['fault of ours', ['run', 'orders'], { openError: new TypeError('x is undefined') }, 70, /^error INTERNAL: x is undefined\n {2}This is a fault of Patchbay[^\n]*\n$/],
  ['lint of a file elsewhere', ['lint', '/etc/hostname', '--workspace', '.'], {}, 2, /is not in the workspace|no file/],
  ['transform that is unknown', ['transform', 'nope'], {}, 3, /CONFIG_UNKNOWN_PLUGIN/],
  ['settings that are no JSON', ['transform', 'echo', '--settings', '{'], {}, 2, /JSON is needed/],
  ['path that is none', ['path', '$[', 'order.json'], {}, 3, /CONFIG_PATH/],
  ['path to nothing', ['path', 'nope', 'order.json'], {}, 1, /nothing at/],
  ['document that is none', ['path', 'id', 'broken.json'], {}, 1, /broken\.json is not valid JSON/],
  ['empty secret', ['secrets', 'set', 'a'], { input: '\n' }, 2, /empty/],
  ['flow that is there', ['new', 'flow', 'orders'], {}, 8, /flows\/orders\.flow\.json is there already/],
  ['name with a climb', ['new', 'flow', '../x'], {}, 2, /cannot be the name/],
  ['unknown kind', ['new', 'thing', 'x'], {}, 2, /Allowed choices are flow, connector, map, test, plugin/],
  ['unknown template', ['new', 'flow', 'x', '--template', 'webhok'], {}, 2, /Did you mean "webhook"\?/],
  ['workspace that is there', ['init', '.'], {}, 8, /patchbay\.json, flows\/hello\.flow\.json|patchbay\.json is there already/],
  ['unknown run', ['runs', 'show', 'nope'], {}, 1, /no run "nope"/],
  ['stop of nothing', ['runs', 'stop', 'nope'], {}, 1, /no run "nope"/],
  ['status that is none', ['runs', 'list', '--status', 'great'], {}, 2, /Allowed choices/],
  ['port that is none', ['serve', '--port', '70000'], {}, 2, /65535/],
];

test('what cannot be done is said once, on stderr, with its exit code', async (context) => {
  for (const [title, args, options, code, said] of refusals) {
    await context.test(title, async () => {
      const outcome = await run(args, options);
      assert.equal(outcome.code, code, outcome.said);
      assert.match(outcome.said, said);
      assert.equal(outcome.out, '');
      assert.equal(outcome.said.match(/^error/gm)?.length ?? 0, args.length ? 1 : 0);
      assert.deepEqual(outcome.runners.flatMap(({ started }) => started), []);
    });
  }
});

test('help and version are answers', async () => {
  for (const { name } of commands) {
    const outcome = await run([name, '--help']);
    assert.equal(outcome.code, 0);
    assert.match(outcome.out, /^Examples:\n {2}patchbay /, name);
    assert.equal(outcome.said, '');
  }
  assert.match((await run(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
  // Behind a command it is the command's own option.
  for (const args of [['runs', 'retry', 'nope', '--version', 'then'], ['runs', 'resume', 'nope', '--version', 'now'], ['replay', 'nope', '--version', 'now']]) {
    const { code, out, said } = await run(args);
    assert.deepEqual([code, out], [1, ''], args.join(' '));
    assert.match(said, /There is no run "nope"/);
  }
  assert.match((await run(['--help'])).out, /Examples:[^]*Commands:/);
});

test('of a command that there is not there is no help either', async () => {
  for (const args of [['nosuch', '--help'], ['--help', 'nosuch'], ['nosuch', '-h'], ['help', 'nosuch'], ['runs', 'nosuch', '--help']]) {
    const { code, out, said } = await run(args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(said, /^error: /);
  }
  assert.match((await run(['rnu', '--help'])).said, /unknown command 'rnu'.*\n*.*Did you mean.*run/);
  const { code, out } = await run(['help', 'run']);
  assert.deepEqual([code, /--env /.test(out)], [0, true]);
});

test('a run gets what the options say', async () => {
  const check = async (args: readonly string[], expected: object, options: Partial<FakeTerminalOptions> = {}): Promise<void> => {
    const outcome = await run(['run', ...args], options);
    assert.equal(outcome.code, 0, outcome.said);
    assert.deepEqual(outcome.runners[0]!.started, [{ trigger: 'manual', flow: 'orders', ...expected }]);
    assert.equal(outcome.out, '');
  };
  await check(['orders'], {});
  await check(['flows/shop/eu.flow.json'], { flow: 'shop/eu' });
  await check(['eu.flow.json'], { flow: 'shop/eu' }, { folder: join(root, 'flows', 'shop') });
  await check(['flows/orders.flow.json', '--input', 'order.json'], { payload: { file: join(root, 'order.json'), name: 'order.json' } });
  await check(['orders', '--input', 'order.json', '--input-type', 'text/plain'], { payload: { file: join(root, 'order.json'), name: 'order.json', mediaType: 'text/plain' } });
  await check(['orders', '--var', 'limit=5', '--var', 'other=a=b', '--from', 'a', '--until', 'b', '--seed', '7', '--now', '2024-07-01T00:00:00Z'], { variables: { limit: 5, other: 'a=b' }, from: 'a', until: 'b', seed: 7, now: 1_719_792_000_000 });
  await check(['orders', '--env', 'live', '--yes-production', '--quiet'], { environment: 'live', isProductionConfirmed: true });
  await check(['orders', '--use-version', '3', '--quiet'], { version: 3 });
  await check(['orders', '--use-version', 'deployed', '--quiet'], { version: 'deployed' });
  await check(['orders', '--workspace', root], {}, { folder: tmpdir() });
});

test('stdin becomes a file of its own, which is gone afterwards', async () => {
  let seen = '';
  const outcome = await run(['run', 'orders', '--input', '-'], { input: '{"a":1}' });
  const payload = outcome.runners[0]!.started[0]!.payload as { file: string; mediaType: string; isOwn?: true };
  seen = payload.file;
  assert.deepEqual([payload.mediaType, payload.isOwn], ['application/json', true]);
  await assert.rejects(readFile(seen), { code: 'ENOENT' });
});

test('a signal stops the run, which still tells how far it came', async () => {
  const outcome = await run(['run', 'orders', '--json'], {
    fake: { flows: ['orders'], isQuick: false },
    signals: (send) => setImmediate(send, 'SIGINT'),
  });
  assert.equal(outcome.code, 130);
  assert.equal((checkJson(outcome, 'RunResult') as { status: string }).status, 'stopped');
});

test('colours only where they are wanted', async () => {
  assert.ok(!(await run(['run', 'orders'])).said.includes('\u{1B}'));
  assert.ok((await run(['run', 'orders'], { hasColour: true })).said.includes('\u{1B}[32msuccess'));
  assert.ok((await run(['run', 'nope'], { hasColour: true })).said.startsWith('\u{1B}[31merror'));
});

test('lint for people and compilers', async () => {
  const outcome = await run(['lint']);
  assert.equal(outcome.out, 'flows/orders.flow.json:3:4: warning CONFIG_INVALID Something is odd.\n');
  assert.equal(outcome.said, '0 errors, 1 warning, 0 notes.\n');
});

test('notes of a file are one line, unless they are asked for', () => {
  const found = ([['a', 1, 'warning'], ['a', 2, 'info'], ['a', 3, 'info'], ['a', 4, 'info'], ['b', 1, 'info']] as const).map(([file, line, severity]) => ({ file, line, column: 1, severity, code: 'CONFIG_INVALID', message: 'Odd.' })) as unknown as readonly Diagnostic[];
  const printed = (notes: boolean): readonly string[] => {
    const lines: string[] = [];
    reportFindings({ terminal: { out: (text: string) => void lines.push(text), say: () => undefined, hasColour: false } as unknown as Terminal } as Session, found, { notes });
    return lines;
  };
  assert.deepEqual(printed(false), ['a:1:1: warning CONFIG_INVALID Odd.\n', 'a:2:1: info CONFIG_INVALID Odd. (2 more notes on this file: --notes)\n', 'b:1:1: info CONFIG_INVALID Odd.\n']);
  assert.equal(printed(true).length, 5);
});

test('people see what came out, in short', async () => {
  let said = '';
  const check = async (outputs: readonly unknown[], expected: RegExp): Promise<void> => {
    said = '';
    await reportRun({ say: (text: string) => { said += text; }, hasColour: false } as Terminal, { run: 'r1', status: 'success', durationMs: 1, steps: {}, failures: [], outputs }, { root, isQuiet: false });
    assert.match(said, expected);
  };
  await check([{ a: 1 }], /^Output: \{"a":1\}$/m);
  await check(['x', 'y'], /^The first of 2 outputs: "x"$/m);
  await check(['x'.repeat(600)], /^Output: "x{198}… \(--json prints all of it\)$/m);
});

test('the recording of a run in a folder', async () => {
  const outcome = await run(['run', 'orders', '--record', 'recording']);
  assert.equal(outcome.code, 0, outcome.said);
  const lines = (await readFile(join(root, 'recording', 'events.ndjson'), 'utf8')).trim().split('\n').map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);
  assert.deepEqual(lines, ['run-queued', 'run-finished']);
  assert.equal((JSON.parse(await readFile(join(root, 'recording', 'run.json'), 'utf8')) as { id: string }).id, 'r1');
});

test('the folder that init names can be pasted', async () => {
  assert.equal((await run(['init', "shöp 1's"])).said, "Run the flow: cd 'shöp 1'\\''s' && patchbay run hello\n");
  assert.equal((await run(['init', 'shop-2'])).said, 'Run the flow: cd shop-2 && patchbay run hello\n');
});

test('the command that npm links is the program, and what plugins print is not among its data', async () => {
  const loud = join(root, 'loud');
  await mkdir(join(loud, 'plugins'), { recursive: true });
  await writeFile(join(loud, 'patchbay.json'), '{"version":1}');
  await writeFile(join(loud, 'plugins', 'loud.ts'), `console.log('loaded');
export default { kind: 'transform', type: 'loud', title: 'Loud', summary: 'Prints.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], compile: () => (value: unknown) => { console.log('at work'); return value; } };`.replace('examples: []', "examples: [{ title: 'Same', settings: {}, input: 1, output: 1 }, { title: 'Other', settings: {}, input: 1, output: 2 }, { title: 'Fails', settings: {}, input: 1, error: 'DATA_INVALID' }]"));
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'patchbay.js'), 'transform', 'loud', '--input', '1', '--json'], { cwd: loud, encoding: 'utf8' });
  assert.deepEqual([stdout, status], ['1\n', 0], stderr);
  assert.match(stderr, /^at work$/m);
  const checked = spawnSync(process.execPath, [join(import.meta.dirname, 'patchbay.ts'), 'plugins', 'check'], { cwd: loud, encoding: 'utf8' });
  assert.equal(checked.stdout, 'passed   transform/loud: Same\nfailed   transform/loud: Other. It gave 1, not 2.\nfailed   transform/loud: Fails. It gave 1 and did not fail with DATA_INVALID.\n');
  assert.equal(checked.status, 1);
});

test('a value of a secret comes from stdin and is never shown', async () => {
  const outcome = await run(['secrets', 'set', 'shop/token'], { input: 'very-secret\n' });
  assert.equal(outcome.code, 0);
  assert.ok(!(outcome.out + outcome.said).includes('very-secret'));
});

test('runs whose process has ended before them: who starts the flow again is told, and a server says that it goes on with them', async () => {
  const waiting = { flow: 'orders', trigger: 'manual', isAtWork: false, priority: 'regular', queuedAt: 1, flowAtWork: 0, strikes: 0 } as const;
  const fake = { queue: [{ ...waiting, run: 'r7', startedAt: 2 }, { ...waiting, run: 'r8' }, { ...waiting, run: 'r9', startedAt: 2, isAtWork: true }] };
  const told = 'warning The run r7 of this flow was interrupted. `patchbay runs resume r7` goes on with it, as a server does by itself; `patchbay runs stop r7` ends it.\n';
  for (const [args, expected] of [[['run', 'orders'], told], [['run', 'orders', '--json'], told], [['run', 'orders', '--quiet'], '']] as const) assert.equal((await run(args, { fake })).said.match(/^warning.*\n/gm)?.join('') ?? '', expected, args.join(' '));
  const { promise, resolve } = Promise.withResolvers<(signal: 'SIGTERM') => void>();
  const served = await run(['serve', '--port', '0'], { fake, signals: resolve, onOut: () => void promise.then((send) => send('SIGTERM')) });
  assert.deepEqual(served.said.split('\n').filter((line) => line.includes('interrupted')), ['Goes on with the run r7 of the flow orders, which was interrupted.']);
});

test('serve names its address and token on the first line, and ends when told to', async () => {
  const { promise, resolve } = Promise.withResolvers<(signal: 'SIGTERM') => void>();
  const outcome = await run(['serve', '--port', '0'], {
    signals: resolve,
    onOut: (text) => {
      const { url, token } = JSON.parse(text) as { url: string; token: string };
      void (async () => {
        assert.equal((await fetch(`${url}/readyz`)).status, 200);
        assert.equal((await fetch(`${url}/api/v1/flows`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
        const stop = await runFake(['runs', 'stop', 'nope'], { folder: root });
        assert.equal(stop.code, 1, 'it finds the runner, which knows no such run');
        assert.match(stop.said, /no run "nope"/);
        (await promise)('SIGTERM');
      })();
    },
  });
  assert.equal(outcome.code, 0, outcome.said);
  const { token } = JSON.parse(outcome.out) as { token: string };
  assert.ok(token.length >= 43);
  assert.deepEqual(outcome.opened.map(({ isServer, dev }) => ({ isServer, dev })), [{ isServer: true, dev: false }]);
  assert.equal((await runFake(['runs', 'stop', 'nope'], { folder: root })).code, 1);
});

test('every error has an exit code of its area', () => {
  const codes = new Set([1, 3, 4, 5, 6, 7, 8, 70]);
  for (const [code, { kind }] of Object.entries(errors)) {
    assert.ok(codes.has(exitCodeOf(code)), code);
    if (code.startsWith('CONFIG_')) assert.equal(exitCodeOf(code), 3, code);
    if (kind === 'data' && !code.endsWith('TIMEOUT')) assert.equal(exitCodeOf(code), 1, code);
  }
  assert.equal(exitCodeOf('NOT_A_CODE'), 70);
  const check = (status: 'success' | 'partial-success' | 'failed' | 'stopped', code: string | undefined, expected: number): void => assert.equal(exitCodeOfRun({ status, ...(code && { error: { code } }) }), expected);
  check('success', undefined, 0);
  check('partial-success', undefined, 0);
  check('failed', 'REMOTE_UNREACHABLE', 6);
  check('failed', 'REMOTE_TIMEOUT', 6);
  check('failed', 'STEP_TIMEOUT', 7);
  check('failed', 'SCRIPT_INVALID', 3);
  check('failed', 'REMOTE_STATUS', 1);
  check('failed', undefined, 1);
  check('stopped', 'RUN_STOPPED', 1);
});

test('the nearest name', () => {
  const check = (name: string, names: readonly string[], expected: string | undefined): void => assert.equal(closest(name, names), expected);
  check('ordesr', ['orders', 'others'], 'orders');
  check('Orders', ['orders'], 'orders');
  check('xyz', ['orders'], undefined);
  check('x', ['a'], undefined);
  check('lnit', ['lint', 'init'], 'lint');
  check('stock', [], undefined);
});

test('a port that another program has is no fault of the workspace', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, said } = await run(['serve', '--port', String(port)]);
  server.close();
  assert.equal(code, 8, said);
  assert.match(said, new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is taken[^]*--port`));
});
