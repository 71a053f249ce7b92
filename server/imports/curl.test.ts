import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { findingsOf } from '../../test/support/imported.ts';
import { importCurl } from './curl.ts';

describe('what a cURL command says and a connector cannot hold is named', () => {
  const nothing = 'A manifest has nothing for it.';
  const unknown = 'It is not known here; what stands behind it was read as an address.';
  const shell = 'Nothing of a shell is run: what it would put there is not known. Put the value in its place, or a parameter.';
  const certificates = 'The certificate of the server is always checked. Where its authority is one of your own, name it in `NODE_EXTRA_CA_CERTS` where Patchbay is started, or as `authorities` of the auth method `mtls`.';
  const cases: readonly (readonly [command: string, reasons: readonly string[]])[] = [
    ['curl -sSL --compressed -o x.json -A me --no-progress-meter https://a.test/x', []],
    ['curl -k https://a.test/x', [`The option -k: ${certificates}`]],
    ['curl --insecure --cacert ca.pem https://a.test/x', [`The options --insecure, --cacert: ${certificates}`]],
    ['curl https://a.test/x --connect-timeout 2', ['The option --connect-timeout: There is one time limit, that of the whole request: `timeoutMs` of the endpoint.']],
    ['curl https://a.test/x --retry 3 -x http://proxy.test:1', [`The option --retry: Whether a request is tried again says \`retry\` of the connector or of an endpoint.`, `The option -x: ${nothing}`]],
    ['curl https://a.test/x -K settings -n', ['The options -K, -n: An import reads no further files: a flow gives the body.']],
    ['curl https://a.test/x -T a.csv --aws-sigv4 aws:amz', [`The options -T, --aws-sigv4: ${nothing}`]],
    ['curl https://a.test/x --fancy --plain -J', [`The options --fancy, --plain: ${unknown}`]],
    ['curl https://a.test/x https://b.test/y?key=1', ['The address https://b.test/y: An endpoint has one address: write a command for each.']],
    ['curl https://a.test/x -H @headers.txt', ['The file headers.txt: An import reads no further files: a flow gives the body.']],
    ['curl https://a.test/x -H lone', ['A header without a colon: It has no value, and cURL does not send it either.']],
    ['curl https://a.test/x -m soon', ['The option -m: Its value is no number of seconds.']],
    ['curl https://a.test/x -H "X-Day: $(date +%F; echo "x)")"', [`The part of the shell $(date …): ${shell}`]],
    ['curl https://a.test/x -H "X-Day: `date`" -H X-Shop:$SHOP -H "X-Part: ${PART:-1}"', [`The parts of the shell \`date …\`, SHOP, PART: ${shell}`]],
    ['curl https://a.test/x -H \'X-Price: $(5) `x`\' -H "X-Price: \\$A \\`x\\` $5"', []],
  ];
  for (const [command, reasons] of cases) test(command, () => {
    const result = importCurl(command);
    assert.deepEqual(findingsOf(result), []);
    assert.deepEqual(result.skipped.map(({ what, why }) => `${what}: ${why}`), reasons);
    assert.deepEqual(Object.keys(result.manifest.endpoints), ['x.list']);
  });

  test('what a shell puts in its place stands as it is written', () => {
    const params = importCurl('curl https://a.test/x -H "X-Day: $(date +%F; echo "x)")" -H X-At:$(date +%s)').manifest.endpoints['x.list']!.params as Record<string, { default?: string }>;
    assert.deepEqual([params['x-day']?.default, params['x-at']?.default], ['$(date +%F; echo "x)")', '$(date +%s)']);
  });

  test('a body out of a file is sent all the same', () => {
    for (const option of ['-d @a.txt', '--data-urlencode text@a.txt', '--data-urlencode @a.txt']) {
      const { manifest: { endpoints }, skipped } = importCurl(`curl https://a.test/x ${option}`);
      assert.deepEqual([endpoints['x.list']?.method ?? Object.values(endpoints)[0]!.method, skipped.map(({ what }) => what)], ['POST', ['The file a.txt']], option);
    }
  });

  test('a command within it that does not end', () => assert.throws(() => importCurl('curl https://a.test/x \\\n-H X-Day:$(date'), (error) => FlowError.is(error, 'DATA_INVALID') && /line 2, column 10: the bracket \$\( is not closed/.test(error.message)));

  test('commands within commands, to a depth', () => {
    const nested = (depth: number): string => `curl https://a.test/x\n-H ${'"$('.repeat(depth)}date${')"'.repeat(depth)}`;
    assert.doesNotThrow(() => importCurl(nested(50)));
    for (const depth of [51, 20_000]) assert.throws(() => importCurl(nested(depth)), (error) => FlowError.is(error, 'DATA_INVALID') && /^The command cannot be read: line 2, column 155: more than 50 commands stand within each other\.$/.test(error.message) && error.place?.line === 2);
  });

  test('the time limit is that of the endpoint', () => {
    const limits = ['-m 5', '--max-time 0.25', '-m 0', ''].map((option) => importCurl(`curl https://a.test/x ${option}`).manifest.endpoints['x.list']!.timeoutMs);
    assert.deepEqual(limits, [5_000, 250, undefined, undefined]);
  });
});
