/**
 * Runs in a child's main realm in place of the product's code, as a script would that broke out of everything: with `require`, `process` and all.
 * Answers with one frame `{"type":"breach"}` whose body maps each attempt to "open" or to the code of its refusal.
 */
export const breachSource = String.raw`
exports.main = async () => {
  const { runInThisContext, runInNewContext } = require('node:vm');
  const home = process.execPath;
  const attempts = {
    'read the binary': () => require('fs').readFileSync(home),
    'read /etc/passwd': () => require('fs').readFileSync('/etc/passwd'),
    'read the own environment': () => require('fs').readFileSync('/proc/self/environ'),
    'read the environment of the parent': () => require('fs').readFileSync('/proc/' + process.ppid + '/environ'),
    'read the memory of the parent': () => require('fs').openSync('/proc/' + process.ppid + '/mem'),
    'read by a promise': () => require('fs/promises').readFile(home),
    'read by a stream': () => new Promise((resolve, reject) => require('fs').createReadStream(home).on('data', resolve).on('error', reject)),
    'read by a URL': () => require('fs').readFileSync(new URL('file://' + home)),
    'read by a relative path': () => require('fs').readFileSync('../../..' + home),
    'read by bytes': () => require('fs').readFileSync(Buffer.from(home)),
    'ask whether a file exists': () => { if (!require('fs').existsSync(home)) throw Object.assign(new Error(), { code: 'ERR_ACCESS_DENIED' }) },
    'list a folder': () => require('fs').readdirSync('/'),
    'link': () => require('fs').symlinkSync(home, '/tmp/patchbay-breach'),
    'watch': () => require('fs').watch(home).close(),
    'status of a file': () => require('fs').statSync(home),
    'write a file': () => require('fs').writeFileSync('/tmp/patchbay-breach', 'x'),
    'write to a device': () => require('fs').openSync('/dev/null', 'w'),
    'make a temporary folder': () => require('fs').mkdtempSync('/tmp/patchbay-breach'),
    'remove': () => require('fs').rmSync('/tmp/patchbay-breach', { force: true }),
    'change the folder': () => process.chdir('/tmp'),
    'require a file': () => require(home),
    'import a file': () => import('file://' + home),
    'load an environment file': () => process.loadEnvFile('/tmp/.env'),
    'spawn': () => require('child_process').spawnSync(home, ['-v']),
    'spawn a shell': () => require('child_process').execSync('true'),
    'spawn later': () => new Promise((resolve, reject) => require('child_process').spawn(home, ['-v']).on('spawn', resolve).on('error', reject)),
    'fork': () => require('child_process').fork(home),
    'cluster': () => { const c = require('cluster'); c.setupPrimary({ exec: home }); return c.fork() },
    'worker': () => new (require('worker_threads').Worker)('0', { eval: true }),
    'loader hooks': () => require('module').register('data:text/javascript,0'),
    'addon': () => process.dlopen({ exports: {} }, '/tmp/x.node'),
    'sqlite': () => require('node:sqlite'),
    'sqlite by another door': () => { if (!process.getBuiltinModule('node:sqlite')) throw Object.assign(new Error(), { code: 'ABSENT' }) },
    'wasi': () => new (require('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } }),
    'debugger port': () => require('inspector').open(0),
    'debugger session': () => new (require('inspector').Session)().connect(),
    'process.binding': () => process.binding('spawn_sync'),
    'heap snapshot': () => require('v8').writeHeapSnapshot('/tmp/patchbay-breach'),
    'diagnostic report': () => process.report.writeReport('/tmp/patchbay-breach'),
    'trace file': () => require('trace_events').createTracing({ categories: ['node'] }).enable(),
    'eval': () => (0, eval)('1'),
    'Function': () => new Function('return 1'),
    'AsyncFunction': () => new (async () => {}).constructor('return 1'),
    'code generation switched on again': () => { require('v8').setFlagsFromString('--no-disallow-code-generation-from-strings'); return new Function('return 1') },
    'permission dropped': () => { if (process.permission.has('fs.read') || process.permission.has('child') || process.permission.has('worker')) return; throw Object.assign(new Error(), { code: 'ERR_ACCESS_DENIED' }) },
    'a variable of the environment': () => { if (Object.keys(process.env).length === 0) throw Object.assign(new Error(), { code: 'ABSENT' }) },
    'the path of the workspace': () => { if (process.cwd() === '/') throw Object.assign(new Error(), { code: 'ABSENT' }) },
    'compile code by node:vm': () => runInThisContext('1'),
    'compile code in another realm': () => runInNewContext('eval("1")', {}, { contextCodeGeneration: { strings: true } }),
    'import code from a data: address': () => import('data:text/javascript,export default 1'),
    'WebAssembly': () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    'listen on a port': () => new Promise((resolve, reject) => { const s = require('net').createServer().listen(0, '127.0.0.1', () => { s.close(); resolve() }).on('error', reject) }),
    'connect to a port': () => new Promise((resolve, reject) => { const s = require('net').createServer().listen(0, '127.0.0.1', () => require('net').connect(s.address().port, '127.0.0.1', function () { this.destroy(); s.close(); resolve() }).on('error', reject)) }),
    'UDP': () => new Promise((resolve) => { const s = require('dgram').createSocket('udp4'); s.bind(0, '127.0.0.1', () => { s.close(); resolve() }) }),
    'resolve a name': () => require('dns/promises').lookup('localhost'),
    'signal the parent': () => process.kill(process.ppid, 0),
    'name of the user and the machine': () => require('os').userInfo().username + require('os').hostname(),
    'report in memory': () => process.report.getReport(),
  };
  const results = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(); results[name] = 'open' } catch (error) { results[name] = String(error.code ?? error.name) }
  }
  const body = Buffer.from(JSON.stringify({ type: 'breach' }) + '\n' + JSON.stringify(results));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  process.stdout.write(Buffer.concat([length, body]));
  process.stdin.on('end', () => process.exit(0));
};`;

/** The exact list of what a script can do that broke out of vm2 and of the child's own code. SECURITY.md says it in words. */
export const knownOpen = [
  'compile code by node:vm', 'compile code in another realm', 'WebAssembly',
  'listen on a port', 'connect to a port', 'UDP', 'resolve a name', 'signal the parent', 'name of the user and the machine', 'report in memory',
] as const;

/** Parts of a child that says that all is well and then sends what is given: for the behaviour of the parent. */
export const hostileChild = (walls: readonly string[], onRun: string): string => String.raw`
const frame = (head, body = '') => { const b = Buffer.from(JSON.stringify(head) + '\n' + body); const l = Buffer.alloc(4); l.writeUInt32BE(b.length); return Buffer.concat([l, b]) };
exports.main = () => {
  const send = (x) => process.stdout.write(x);
  process.stdin.on('end', () => process.exit(0));
  let got = 0;
  process.stdin.on('data', (bytes) => {
    if (got++ === 0) return send(frame({ type: 'loaded', script: JSON.parse(bytes.subarray(4, bytes.indexOf(10))).script }));
    ${onRun}
  });
  send(frame({ type: 'ready', held: ${JSON.stringify(walls)} }));
};`;
