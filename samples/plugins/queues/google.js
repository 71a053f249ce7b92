import { createSign } from 'node:crypto';
import { ask, refusal } from './ask.js';
import { failure } from './failures.js';

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The key of a service account, as Google gives it. */
export function readServiceAccount(text) {
  let account;
  try {
    account = JSON.parse(text);
  } catch {
    account = undefined;
  }
  const { client_email: email, private_key: key, private_key_id: keyId, token_uri: tokenUri = 'https://oauth2.googleapis.com/token' } = account ?? {};
  if (typeof email !== 'string' || typeof key !== 'string') throw failure('CONFIG_INVALID', 'The service account is no JSON with "client_email" and "private_key".', { remedy: 'Give the key file of the service account, as Google wrote it, as the secret.' });
  return { email, key, keyId, tokenUri };
}

/** Access tokens of a service account (RFC 7523): one at a time, a minute before it ends another. */
export function createTokens(account, scope) {
  let current;
  const acquire = async () => {
    const now = Math.floor(Date.now() / 1000);
    const head = `${encoded({ alg: 'RS256', typ: 'JWT', ...(account.keyId !== undefined && { kid: account.keyId }) })}.${encoded({ iss: account.email, scope, aud: account.tokenUri, iat: now, exp: now + 3600 })}`;
    let signature;
    try {
      signature = createSign('RSA-SHA256').update(head).sign(account.key).toString('base64url');
    } catch (cause) {
      throw failure('CONFIG_INVALID', 'The private key of the service account cannot be read.', { cause, remedy: 'Give the key file of the service account, as Google wrote it, as the secret.' });
    }
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${head}.${signature}` }).toString();
    const answer = await ask(account.tokenUri, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
    if (answer.status !== 200 || typeof answer.body.access_token !== 'string') throw refusal(answer.status === 400 ? 401 : answer.status, 'The token server', String(answer.body.error_description ?? answer.body.error ?? 'it gave no token'));
    return { token: answer.body.access_token, until: Date.now() + (Number(answer.body.expires_in ?? 3600) - 60) * 1000 };
  };
  return {
    /** `refused`: a token that was not taken. */
    async get(refused) {
      const known = await current?.catch(() => undefined);
      if (!known || known.until <= Date.now() || known.token === refused) current = acquire();
      return (await current).token;
    },
  };
}
