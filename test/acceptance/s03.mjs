// Deliveries of GitHub: one row for each commit that was pushed.

export default ({ listen, secret, postgres }) => ({
  secrets: { 'github/webhook': secret, 'postgres/password': postgres.password },
  command: ['serve', '--dev', '--host', listen.host, '--port', String(listen.port)],
  files: {
    'connectors/warehouse.connector.json': {
      version: 1, title: 'Warehouse', protocol: 'postgresql',
      endpoints: { 'commits.insert': { title: 'Insert commits', direction: 'send', call: 'insert', with: { table: postgres.table, ignoreUnknown: true } } },
    },
    'instances/warehouse.instance.json': {
      version: 1, connector: 'warehouse',
      settings: { host: postgres.host, port: postgres.port, database: postgres.database, tls: 'off' }, credentials: { user: postgres.user, password: { $secret: 'postgres/password' } },
    },
    'flows/github.flow.json': {
      version: 1, title: 'Commits that were pushed',
      triggers: { deliveries: { trigger: 'webhook', settings: { signature: { scheme: 'github', secret: { $secret: 'github/webhook' } }, headers: ['X-GitHub-Event', 'X-GitHub-Delivery'] } } },
      start: 'pushes',
      steps: {
        pushes: { shape: 'route', settings: { routes: [{ name: 'push', when: [{ of: '{{ meta["header.x-github-event"] }}', value: 'push' }] }] }, next: { push: 'rows' } },
        rows: {
          shape: 'map',
          settings: {
            rules: [
              { from: 'commits[*].id', to: 'rows[*].id' }, { from: 'commits[*].message', to: 'rows[*].message' }, { from: 'commits[*].author.email', to: 'rows[*].author' },
              { from: 'repository.full_name', to: 'rows[*].repo' }, { from: 'ref', to: 'rows[*].ref' }, { from: 'pusher.name', to: 'rows[*].pushed_by' },
              { to: 'rows[*].delivery', transforms: [{ type: 'custom-string', settings: { value: '{{ meta["header.x-github-delivery"] }}' } }] },
            ],
          },
          next: { out: 'each' },
        },
        each: { shape: 'split', settings: { path: 'rows' }, next: { out: 'store' } },
        store: { shape: 'connector', settings: { instance: 'warehouse', endpoint: 'commits.insert' } },
      },
    },
  },
});
