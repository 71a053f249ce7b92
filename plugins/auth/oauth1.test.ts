import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest } from '../sdk/index.ts';
import { baseString, signatureOf } from './oauth1.ts';

type Fields = readonly (readonly [name: string, value: string])[];
const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const form = (url: string, body: string): HttpRequest => ({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
const fields = (consumer: string, token: string | undefined, method: string, timestamp: string, nonce: string): Fields =>
  [['oauth_consumer_key', consumer], ...(token === undefined ? [] : [['oauth_token', token] as const]), ['oauth_signature_method', method], ['oauth_timestamp', timestamp], ['oauth_nonce', nonce]];
const version = ['oauth_version', '1.0'] as const;
/** That of the OAuth wiki's test cases. */
const publishedKey = '-----BEGIN PRIVATE KEY-----\nMIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8V\nA7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d\n7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJ\nhI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8H\nX9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mm\nuScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmw\nrn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0Z\nzO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+Nccn\nqkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNG\nWPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUno\ncn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+\n3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8\nAO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54\nLw03eHTNQghS0A==\n-----END PRIVATE KEY-----';

describe('published signatures', () => {
  const cases: readonly (readonly [what: string, request: HttpRequest, fields: Fields, consumerSecret: string, tokenSecret: string, signature: string])[] = [
    ['RFC 5849, 1.2: a photo', get('http://photos.example.net/photos?file=vacation.jpg&size=original'), fields('dpf43f3p2l4k3l03', 'nnch734d00sl2jdk', 'HMAC-SHA1', '137131202', 'chapoH'), 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00', 'MdpQcU8iPSUjWoN/UDMsK2sui9I='],
    ['RFC 5849, 1.2: temporary credentials', form('https://photos.example.net/initiate', ''), [...fields('dpf43f3p2l4k3l03', undefined, 'HMAC-SHA1', '137131200', 'wIjqoS'), ['oauth_callback', 'http://printer.example.com/ready']], 'kd94hf93k423kf44', '', '74KNZJeDHnMBp0EMJ9ZHt/XKycU='],
    ['RFC 5849, 1.2: token credentials', form('https://photos.example.net/token', ''), [...fields('dpf43f3p2l4k3l03', 'hh5s93j4hdidpola', 'HMAC-SHA1', '137131201', 'walatlh'), ['oauth_verifier', 'hfdp7dh39dks9884']], 'kd94hf93k423kf44', 'hdhd0244k9j7ao03', 'gKgrFCywp7rO0OXSjdot/IHF7IU='],
    ['OAuth Core 1.0, appendix A', get('http://photos.example.net/photos?file=vacation.jpg&size=original'), [...fields('dpf43f3p2l4k3l03', 'nnch734d00sl2jdk', 'HMAC-SHA1', '1191242096', 'kllo9940pd9333jh'), version], 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00', 'tR3+Ty81lMeYAr/Fid0kMTYa/WM='],
    [
      'Twitter: posting a status', form('https://api.twitter.com/1.1/statuses/update.json?include_entities=true', 'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21'),
      [...fields('xvz1evFS4wEEPTGEFPHBog', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb', 'HMAC-SHA1', '1318622958', 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg'), version],
      'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw', 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE', 'hCtSmYh+iHYCEqBWrE7C7hYmtUk=',
    ],
  ];
  const oracle = { consumer: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4', token: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc', consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5', tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295' };
  const netsuite = (method: string, url: string): string => signatureOf('HMAC-SHA256', baseString({ method, url, headers: {} }, [...fields(oracle.consumer, oracle.token, 'HMAC-SHA256', '1508242306', 'fjaLirsIcCGVZWzBX0pg'), version]), oracle);
  test('NetSuite: a RESTlet, with HMAC-SHA256', () => assert.equal(netsuite('POST', 'https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue'), '+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ='));
  for (const [what, request, given, consumerSecret, tokenSecret, signature] of cases) {
    test(what, () => assert.equal(signatureOf('HMAC-SHA1', baseString(request, given), { consumerSecret, tokenSecret }), signature));
  }
});

test('the base string of RFC 5849, 3.4.1.1', () => {
  const request = form('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', 'c2&a3=2+q');
  assert.equal(
    baseString(request, fields('9djdj82h48djs9d2', 'kkk9d7dh3k39sjv7', 'HMAC-SHA1', '137131201', '7d8f3e4a')),
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

test('the published example of RSA-SHA1', () => {
  const base = baseString(get('http://photos.example.net/photos?file=vacaction.jpg&size=original'), [...fields('dpf43f3p2l4k3l03', undefined, 'RSA-SHA1', '1196666512', '13917289812797014437'), version]);
  const signature = signatureOf('RSA-SHA1', base, { consumerSecret: '', tokenSecret: '', privateKey: publishedKey });
  assert.equal(signature, 'jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKasKsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE=');
});

test('the signature of RSA-SHA1 is one that the public key knows', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } });
  const base = baseString(get('http://photos.example.net/photos?size=original'), fields('dpf43f3p2l4k3l03', undefined, 'RSA-SHA1', '1196666512', '13917289812797014437'));
  const signature = signatureOf('RSA-SHA1', base, { consumerSecret: '', tokenSecret: '', privateKey: privateKey.replaceAll('\n', '\\n') });
  assert.ok(verify('sha1', Buffer.from(base), publicKey, Buffer.from(signature, 'base64')));
});

test('RSA-SHA1 without a key, or with a text that is none, says so and not what it is', () => {
  for (const privateKey of [undefined, 'no key at all']) {
    assert.throws(() => signatureOf('RSA-SHA1', 'x', { consumerSecret: '', tokenSecret: '', privateKey }), (error: unknown) => FlowError.is(error, 'CONFIG_INVALID') && !error.message.includes('no key at all') && error.cause === undefined);
  }
});
