import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, connectorHost, text } from '../../test/support/connector-host.ts';
import { findingsOf } from '../../test/support/imported.ts';
import { importWsdl } from './wsdl.ts';

const described = (answer: string, request = '<x:sequence><x:element name="from" type="x:int"/></x:sequence>'): string => `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
  <types><x:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <x:element name="GetItems"><x:complexType>${request}</x:complexType></x:element>
    <x:complexType name="Item"><x:sequence><x:element name="sku" type="x:string"/><x:element name="part" type="x:string" minOccurs="0" maxOccurs="unbounded"/></x:sequence></x:complexType>
    <x:element name="GetItemsResponse"><x:complexType><x:sequence>${answer}</x:sequence></x:complexType></x:element>
  </x:schema></types>
  <message name="in"><part name="p" element="t:GetItems"/></message><message name="out"><part name="p" element="t:GetItemsResponse"/></message>
  <portType name="pt"><operation name="GetItems"><input message="t:in"/><output message="t:out"/></operation></portType>
  <binding name="b" type="t:pt"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="GetItems"><s:operation soapAction="urn:GetItems"/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
  <service name="Stock"><port name="p" binding="t:b"><s:address location="https://soap.test/stock"/></port></service>
</definitions>`;

const item = { type: 'object', properties: { sku: { type: 'string' }, part: { type: 'array', items: { type: 'string' } } } };
const cases: readonly (readonly [what: string, answer: string, records: string, record: object, lists: readonly string[] | undefined])[] = [
  ['the one list of an answer', '<x:element name="item" type="t:Item" minOccurs="0" maxOccurs="unbounded"/>', 'GetItemsResponse.item', item, ['item', 'part']],
  ['a list in a wrapper', '<x:element name="Result"><x:complexType><x:sequence><x:element name="item" type="t:Item" maxOccurs="9"/></x:sequence></x:complexType></x:element>', 'GetItemsResponse.Result.item', item, ['item', 'part']],
  ['a list beside something', '<x:element name="item" type="t:Item" maxOccurs="9"/><x:element name="more" type="x:boolean"/>', 'GetItemsResponse', { type: 'object', properties: { item: { type: 'array', items: item }, more: { type: 'string' } } }, ['item', 'part']],
  ['a name that is a list in one place only', '<x:element name="part" type="x:string"/><x:element name="item" type="t:Item"/>', 'GetItemsResponse', { type: 'object', properties: { part: { type: 'string' }, item: { type: 'object', properties: { sku: { type: 'string' }, part: {} } } } }, undefined],
];
for (const [what, answer, records, record, lists] of cases) test(what, () => {
  const result = importWsdl(described(answer));
  const endpoint = result.manifest.endpoints['items.get']!;
  assert.deepEqual(findingsOf(result), []);
  assert.deepEqual([endpoint.records, endpoint.record, endpoint.decoder?.settings?.['lists']], [`$.Envelope.Body.${records}`, record, lists]);
  assert.deepEqual(endpoint.examples![0]!.request, { params: { from: 1 } });
});

const requests: readonly (readonly [what: string, request: string, params: Readonly<Record<string, unknown>>, sent: string])[] = [
  ['an attribute', '<x:sequence><x:element name="from" type="x:int"/></x:sequence><x:attribute name="lang" type="x:string"/>', { from: 3, lang: 'de' }, '<GetItems xmlns="urn:t" lang="de"><from>3</from></GetItems>'],
  ['an attribute that is left out', '<x:sequence><x:element name="from" type="x:int"/></x:sequence><x:attribute name="lang" type="x:string"/>', { from: 3 }, '<GetItems xmlns="urn:t"><from>3</from></GetItems>'],
  ['attributes alone', '<x:attribute name="lang" type="x:string"/>', { lang: 'de' }, '<tns:GetItems xmlns:tns="urn:t" lang="de"/>'],
  ['a text with an attribute', '<x:simpleContent><x:extension base="x:string"><x:attribute name="lang" type="x:string" use="required"/></x:extension></x:simpleContent>', { text: 'a', lang: 'de' }, '<tns:GetItems xmlns:tns="urn:t" lang="de">a</tns:GetItems>'],
];
for (const [what, request, params, sent] of requests) test(`a request with ${what}`, async () => {
  const result = importWsdl(described(cases[0]![1], request));
  assert.deepEqual(findingsOf(result), []);
  const bodies: unknown[] = [];
  const host = connectorHost({ connector: result.manifest, send: ({ body }) => (bodies.push(body), text('<Envelope><Body><GetItemsResponse/></Body></Envelope>', { headers: { 'content-type': 'text/xml' } })) });
  const { error } = await call(host, { endpoint: 'items.get', params });
  assert.deepEqual([error?.message, /<soap:Body>(.*)<\/soap:Body>/.exec(String(bodies[0]))?.[1]], [undefined, sent]);
});
