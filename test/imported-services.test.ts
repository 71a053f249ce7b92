import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { printSchema } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import soap from 'soap';
import { createPayload } from '../server/engine/payload.ts';
import type { ImportResult } from '../server/imports/import-result.ts';
import { importText } from '../server/imports/import.ts';
import { fetchDescription, importDescription } from '../server/runner/import-description.ts';
import { openTransport } from '../server/runner/transport.ts';
import { call, connectorHost, type Called } from './support/connector-host.ts';
import { findingsOf } from './support/imported.ts';

/** Runs an endpoint of an imported connector as a step would, over the network. */
async function run({ manifest }: ImportResult, endpoint: string, params: object = {}, { body = null, address }: { readonly body?: unknown; readonly address?: string } = {}): Promise<Called> {
  await using transport = openTransport();
  const host = connectorHost({ connector: manifest, instance: { settings: manifest.variables ? { url: address } : {} }, transport });
  return call(host, { endpoint, params, payload: createPayload({ id: 'p', body }) });
}

/** What it gave; an error fails. */
async function given(...args: Parameters<typeof run>): Promise<readonly unknown[]> {
  const { bodies, error } = await run(...args);
  assert.equal(error, undefined);
  return bodies;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
}

describe('a GraphQL server', () => {
  const orders = Array.from({ length: 5 }, (_, index) => ({ id: String(index + 1), number: index + 1, state: index % 2 ? 'DONE' : 'OPEN', customer: { name: `Customer ${index + 1}`, email: null }, parent: null }));
  const schema = createSchema({
    typeDefs: `
      "Where an order is." enum State { OPEN DONE }
      interface Node { id: ID! }
      type Customer { name: String! email: String orders(first: Int!): [Order!]! }
      type Order implements Node { id: ID! number: Int! state: State! customer: Customer! old: String @deprecated parent: Order }
      type PageInfo { hasNextPage: Boolean! endCursor: String }
      type OrderEdge { node: Order! cursor: String! }
      type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! totalCount: Int! }
      type Pack { size: Int! } type Bag { weight: Float! } union Item = Pack | Bag
      input CustomerInput { name: String! email: String } input OrderInput { number: Int! state: State = OPEN customer: CustomerInput! }
      type Query {
        "All orders. Newest first."
        orders(state: State, first: Int = 2, after: String): OrderConnection!
        order(id: ID!): Order
        items: [Item!]!
        node(id: ID!): Node
        ping: String!
      }
      type Mutation { createOrder(input: OrderInput!): Order! cancelOrder(id: ID!, why: String): Boolean! reset: Boolean! }
      type Subscription { orderMade: Order! }`,
    resolvers: {
      Query: {
        orders: (_, { state, first, after: cursor }: { state?: string; first: number; after?: string }) => {
          const all = orders.filter((order) => state === undefined || order.state === state).filter(({ id }) => cursor === undefined || Number(id) > Number(cursor));
          return { totalCount: all.length, edges: all.slice(0, first).map((node) => ({ node, cursor: node.id })), pageInfo: { hasNextPage: all.length > first, endCursor: all[first - 1]?.id ?? null } };
        },
        order: (_, { id }: { id: string }) => orders.find((order) => order.id === id),
        items: () => [{ __typename: 'Pack', size: 1 }, { __typename: 'Bag', weight: 2.5 }],
        node: (_, { id }: { id: string }) => ({ __typename: 'Order', ...orders.find((order) => order.id === id) }),
        ping: () => 'pong',
      },
      Mutation: {
        createOrder: (_, { input }: { input: { number: number; state: string; customer: object } }) => ({ id: 'new', ...input }),
        cancelOrder: (_, { id }: { id: string }) => id === '1',
        reset: () => true,
      },
    },
  });
  let server: Server;
  let address: string;
  let result: ImportResult;
  before(async () => {
    server = createServer(createYoga({ schema: schema as never, logging: false, landingPage: false }));
    address = `${await listen(server)}/graphql`;
    result = await importDescription('graphql', await fetchDescription('graphql', address));
  });
  after(() => close(server));

  test('an endpoint for each query and mutation, which lints clean', () => {
    assert.deepEqual(Object.keys(result.manifest.endpoints), ['orders.list', 'order.get', 'items.list', 'node.get', 'ping.get', 'order.create', 'order.cancel', 'reset.run']);
    assert.deepEqual([result.operations, findingsOf(result)], [9, []]);
    assert.deepEqual(result.skipped.map(({ what }) => what), ['1 subscriptions', 'Authentication', 'The field Customer.orders']);
  });
  test('the schema language says the same', () => {
    const { manifest: { endpoints, variables } } = importText('graphql', printSchema(schema));
    assert.deepEqual(endpoints, result.manifest.endpoints);
    assert.deepEqual(Object.keys(variables!), ['url']);
  });
  test('the documents and params', () => {
    const { body, params, records } = result.manifest.endpoints['orders.list']!;
    assert.deepEqual(body, { format: 'graphql', query: 'query orders($state: State, $first: Int, $after: String) { orders(state: $state, first: $first, after: $after) { edges { node { id number state customer { name email } parent { id number state } } } pageInfo { hasNextPage endCursor } } }', template: { state: '{{ params.state }}', first: '{{ params.first }}', after: '{{ params.after }}' } });
    assert.deepEqual([records, params!['state'], result.manifest.endpoints['order.get']!.params!['id']], ['$.data.orders.edges[*].node', { type: 'string', enum: ['OPEN', 'DONE'] }, { type: ['string', 'integer'], required: true }]);
    assert.deepEqual((result.manifest.endpoints['order.create']!.record as { readonly required: object }).required, ['input']);
  });
  test('endpoints run', async () => {
    assert.deepEqual(await given(result, 'orders.list', { state: 'DONE' }), [[1, 3].map((index) => ({ ...orders[index]! }))]);
    assert.deepEqual(await given(result, 'order.get', { id: '3' }), [orders[2]]);
    assert.deepEqual(await given(result, 'items.list'), [[{ __typename: 'Pack' }, { __typename: 'Bag' }]]);
    assert.deepEqual(await given(result, 'node.get', { id: '2' }), [{ __typename: 'Order', id: '2' }]);
    assert.deepEqual(await given(result, 'ping.get'), ['pong']);
    const customer = { name: 'Ada', email: null };
    assert.deepEqual(await given(result, 'order.create', {}, { body: { input: { number: 9, customer } } }), [{ data: { createOrder: { id: 'new', number: 9, state: 'OPEN', customer, parent: null } } }]);
    assert.equal((await run(result, 'order.create', {}, { body: { input: {} } })).error?.code, 'REMOTE_REJECTED');
    assert.deepEqual(await given(result, 'reset.run', {}, { body: { ignored: 1 } }), [{ data: { reset: true } }]);
  });
  test('the suggested pagination goes through all pages', async () => {
    const [{ value, endpoint }] = result.suggestions as [typeof result.suggestions[number]];
    assert.deepEqual([result.suggestions.length, endpoint, value], [1, 'orders.list', { type: 'graphql-cursor', settings: { connection: '$.data.orders', size: 50 } }]);
    const pagination = { type: 'graphql-cursor', settings: { connection: '$.data.orders', size: 2 } };
    const paged: ImportResult = { ...result, manifest: { ...result.manifest, endpoints: { it: { ...result.manifest.endpoints['orders.list']!, pagination } } } };
    assert.deepEqual((await given(paged, 'it')).flat(), orders);
  });
  test('what is none names the line', () => {
    assert.throws(() => importText('graphql', 'type Query {\n  a: }\n'), /line 2, column 6/);
    assert.throws(() => importText('graphql', '{"data":{}}'), /no "__schema"/);
    assert.throws(() => importText('graphql', '{\n"data":\n}'), /line 3/);
  });
});

