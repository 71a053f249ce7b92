/** Names of headers and parameters that hold a key, a token or a password. */
const keyName = /^(x-)?(api|access|app|client|auth|session|private|secret|shopify-access|amz-security)?[-_.]?(api)?[-_.]?(key|token|secret|password|passwd|pwd|signature|sig)$|^(x-[a-z-]*(token|key|secret|signature))$|^(access|refresh|id|csrf|xsrf)[-_]?token$/i;

/** Words that by themselves say that a value is secret. */
const secretWords = new Set((
  'password passwords passwd pwd pass passwort kennwort passphrase passcode pin otp totp cvv cvc secret secrets token tokens jwt bearer sid session sessid csrf xsrf hmac sig signature ' +
  'auth oauth authorization authentication authenticator credential credentials cookie cookies apikey assertion saml verifier nonce'
).split(' '));
/** Words that are written as one, and two that only together say it. */
const secretEnd = /(token|password|passwd|passphrase|secret|secretkey|apikey|accesskey|accesskeyid|privatekey|authkey|appkey|clientkey|consumerkey|licensekey|licencekey|subscriptionkey|signingkey|sharedkey|masterkey|servicekey|sessionkey|encryptionkey|sessionid|sessid|signature|hmac)$/;
/** What stands last where the value only tells of the secret. */
const about = new Set('count type expires expiry expiration in at on url uri endpoint policy length format status label hint required enabled limit version method methods state mode provider algorithm alg source'.split(' '));
/** A token of these leads to the next page, or tells whether something was seen; it opens nothing. */
const harmless = new Set('page pages next prev previous cursor continuation sync pagination idempotency etag'.split(' '));

const isHarmless = (word: string): boolean => harmless.has(word) || /^((next|prev)?page|next|prev|cursor|continuation|sync)token$/.test(word);

const wordsIn = (name: string): string[] => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/).filter((word) => word !== '');

/** Whether a header, a parameter or a field of this name holds a secret, in whatever way its words are joined. */
export function isSecretName(name: string): boolean {
  const words = wordsIn(name);
  const last = words.at(-1) ?? '';
  if (words.some(isHarmless) && !/password|secret/i.test(name)) return false;
  if (keyName.test(name)) return true;
  if (words.length > 1 && about.has(last)) return false;
  return words.some((word) => secretWords.has(word)) || secretEnd.test(words.join('')) || (words[0] === 'x' && words.includes('key'));
}

/** Whether a header or a parameter of this name proves who sends a request. The signature of one request opens nothing else. */
export const isProofName = (name: string): boolean => isSecretName(name) && !isSingleUse(name);

/** What is made anew for each request, so that no instance can hold it. */
export const isSingleUse = (name: string): boolean => /^(oauth_|x-amz-)/i.test(name) || wordsIn(name).some((word) => /^(hmac|sig|signature|nonce|otp|totp|verifier|assertion|saml)$/.test(word));

/** A one-time code of a login, unless it is plainly one of a country, a currency or a status. */
export const isLoginCode = (name: string, value: string): boolean => /^(auth(orization)?_?)?code$/i.test(name) && !/^([A-Za-z]{2,3}|\d{1,3}|)$/.test(value);

/** Names of values that are often long and random and open nothing. */
export const isIdName = (name: string): boolean => {
  const words = wordsIn(name);
  return words.some(isHarmless) || /^(id|ids|gid|uid|uuid|guid|hash|sha|md5|etag|checksum|digest|fingerprint|revision|rev|commit|after|before)$/.test(words.at(-1) ?? '');
};
