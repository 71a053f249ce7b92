import { createPrivateKey, X509Certificate } from 'node:crypto';
import { defineAuth, FlowError } from '../sdk/index.ts';

export default defineAuth({
  type: 'mtls',
  title: 'Client certificate',
  summary: 'Proves who the client is with a certificate when the TLS connection is made (mTLS).',
  description: 'Requests stay as they are. The certificate is shown to the origin of the instance only.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  credentials: {
    type: 'object',
    properties: {
      certificate: { type: 'string', minLength: 1, title: 'Certificate', description: 'Certificate of the client in PEM, with those between it and the authority.' },
      key: { type: 'string', minLength: 1, writeOnly: true, title: 'Private key', description: 'Private key of the certificate in PEM.' },
      passphrase: { type: 'string', minLength: 1, writeOnly: true, title: 'Passphrase', description: 'Passphrase of the private key, where it has one.' },
      authorities: { type: 'string', minLength: 1, title: 'Authorities', description: 'Certificates of the authorities that may vouch for the other system, in PEM; default those of Node.js.' },
    },
    required: ['certificate', 'key'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A request stays as it is', settings: {}, credentials: { certificate: 'a certificate in PEM', key: 'a key in PEM' }, request: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*' } } },
    { title: 'A key with a passphrase', settings: {}, credentials: { certificate: 'a certificate in PEM', key: 'a key in PEM', passphrase: 'p' }, request: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' } },
    { title: 'An authority of one’s own', settings: {}, credentials: { certificate: 'a certificate in PEM', key: 'a key in PEM', authorities: 'a certificate in PEM' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: {} } },
  ],
  tls({ certificate: givenCertificate, key: givenKey, passphrase, authorities }) {
    const [certificate, key] = [lines(givenCertificate), lines(givenKey)];
    check('certificate', () => new X509Certificate(certificate));
    const privateKey = check('private key', () => createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) }));
    if (!new X509Certificate(certificate).checkPrivateKey(privateKey)) throw new FlowError('CONFIG_INVALID', 'The private key of the instance is not that of its certificate.');
    return { certificate, key, ...(passphrase !== undefined && { passphrase }), ...(authorities !== undefined && { authorities: lines(authorities) }) };
  },
  sign: (request) => request,
});

/** Line breaks may have been lost on the way into an environment variable. */
const lines = (pem: string): string => pem.replaceAll('\\n', '\n');

function check<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch {
    // The cause could quote the key.
    throw new FlowError('CONFIG_INVALID', `The ${what} of the instance cannot be read: it must be PEM${what === 'private key' ? ', with its passphrase where it has one' : ''}.`);
  }
}
