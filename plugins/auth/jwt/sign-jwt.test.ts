import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { describe, test } from 'node:test';
import { FlowError } from '../../sdk/index.ts';
import { jwtAlgorithms, signJwt } from './sign-jwt.ts';

const pem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = { RS: rsa, PS: rsa, ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }), ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }), EdDSA: generateKeyPairSync('ed25519') };

describe('each algorithm gives a signature that the public key knows', () => {
  for (const algorithm of jwtAlgorithms.filter((name) => !name.startsWith('HS'))) {
    test(algorithm, () => {
      const pair = keys[algorithm as 'EdDSA'] ?? keys[algorithm.slice(0, 2) as 'RS'];
      const [header = '', claims = '', signature = ''] = signJwt({ a: 1 }, { algorithm, key: pem(pair.privateKey), keyId: 'k' }).split('.');
      assert.deepEqual([header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString())), [{ alg: algorithm, typ: 'JWT', kid: 'k' }, { a: 1 }]);
      const key = algorithm.startsWith('PS') ? { key: pair.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : { key: pair.publicKey, dsaEncoding: 'ieee-p1363' as const };
      assert.ok(verify(algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url')));
    });
  }
});

test('a key of another type is told', () => assert.throws(() => signJwt({}, { algorithm: 'ES256', key: pem(rsa.privateKey) }), (error: unknown) => FlowError.is(error, 'CONFIG_INVALID') && /is of type rsa, and ES256 needs one of type ec/.test(error.message)));
