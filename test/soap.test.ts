import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listen } from 'soap';
import type { EndpointManifest, EndpointParam } from '../server/model/connector.ts';
import { call, type Called } from './support/connector-host.ts';
import { peerHost, startPeer, type HttpPeer } from './support/http-peer.ts';

/** A warehouse that speaks SOAP, as its WSDL says. */
let peer: HttpPeer;
const asked: unknown[] = [];
const actions: unknown[] = [];

const wsdl = (address: string): string => `<?xml version="1.0"?>
<definitions name="Stock" targetNamespace="urn:stock" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:stock" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <types><xsd:schema targetNamespace="urn:stock" elementFormDefault="qualified">
    <xsd:element name="FindStock"><xsd:complexType><xsd:sequence><xsd:element name="sku" type="xsd:string" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="FindStockResponse"><xsd:complexType><xsd:sequence><xsd:element name="item" maxOccurs="unbounded"><xsd:complexType><xsd:sequence><xsd:element name="sku" type="xsd:string"/><xsd:element name="count" type="xsd:int"/></xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></types>
  <message name="In"><part name="parameters" element="t:FindStock"/></message>
  <message name="Out"><part name="parameters" element="t:FindStockResponse"/></message>
  <portType name="Port"><operation name="FindStock"><input message="t:In"/><output message="t:Out"/></operation></portType>
  <binding name="Binding" type="t:Port"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="FindStock"><soap:operation soapAction="urn:stock#FindStock"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
  <service name="Stock"><port name="Port" binding="t:Binding"><soap:address location="${address}"/></port></service>
</definitions>`;

before(async () => {
  peer = await startPeer();
  const service = listen(peer.server, '/stock', {
    Stock: { Port: { FindStock(input: { readonly sku: string | readonly string[] }, _callback: unknown, _headers: unknown, request: { readonly headers: Readonly<Record<string, string>> }) {
      asked.push(input);
      actions.push([request.headers['soapaction'], request.headers['content-type']]);
      const skus = [input.sku].flat();
      if (skus.includes('bad')) throw { Fault: { faultcode: 'soap:Client', faultstring: 'There is no <bad>.' } };
      if (skus.includes('down')) throw { Fault: { faultcode: 'soap:Server', faultstring: 'Closed.' } };
      if (skus.includes('new')) throw { Fault: { Code: { Value: 'soap:Sender', Subcode: { Value: 'rpc:BadArguments' } }, Reason: { Text: 'Not yet.' }, statusCode: 500 } };
      return { item: skus.map((sku) => ({ sku, count: sku.length })) };
    } } },
  }, wsdl(`${peer.origin}/stock`));
  // What it writes of requests goes nowhere.
  service.log = () => undefined;
});
after(() => peer[Symbol.asyncDispose]());

async function ask(skus: readonly string[], endpoint: Partial<EndpointManifest> = {}): Promise<Called> {
  await using host = peerHost(peer, { it: {
    direction: 'receive', path: '/stock', params: { skus: { type: 'array', items: { type: 'string' } } as EndpointParam }, records: 'Envelope.Body.FindStockResponse.item', retry: { delayMs: 1 },
    body: { format: 'soap', soap: { action: 'urn:stock#FindStock', header: { 't:Session': { '@xmlns:t': 'urn:stock', '#text': 'A & B' } } }, template: { 't:FindStock': { '@xmlns:t': 'urn:stock', 't:sku': '{{ params.skus }}' } } }, ...endpoint,
  } });
  return call(host, { params: { skus } });
}

test('asks for what an object says, and gives records', async () => {
  const told = await ask(['A<1>', 'B&C']);
  assert.deepEqual([told.error?.message, told.bodies, asked.at(-1), actions.at(-1)], [undefined, [[{ sku: 'A<1>', count: '4' }, { sku: 'B&C', count: '3' }]], { sku: ['A<1>', 'B&C'] }, ['"urn:stock#FindStock"', 'text/xml; charset=utf-8']]);
});

test('a text as template: what stands in it for values is never an element', async () => {
  const told = await ask(['</t:sku><t:sku>B'], { body: { format: 'soap', soap: { action: 'urn:stock#FindStock' }, template: '<t:FindStock xmlns:t="urn:stock"><t:sku>{{ params.skus[0] }}</t:sku></t:FindStock>' } });
  assert.deepEqual([told.error?.message, asked.at(-1)], [undefined, { sku: ['</t:sku><t:sku>B'] }]);
});

test('one element is one record', async () => assert.deepEqual((await ask(['A'])).bodies, [{ sku: 'A', count: '1' }]));

test('version 1.2 says the action in the media type', async () => {
  const told = await ask(['A'], { body: { format: 'soap', soap: { version: '1.2', action: 'urn:stock#FindStock' }, template: { 't:FindStock': { '@xmlns:t': 'urn:stock', 't:sku': '{{ params.skus }}' } } } });
  assert.deepEqual([told.error?.message, told.bodies, actions.at(-1)], [undefined, [{ sku: 'A', count: '1' }], [undefined, 'application/soap+xml; charset=utf-8; action="urn:stock#FindStock"']]);
});

test('a fault of whoever asks is his: no further attempt', async () => {
  const before = asked.length;
  const told = await ask(['bad'], { idempotent: true });
  assert.deepEqual([told.error?.code, told.error?.message.endsWith(': soap:Client: There is no <bad>.'), asked.length - before], ['REMOTE_REJECTED', true, 1], told.error?.message);
});

test('a fault of 1.2 says more of its kind', async () => {
  const told = await ask(['new']);
  assert.deepEqual([told.error?.code, told.error?.message.endsWith(': soap:Sender / rpc:BadArguments: Not yet.')], ['REMOTE_REJECTED', true], told.error?.message);
});

test('a fault of the server is worth another attempt where the request may be made again', async () => {
  for (const [idempotent, attempts] of [[true, 3], [false, 1]] as const) {
    const before = asked.length;
    const told = await ask(['down'], { idempotent });
    assert.deepEqual([told.error?.code, told.error?.message.endsWith(': soap:Server: Closed.'), asked.length - before], ['REMOTE_STATUS', true, attempts], told.error?.message);
  }
});
