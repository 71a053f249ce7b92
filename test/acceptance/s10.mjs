// Keys of a bucket in pages, each object read, and one document of all of them.
import { basename, dirname } from 'node:path';

export default ({ s3, prefix, pageSize, output }) => ({
  secrets: { 'feeds/secret': s3.secretAccessKey },
  command: ['run', 'stock'],
  files: {
    'instances/feeds.instance.json': {
      version: 1, connector: 's3', settings: { bucket: s3.bucket, region: s3.region, endpoint: s3.endpoint, pathStyle: s3.pathStyle }, credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: { $secret: 'feeds/secret' } },
    },
    'instances/files.instance.json': { version: 1, connector: 'local-files', settings: { root: dirname(output) } },
    'flows/stock.flow.json': {
      version: 1, title: 'Stock', triggers: { hand: { trigger: 'manual' } }, start: 'list',
      steps: {
        list: { shape: 'connector', settings: { instance: 'feeds', endpoint: 'list', params: { path: prefix, pageSize: Number(/max-keys=(\d+)/.exec(pageSize)[1]) } }, next: { out: 'each' } },
        each: { shape: 'split', settings: { each: true }, next: { out: 'read' } },
        read: { shape: 'connector', settings: { instance: 'feeds', endpoint: 'get', params: { path: '{{ payload.path }}' } }, concurrency: 8, next: { out: 'rows' } },
        rows: { shape: 'convert', settings: { from: 'csv' }, next: { out: 'entry' } },
        entry: {
          shape: 'map',
          settings: { rules: [{ to: 'key', transforms: [{ type: 'custom-string', settings: { value: '{{ meta["file.path"] }}' } }] }, { from: 'sku', to: 'value.sku' }, { from: 'qty', to: 'value.qty', transforms: [{ type: 'cast-to-number' }] }] },
          next: { out: 'all' },
        },
        all: { shape: 'merge', next: { out: 'document' } },
        document: { shape: 'script', settings: { script: 'by-key.js' }, next: { out: 'put' } },
        put: { shape: 'connector', settings: { instance: 'files', endpoint: 'put', params: { path: basename(output) } } },
      },
    },
    'scripts/by-key.js': 'export default ({ payload }) => ({ payload: Object.fromEntries(payload.map(({ key, value }) => [key, value])) });\n',
  },
});