const wsdl = ({ style, version, qualified, address = 'http://127.0.0.1:1/stock' }: { readonly style: 'document' | 'rpc'; readonly version: '1.1' | '1.2'; readonly qualified: boolean; readonly address?: string }): string => `<?xml version="1.0"?>
<definitions name="Stock" targetNamespace="urn:stock" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="urn:stock" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/${version === '1.2' ? 'soap12' : 'soap'}/">
  <types><xsd:schema targetNamespace="urn:stock" elementFormDefault="${qualified ? 'qualified' : 'unqualified'}">
    <xsd:simpleType name="Unit"><xsd:restriction base="xsd:string"><xsd:enumeration value="piece"/><xsd:enumeration value="box"/></xsd:restriction></xsd:simpleType>
    <xsd:complexType name="Level"><xsd:sequence><xsd:element name="sku" type="xsd:string"/><xsd:element name="count" type="xsd:int"/><xsd:element name="unit" type="tns:Unit" minOccurs="0"/></xsd:sequence></xsd:complexType>
    <xsd:element name="GetLevels"><xsd:complexType><xsd:sequence><xsd:element name="warehouse" type="xsd:string"/><xsd:element name="sku" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="GetLevelsResponse"><xsd:complexType><xsd:sequence><xsd:element name="level" type="tns:Level" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="SetLevel"><xsd:complexType><xsd:sequence><xsd:element name="level" type="tns:Level"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="SetLevelResponse"><xsd:complexType><xsd:sequence><xsd:element name="ok" type="xsd:boolean"/></xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></types>
  ${style === 'document' ? `<message name="GetLevelsIn"><part name="parameters" element="tns:GetLevels"/></message><message name="GetLevelsOut"><part name="parameters" element="tns:GetLevelsResponse"/></message>
  <message name="SetLevelIn"><part name="parameters" element="tns:SetLevel"/></message><message name="SetLevelOut"><part name="parameters" element="tns:SetLevelResponse"/></message>`
  : `<message name="GetLevelsIn"><part name="warehouse" type="xsd:string"/><part name="sku" type="xsd:string"/></message><message name="GetLevelsOut"><part name="level" type="tns:Level"/></message>
  <message name="SetLevelIn"><part name="level" type="tns:Level"/></message><message name="SetLevelOut"><part name="ok" type="xsd:boolean"/></message>`}
  <portType name="StockPort"><operation name="GetLevels"><documentation>Levels of a warehouse.</documentation><input message="tns:GetLevelsIn"/><output message="tns:GetLevelsOut"/></operation><operation name="SetLevel"><input message="tns:SetLevelIn"/><output message="tns:SetLevelOut"/></operation></portType>
  <binding name="StockBinding" type="tns:StockPort"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>
    ${['GetLevels', 'SetLevel'].map((name) => `<operation name="${name}"><soap:operation soapAction="urn:stock#${name}"/><input><soap:body use="literal" namespace="urn:stock"/></input><output><soap:body use="literal" namespace="urn:stock"/></output></operation>`).join('')}
  </binding>
  <service name="StockService"><port name="StockPort" binding="tns:StockBinding"><soap:address location="${address}"/></port></service>
</definitions>`;

