import { defineConnector } from '../../sdk/index.ts';
import type { FileClient } from '../files/client.ts';
import { fileEndpoints } from '../files/endpoints.ts';
import { openBucket } from './bucket.ts';
import { openRequests, originOf } from './requests.ts';

export default defineConnector<FileClient>()({
  type: 's3',
  title: 'S3',
  summary: 'Objects of a bucket of Amazon S3, or of a store that speaks like it: MinIO, Cloudflare R2, Backblaze B2, Ceph and others.',
  description: [
    'Keys are paths below the folder of the instance, in which every letter counts, also two slashes in a row; only `.` and `..` as parts of a key are refused, since addresses cannot carry them.',
    'A request that the store is too busy for, or whose connection is lost, is made again, up to five times. Objects of more than 16 MB are sent in parts, and appear when all are there.',
    'A move is a copy (of up to 5 GB) and a deletion. Whether an object is replaced or refused is decided by the store (`If-None-Match`); stores that do not know that header replace it.',
  ].join('\n\n'),
  icon: 'archive',
  settings: {
    type: 'object',
    properties: {
      bucket: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$', title: 'Bucket', description: 'Name of the bucket.' },
      region: { type: 'string', minLength: 1, default: 'us-east-1', title: 'Region', description: 'Region of the bucket, such as `eu-west-2`; `auto` for Cloudflare R2.' },
      endpoint: { type: 'string', pattern: '^https?://[^/?#@]+/?$', title: 'Endpoint', description: 'Address of the store; default that of Amazon in the region.' },
      pathStyle: { type: 'boolean', default: false, title: 'Bucket in the path', description: 'The bucket stands in the path instead of the host name, as many stores other than Amazon want it.' },
      root: { type: 'string', default: '', title: 'Folder', description: 'Beginning of all keys, such as `exports/`.' },
    },
    required: ['bucket'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      accessKeyId: { type: 'string', minLength: 1, title: 'Access key', description: 'Id of the access key.' },
      secretAccessKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Secret key', description: 'Secret of the access key.' },
      sessionToken: { type: 'string', minLength: 1, writeOnly: true, title: 'Session token', description: 'Token of a temporary key.' },
      authorities: { type: 'string', title: 'Authorities', description: 'PEM of the authorities to trust instead of the usual ones.' },
    },
    required: ['accessKeyId', 'secretAccessKey'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A bucket of Amazon', settings: { bucket: 'shop-exports', region: 'eu-west-2' } },
    { title: 'A store of one’s own', settings: { bucket: 'feeds', endpoint: 'https://minio.example.com:9000', pathStyle: true } },
  ],
  isShared: true,
  address: (settings) => `${originOf(settings)}${settings.pathStyle ? `/${settings.bucket}` : ''}`,
  async connect(settings, credentials) {
    const requests = await openRequests(settings, credentials);
    return { client: openBucket(requests, settings), close: () => requests.close() };
  },
  async check(client, signal) {
    for await (const _page of client.walk({ folder: '', isRecursive: true, pageSize: 1 }, { signal })) return;
  },
  endpoints: fileEndpoints({ keepsSlashes: true, attempts: 6 }),
});
