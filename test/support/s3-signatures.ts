import { createHash } from 'node:crypto';
import { createServer, request as ask, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import aws4 from 'aws4';

const secretAccessKey = 'S3RVER';
const region = 'us-east-1';

/** Stands before a store that looks at names of keys alone, and lets through what another implementation would have signed the same way. */
export async function checkSignatures(store: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    // Who breaks an upload off waits for no answer.
    const body = await buffer(request).catch(() => undefined);
    if (!body) return;
    const refuse = (code: string): void => void response.writeHead(403, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>The signature is not that of the request.</Message></Error>`);
    const { headers, method = '', url = '' } = request;
    if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) return refuse('XAmzContentSHA256Mismatch');
    if (!isSigned(method, url, headers)) return refuse('SignatureDoesNotMatch');
    const passed = ask({ host: '127.0.0.1', port: store, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    passed.end(body);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

function isSigned(method: string, path: string, headers: IncomingHttpHeaders): boolean {
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/us-east-1\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=[0-9a-f]{64}$/.exec(headers.authorization ?? '');
  if (!found) return false;
  const [, accessKeyId = '', list = ''] = found;
  const names = list.split(';');
  const mustBeSigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const made = aws4.sign({ service: 's3', region, method, host: headers.host!, path, headers: signed, extraHeadersToInclude: signed }, { accessKeyId, secretAccessKey });
  return mustBeSigned.every((name) => names.includes(name)) && signatureOf(made.headers['Authorization']) === signatureOf(headers.authorization);
}

const signatureOf = (authorization = ''): string | undefined => /Signature=([0-9a-f]+)$/.exec(authorization)?.[1];