for (const kind of [
  { style: 'document', version: '1.1', qualified: true }, { style: 'document', version: '1.2', qualified: true }, { style: 'document', version: '1.1', qualified: false }, { style: 'rpc', version: '1.1', qualified: false }, { style: 'rpc', version: '1.2', qualified: false },
] as const) {
  describe(`a SOAP ${kind.version} server, ${kind.style}${kind.qualified ? ', qualified' : ''}`, () => {
    let server: Server;
    let result: ImportResult;
    const asked: unknown[] = [];
    before(async () => {
      server = createServer((_request, response) => void response.writeHead(404).end());
      const address = `${await listen(server)}/stock`;
      const text = wsdl({ ...kind, address });
      const levels = [{ sku: 'a', count: 1 }, { sku: 'b & c', count: 2 }];
      soap.listen(server, '/stock', { StockService: { StockPort: {
        GetLevels: (args: unknown) => (asked.push(args), kind.style === 'rpc' ? { level: levels[0] } : { level: levels }),
        SetLevel: (args: { readonly level: { readonly sku: string } }) => {
          asked.push(args);
          if (args.level.sku === 'none') throw { Fault: { faultcode: 'soap:Client', faultstring: 'No such article', Code: { Value: 'soap:Sender' }, Reason: { Text: 'No such article' } } };
          return { ok: true };
        },
      } } }, text);
      result = importText('wsdl', text);
    });
    after(() => close(server));

    test('an endpoint for each operation, which lints clean', () => {
      assert.deepEqual(Object.keys(result.manifest.endpoints), ['levels.get', 'level.set']);
      assert.deepEqual(findingsOf(result), []);
      const { params, summary, direction, path } = result.manifest.endpoints['levels.get']!;
      assert.deepEqual([Object.keys(params!), summary, direction, path], [['warehouse', 'sku'], 'Levels of a warehouse.', 'receive', '/stock']);
      // The server is lenient about namespaces; others are not.
      const [tag, declaration] = kind.qualified ? ['GetLevels', '@xmlns'] : ['tns:GetLevels', '@xmlns:tns'];
      assert.deepEqual(result.manifest.endpoints['levels.get']!.body, {
        format: 'soap', template: { [tag]: { [declaration]: 'urn:stock', warehouse: '{{ params.warehouse }}', sku: '{{ params.sku }}' } }, soap: { ...(kind.version === '1.2' && { version: '1.2' }), action: 'urn:stock#GetLevels' },
      });
      assert.deepEqual(result.manifest.endpoints['level.set']!.params!['level'], { type: 'object', properties: { sku: { type: 'string' }, count: { type: 'integer' }, unit: { type: 'string', enum: ['piece', 'box'] } }, required: true, requiredFields: ['sku', 'count'] });
    });
    test('endpoints run', async () => {
      const [answer] = await given(result, 'levels.get', { warehouse: 'Zürich <1>', sku: kind.style === 'rpc' ? 'a' : ['a', 'b'] });
      assert.deepEqual(plain(asked.pop()), kind.style === 'rpc' ? { warehouse: 'Zürich <1>', sku: 'a' } : { warehouse: 'Zürich <1>', sku: ['a', 'b'] });
      assert.deepEqual(plain(answer), kind.style === 'rpc' ? { level: { sku: 'a', count: '1' } } : [{ sku: 'a', count: '1' }, { sku: 'b & c', count: '2' }]);
      const [said] = await given(result, 'level.set', { level: { sku: 'x', count: 3 } });
      assert.deepEqual(plain(asked.pop()), { level: { sku: 'x', count: kind.style === 'rpc' ? '3' : 3 } });
      assert.match(String(said), /<(\w+:)?ok>true</);
    });
    test('a fault is a failure', async () => {
      const { error } = await run(result, 'level.set', { level: { sku: 'none', count: 0 } });
      assert.match(error?.message ?? '', /No such article/);
    });
  });
}

test('what is no WSDL names the line', () => {
  assert.throws(() => importText('wsdl', '<definitions>\n<types>\n</definitions>'), /line [23]/);
  assert.throws(() => importText('wsdl', '<a/>'), /no WSDL/);
  assert.throws(() => importText('wsdl', '<!DOCTYPE a [<!ENTITY b "c">]><definitions/>'), /document type/);
});

/** Without attributes of namespaces, which the server's reader keeps. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'attributes' && name !== '@xmlns').map(([name, field]) => [name, plain(field)]));
}
