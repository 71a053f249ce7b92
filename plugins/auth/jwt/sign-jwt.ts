import { constants, createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { FlowError } from '../../sdk/index.ts';

export const jwtAlgorithms = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

export interface JwtKey {
  readonly algorithm: JwtAlgorithm;
  /** A private key in PEM, or the shared secret of HS*. */
  readonly key: string;
  readonly keyId?: string;
}

/** A JSON Web Token in compact form (RFC 7519, RFC 7515). Fails with `CONFIG_INVALID` where the key is not one of the algorithm. */
export function signJwt(claims: Readonly<Record<string, unknown>>, { algorithm, key, keyId }: JwtKey): string {
  const header = { alg: algorithm, typ: 'JWT', ...(keyId && { kid: keyId }) };
  const text = `${inBase64(JSON.stringify(header))}.${inBase64(JSON.stringify(claims))}`;
  return `${text}.${signatureOf(text, algorithm, key)}`;
}

/** A key in PEM; line breaks may have been lost on the way into an environment variable. Fails with `CONFIG_INVALID`. */
export function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    // The cause could quote the key.
    throw new FlowError('CONFIG_INVALID', 'The private key of the instance cannot be read: it must be PEM, such as "-----BEGIN PRIVATE KEY-----", without a passphrase.');
  }
}

const inBase64 = (text: string): string => Buffer.from(text).toString('base64url');

function signatureOf(text: string, algorithm: JwtAlgorithm, key: string): string {
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) return createHmac(hash, key).update(text).digest('base64url');
  const privateKey = privateKeyOf(key);
  const wanted = algorithm.startsWith('ES') ? 'ec' : algorithm === 'EdDSA' ? 'ed25519' : 'rsa';
  if (privateKey.asymmetricKeyType !== wanted) throw new FlowError('CONFIG_INVALID', `The private key of the instance is of type ${privateKey.asymmetricKeyType}, and ${algorithm} needs one of type ${wanted}.`);
  const options = algorithm.startsWith('PS') ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
  return sign(algorithm === 'EdDSA' ? null : hash, Buffer.from(text), options).toString('base64url');
}
