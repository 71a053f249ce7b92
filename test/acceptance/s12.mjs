// A shop that speaks GraphQL: each product becomes the retained message of a topic of its own. A product with more variants than one page has is asked for by itself.

const variants = 'variants(first: 100, after: $after) { nodes { sku price { amount } } pageInfo { hasNextPage endCursor } }';

const publish = { shape: 'connector', settings: { instance: 'catalog', endpoint: 'products.publish' }, concurrency: 10 };
const message = {
  shape: 'map',
  settings: {
    rules: [
      { from: 'handle', to: 'handle' },
      { from: 'id', to: 'message.id', transforms: [{ type: 'replace', settings: { find: '^.*/', regex: true } }] },
      { from: 'title', to: 'message.title' },
      { from: 'variants.nodes[*].sku', to: 'message.skus' },
      { from: 'variants.nodes', to: 'message.minPrice', transforms: [{ type: 'minimum', settings: { path: 'price.amount' } }, { type: 'format-number', settings: { places: 2, grouping: false } }] },
    ],
  },
  next: { out: 'publish' },
};

export default ({ graphql, mqtt }) => ({
  secrets: { 'shop/token': graphql.token, 'catalog/password': mqtt.password },
  command: ['run', 'products'],
  files: {
    'connectors/shop.connector.json': {
      version: 1, title: 'Shop', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Address of the API.', required: true } },
      auth: { token: { type: 'api-key', settings: { in: 'header', name: graphql.header } } },
      endpoints: {
        'products.list': {
          title: 'Products', direction: 'receive', method: 'POST', path: new URL(graphql.url).pathname, records: 'data.products.nodes', idempotent: true,
          body: { format: 'graphql', query: `query ($first: Int!, $cursor: String, $after: String) { products(first: $first, after: $cursor) { nodes { id handle title ${variants} } pageInfo { hasNextPage endCursor } } }`, template: {} },
          pagination: { type: 'graphql-cursor', settings: { connection: 'data.products', variable: 'cursor', size: graphql.pageSize } },
        },
        'variants.list': {
          title: 'Variants of a product', direction: 'receive', method: 'POST', path: new URL(graphql.url).pathname, records: 'data.product.variants.nodes', idempotent: true,
          params: { id: { type: 'string', title: 'Product', description: 'Id of the product.', required: true } },
          body: { format: 'graphql', query: `query ($id: ID!, $after: String) { product(id: $id) { ${variants} } }`, template: { id: '{{ params.id }}' } },
          pagination: { type: 'graphql-cursor', settings: { connection: 'data.product.variants' } },
        },
      },
    },
    'instances/shop.instance.json': { version: 1, connector: 'shop', settings: { url: new URL(graphql.url).origin }, credentials: { key: { $secret: 'shop/token' } } },
    'connectors/catalog.connector.json': {
      version: 1, title: 'Catalog', protocol: 'mqtt',
      endpoints: { 'products.publish': { title: 'Publish a product', direction: 'send', call: 'messages.publish', with: { topic: 'catalog/{{ payload.handle }}', qos: String(mqtt.qos), retain: mqtt.retain, body: '{{ payload.message }}' } } },
    },
    'instances/catalog.instance.json': { version: 1, connector: 'catalog', settings: { host: mqtt.host, port: mqtt.port }, credentials: { username: mqtt.username, password: { $secret: 'catalog/password' } } },
    'flows/products.flow.json': {
      version: 1, title: 'Products to topics', triggers: { hand: { trigger: 'manual' } }, start: 'list',
      steps: {
        list: { shape: 'connector', settings: { instance: 'shop', endpoint: 'products.list' }, next: { out: 'each' } },
        each: { shape: 'split', settings: { each: true }, next: { out: 'whole' } },
        whole: { shape: 'route', settings: { routes: [{ name: 'more', when: [{ field: 'variants.pageInfo.hasNextPage', value: true }] }] }, next: { more: 'long', else: 'message' } },
        long: { shape: 'run-flow', settings: { flow: 'long-product', wait: 'done' } },
        message, publish,
      },
    },
    'flows/long-product.flow.json': {
      version: 1, title: 'A product with many variants', triggers: { flow: { trigger: 'manual' } }, start: 'keep',
      steps: {
        keep: { shape: 'set-variables', settings: { flow: [{ name: 'product', value: '{{ payload }}' }] }, next: { out: 'variants' } },
        variants: { shape: 'connector', settings: { instance: 'shop', endpoint: 'variants.list', params: { id: '{{ payload.id }}' } }, next: { out: 'all' } },
        all: { shape: 'merge', next: { out: 'product' } },
        product: { shape: 'manual-payload', settings: { document: { id: '{{ flow.product.id }}', handle: '{{ flow.product.handle }}', title: '{{ flow.product.title }}', variants: { nodes: '{{ payload }}' } } }, next: { out: 'message' } },
        message, publish,
      },
    },
  },
});
