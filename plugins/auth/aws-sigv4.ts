import { defineAuth } from '../sdk/index.ts';
import { signHeaders } from './aws/signature-v4.ts';

export default defineAuth({
  type: 'aws-sigv4',
  title: 'AWS Signature 4',
  summary: 'Signs each request with the keys of an AWS account (Signature Version 4), as S3-compatible stores want it, too.',
  settings: {
    type: 'object',
    properties: {
      service: { type: 'string', minLength: 1, title: 'Service', description: 'Name of the service, such as `s3` or `execute-api`.', 'x-expression': true },
      region: { type: 'string', minLength: 1, default: 'us-east-1', title: 'Region', description: 'Region of the service; `{{ instance.x }}` may stand here.', 'x-expression': true },
    },
    required: ['service'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      accessKeyId: { type: 'string', minLength: 1, title: 'Access key', description: 'Id of the access key.' },
      secretAccessKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Secret key', description: 'Secret of the access key.' },
      sessionToken: { type: 'string', minLength: 1, writeOnly: true, title: 'Session token', description: 'Token of a temporary key.' },
    },
    required: ['accessKeyId', 'secretAccessKey'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'An API', settings: { service: 'execute-api', region: 'eu-west-1' }, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret' }, now: '2015-08-30T12:36:00Z',
      request: { method: 'GET', url: 'https://api.test/orders?b=1 2&a=x', headers: { accept: '*/*' } },
      signed: { method: 'GET', url: 'https://api.test/orders?b=1%202&a=x', headers: { accept: '*/*', authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=2e9b3116981eff46b485b08e754ad3dde57a05a1fbe80e621af456cf4563504b', 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'x-amz-date': '20150830T123600Z' } },
    },
    {
      title: 'An object of S3', settings: { service: 's3' }, credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a secret' }, now: '2013-05-24T00:00:00Z',
      request: { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?lifecycle', headers: {} },
      signed: { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?lifecycle=', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=af73128b060e09c4e4328a4800080b75cb4eb7ee15353d599e8603e3566852c7', 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'x-amz-date': '20130524T000000Z' } },
    },
    {
      title: 'A temporary key and a body', settings: { service: 'sqs' }, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's', sessionToken: 't' }, now: '2015-08-30T12:36:00Z',
      request: { method: 'POST', url: 'https://sqs.test/a%20b', headers: { 'content-type': 'application/json' }, body: '{}' },
      signed: { method: 'POST', url: 'https://sqs.test/a%20b', headers: { 'content-type': 'application/json', authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=ce325aa56bca17359723b1e939c014a95cb282a40c7d066f9fffc3f3c3fc3826', 'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': 't' }, body: '{}' },
    },
  ],
  sign(request, credentials, { service, region }, _token, { now }) {
    const url = new URL(request.url);
    const isS3 = service === 's3';
    const query = [...url.searchParams];
    const { headers } = signHeaders({
      method: request.method, query, body: request.body ?? '', path: isS3 ? meant(url.pathname) : url.pathname,
      // Of the others some are changed on the way, by a proxy or by the client itself.
      headers: { host: url.host, ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-'))) },
    }, { ...credentials, service, region, now, normalize: !isS3, signsBody: true });
    // Written as it is signed: a space may not go out as "+".
    const search = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
    return { ...request, url: `${url.origin}${url.pathname}${search && `?${search}`}`, headers: { ...request.headers, ...headers } };
  },
});

function meant(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
