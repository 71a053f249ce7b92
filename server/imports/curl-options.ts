// Options of cURL that say how a request is made or what becomes of its answer, not what it is.

const wordsOf = (text: string): readonly string[] => text.split(' ');

export const noFiles = 'An import reads no further files: a flow gives the body.';
export const oneAddress = 'An endpoint has one address: write a command for each.';

/** Of the answer, of what is shown, or of what a client sets by itself: nothing is lost with them. */
const silent = new Set(wordsOf('-s --silent -S --show-error -L --location --location-trusted -v --verbose -i --include --show-headers -f --fail --fail-with-body --fail-early -# --progress-bar --compressed --compressed-ssh -g --globoff -N -O --remote-name --remote-name-all -J --remote-header-name --create-dirs -R --remote-time -0 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --http3-only -4 --ipv4 -6 --ipv6 --tcp-nodelay --tcp-fastopen --path-as-is -q --disable -j --junk-session-cookies --raw --styled-output -Z --parallel --basic -A --user-agent -e --referer -o --output --output-dir -c --cookie-jar -w --write-out -D --dump-header --stderr --trace --trace-ascii --max-redirs --keepalive-time'));

/** Why the others are left out. */
const reasons: readonly (readonly [names: readonly string[], why: string])[] = [
  [wordsOf('-k --insecure --cacert --capath'), 'The certificate of the server is always checked. Where its authority is one of your own, name it in `NODE_EXTRA_CA_CERTS` where Patchbay is started, or as `authorities` of the auth method `mtls`.'],
  [wordsOf('-E --cert --key --pass --cert-type --key-type'), 'A certificate that signs in belongs to the auth method `mtls`.'],
  [wordsOf('--connect-timeout'), 'There is one time limit, that of the whole request: `timeoutMs` of the endpoint.'],
  [wordsOf('--retry --retry-delay --retry-max-time --retry-all-errors --retry-connrefused'), 'Whether a request is tried again says `retry` of the connector or of an endpoint.'],
  [wordsOf('--limit-rate'), 'How fast an API may be asked says `rateLimits` of the connector.'],
  [wordsOf('-K --config -n --netrc --netrc-optional --netrc-file'), noFiles],
  [wordsOf('--ntlm --negotiate --anyauth'), 'There is no auth method for it.'],
  [wordsOf('-: --next'), oneAddress],
  [wordsOf('-l -a -p -M -1 -2 -3 --ssl --ssl-reqd --ssl-no-revoke --ssl-revoke-best-effort --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --post301 --post302 --post303 --proxytunnel --proxy-insecure --doh-insecure --haproxy-protocol --tr-encoding --delegation'), 'A manifest has nothing for it.'],
];

/** Those that take a value. */
const values = new Set(wordsOf('-A --user-agent -e --referer -o --output --output-dir -m --connect-timeout --retry --retry-delay --retry-max-time -x --proxy -c --cookie-jar -w --write-out -K --config -E --cert --key --cacert --capath --resolve --connect-to -T --upload-file -D --dump-header --limit-rate -r --range -U --proxy-user --interface --max-redirs --ciphers --tls13-ciphers --curves --tls-max --aws-sigv4 --pass --tlsuser --tlspassword --proxy-header --proxy-pass --proxy-cert --proxy-key --login-options --sasl-authzid --preproxy --noproxy --socks5 --socks5-hostname --socks4 --socks4a --unix-socket --netrc-file --cert-type --key-type --variable --stderr --trace --trace-ascii --keepalive-time --max-filesize --dns-servers --doh-url --local-port --hostpubsha256 --pinnedpubkey --expect100-timeout --request-target --speed-limit --speed-time --time-cond -Y -y -z -Q -P -C -t'));

export const hasOtherValue = (name: string): boolean => values.has(name);

/** Why an option without a meaning here is left out; `undefined` where nothing is lost with it. */
export function whyLeft(name: string): string | undefined {
  if (silent.has(name) || name.startsWith('--no-')) return undefined;
  return reasons.find(([names]) => names.includes(name))?.[1] ?? (values.has(name) ? 'A manifest has nothing for it.' : 'It is not known here; what stands behind it was read as an address.');
}
