import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import type { EndpointManifest, EndpointParam } from '../server/model/connector.ts';
import { call, type Called } from './support/connector-host.ts';
import { peerHost, startPeer, type HttpPeer } from './support/http-peer.ts';

interface Order {
  readonly id: string;
  readonly note: string;
}

/** A shop that speaks GraphQL; `slow` asks for a pause so many times. */
let peer: HttpPeer;
let slow = 0;
const orders: Order[] = [{ id: '1', note: 'a' }, { id: '2', note: 'b' }, { id: '3', note: 'c' }];

const yoga = createYoga({
  logging: false, graphqlEndpoint: '/graphql', maskedErrors: false,
  schema: createSchema({
    typeDefs: 'type Order { id: ID! note: String } type PageInfo { endCursor: String hasNextPage: Boolean! } type Orders { nodes: [Order!]! pageInfo: PageInfo! } input New { id: ID! note: String } type Query { orders(first: Int!, after: ID): Orders! slow: Int } type Mutation { add(order: New!): Order! }',
    resolvers: {
      Query: {
        orders(_: unknown, { first, after: cursor }: { readonly first: number; readonly after?: string }) {
          const from = cursor === undefined || cursor === null ? 0 : orders.findIndex(({ id }) => id === cursor) + 1;
          const nodes = orders.slice(from, from + first);
          return { nodes, pageInfo: { endCursor: nodes.at(-1)?.id ?? null, hasNextPage: from + first < orders.length } };
        },
        slow() {
          if (slow-- > 0) throw new GraphQLError('Throttled', { extensions: { code: 'THROTTLED' } });
          return 1;
        },
      },
      Mutation: {
        add(_: unknown, { order }: { readonly order: Order }) {
          if (order.note === 'bad') throw new GraphQLError('The note is bad.', { extensions: { code: 'BAD_USER_INPUT' } });
          orders.push(order);
          return order;
        },
      },
    },
  }),
});

before(async () => {
  peer = await startPeer((request, response) => void yoga(request, response));
});
after(() => peer[Symbol.asyncDispose]());

async function ask(endpoint: Partial<EndpointManifest>, given: Parameters<typeof call>[1] = {}): Promise<Called> {
  await using host = peerHost(peer, { it: { path: '/graphql', retry: { delayMs: 1 }, ...endpoint } });
  return call(host, given);
}

test('a query with variables, page by page', async () => {
  const told = await ask({
    direction: 'receive', params: { size: { in: 'body' } as EndpointParam }, records: 'data.orders.nodes',
    body: { format: 'graphql', query: 'query ($first: Int!, $after: ID) { orders(first: $first, after: $after) { nodes { id note } pageInfo { endCursor hasNextPage } } }', template: { first: 1 } },
    pagination: { type: 'graphql-cursor', settings: { connection: 'data.orders', size: 2 } },
  });
  assert.deepEqual([told.error?.message, told.bodies], [undefined, [orders.slice(0, 2), orders.slice(2, 3)]]);
});

test('a mutation whose variables are the record: quotes in it are no part of the query', async () => {
  const told = await ask({ per: 'record', body: { format: 'graphql', query: 'mutation Add($order: New!) { add(order: $order) { id note } } query Other { slow }', operationName: 'Add', template: { order: '{{ payload }}' } } }, { body: [{ id: '4', note: 'a "quote" } {' }, { id: '5', note: 'bad' }, { id: '6', note: 'c' }] });
  assert.deepEqual([told.error?.message, told.bodies], [undefined, [{ data: { add: { id: '4', note: 'a "quote" } {' } } }, { data: { add: { id: '6', note: 'c' } } }]]);
  assert.deepEqual(told.failed.map(({ body, code, message }) => [body, code, message.replace(/127[^)]+/, 'PEER')]), [[{ id: '5', note: 'bad' }, 'REMOTE_REJECTED', 'Record 2 of 3: The endpoint "it" of "shop" refused the request with 200 (POST PEER): The note is bad. (add)']]);
});

test('an answer that asks to go slower is waited for', async () => {
  slow = 3;
  const told = await ask({ direction: 'receive', records: 'data.slow', body: { format: 'graphql', query: '{ slow }' } });
  assert.deepEqual([told.error?.message, told.bodies], [undefined, [1]]);
  assert.equal(slow, -1);
});

describe('a query that the server does not know', () => {
  test('is a fault of the connector', async () => {
    const told = await ask({ direction: 'receive', body: { format: 'graphql', query: '{ nothing }' } });
    assert.deepEqual([told.error?.code, /Cannot query field "nothing"/.test(told.error?.message ?? '')], ['REMOTE_MISUSED', true]);
  });

  test('unless a rule of the connector says otherwise', async () => {
    const told = await ask({ direction: 'receive', body: { format: 'graphql', query: '{ nothing }' }, errors: [{ when: { text: 'Cannot query' }, action: 'ignore' }] });
    assert.deepEqual([told.error, told.bodies], [undefined, []]);
  });
});
