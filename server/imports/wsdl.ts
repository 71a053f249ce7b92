import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest, EndpointParam } from '../model/connector.ts';
import { isAddress } from '../model/address.ts';
import { asParam } from '../model/param-schema.ts';
import { freeName, freeParam, wordsOf } from '../model/words.ts';
import { createReport, resultOf, type ImportResult, type Report } from './import-result.ts';
import { listNames, readTypes, recordsOf, sampleOf, schemaOf, type Field, type XmlTypes } from './wsdl-schema.ts';
import { literal, paramExpression, sentenceOf, slugOf } from './words.ts';
import { exampleRequest } from './sample-value.ts';
import { childOf, childrenOf, readXml, type XmlNode } from './xml-nodes.ts';

const soapSpaces: Readonly<Record<string, '1.1' | '1.2'>> = { 'http://schemas.xmlsoap.org/wsdl/soap/': '1.1', 'http://schemas.xmlsoap.org/wsdl/soap12/': '1.2' };

/** A connector out of WSDL 1.1: an endpoint for each operation of its SOAP port, document/literal or rpc. */
export function importWsdl(text: string): ImportResult {
  const root = readXml(text, 'description');
  if (root.name !== 'definitions') throw new FlowError('DATA_INVALID', `The outermost element is ${JSON.stringify(root.name)}, not "definitions": it is no WSDL 1.1.`, { place: { line: 1, column: 1 }, remedy: 'Give the WSDL of the service; many servers have it at their address with ?wsdl.' });
  const report = createReport();
  for (const { attributes } of childrenOf(root, 'import')) report.skip(attributes['location'] ?? attributes['namespace'] ?? 'An import', 'It lies in another document; references to others are not followed.');
  const types = readTypes(report, childrenOf(root, 'types').flatMap((node) => childrenOf(node, 'schema')));
  const { port, version, binding, portType } = soapPort(report, root);
  report.skip('Authentication', 'A WSDL says nothing of how to sign in. Add an auth method to the connector (`basic`, `ws-security` …), or leave it without.');
  const address = childOf(port, 'address')?.attributes['location'] ?? '';
  const url = isAddress(address) ? new URL(address) : undefined;
  const path = url ? literal(`${url.pathname}${url.search}`) : '/';
  const endpoints: Record<string, EndpointManifest> = {};
  const operations = childrenOf(portType, 'operation');
  for (const operation of operations) {
    const bound = childrenOf(binding, 'operation').find((other) => other.attributes['name'] === operation.attributes['name']);
    const made = endpointOf({ root, types, report, binding, version, path, operation, bound });
    if (!made) continue;
    endpoints[freeName(made.name, (name) => Object.hasOwn(endpoints, name))] = made.endpoint;
  }
  const service = childrenOf(root, 'service').find((node) => node.children.includes(port));
  const title = wordsOf(service?.attributes['name'] ?? root.attributes['name'] ?? '').map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`).join(' ') || 'SOAP service';
  const summary = sentenceOf(childOf(service, 'documentation')?.text ?? childOf(root, 'documentation')?.text);
  const manifest: ConnectorManifest = {
    version: 1, title, ...(summary !== undefined && { summary }), source: `WSDL 1.1, SOAP ${version}: ${title}`, baseUrl: url ? url.origin : '{{ instance.url }}',
    ...(!url && { variables: { url: { type: 'string', title: 'Address', description: 'Address of the service, without a slash at its end.' } } }), endpoints,
  };
  return resultOf(report, manifest, operations.length);
}

interface SoapPort {
  readonly port: XmlNode;
  readonly version: '1.1' | '1.2';
  readonly binding: XmlNode;
  readonly portType: XmlNode | undefined;
}

/** The port over SOAP 1.1, which every server knows, else that over 1.2. */
function soapPort(report: Report, root: XmlNode): SoapPort {
  const named = (kind: string, node: XmlNode, text: string | undefined): XmlNode | undefined => (text === undefined ? undefined : childrenOf(root, kind).find(({ attributes }) => attributes['name'] === node.resolve(text).name));
  const ports = childrenOf(root, 'service').flatMap((service) => childrenOf(service, 'port')).flatMap((port) => {
    const binding = named('binding', port, port.attributes['binding']);
    const version = binding && soapSpaces[childOf(binding, 'binding')?.space ?? ''];
    if (binding && version) return [{ port, version, binding, portType: named('portType', binding, binding.attributes['type']) }];
    report.skip(`The port ${port.attributes['name'] ?? ''}`, 'It does not speak SOAP over HTTP.');
    return [];
  });
  const [chosen, ...others] = ports.toSorted((left, right) => (left.version < right.version ? -1 : left.version > right.version ? 1 : 0));
  if (!chosen) throw new FlowError('DATA_INVALID', 'The WSDL has no service with a SOAP port.', { place: { line: 1, column: 1 }, remedy: 'Give the WSDL that holds the service, not only its interface.' });
  for (const { port, version, portType } of others) report.skip(`The port ${port.attributes['name'] ?? ''} (SOAP ${version})`, portType === chosen.portType ? 'It has the same operations as the port that was taken.' : 'A connector has one address; import it by itself.');
  return chosen;
}

interface Operation {
  readonly root: XmlNode;
  readonly types: XmlTypes;
  readonly report: Report;
  readonly binding: XmlNode;
  readonly version: '1.1' | '1.2';
  readonly path: string;
  readonly operation: XmlNode;
  readonly bound: XmlNode | undefined;
}

const isAsking = (words: readonly string[]): boolean => /^(get|list|find|search|query|read|fetch|retrieve|lookup|look|check|is|has|count|describe|show)$/.test(words[0] ?? '');

function endpointOf(given: Operation): { readonly name: string; readonly endpoint: EndpointManifest } | undefined {
  const { report, operation, bound, version, path } = given;
  const id = operation.attributes['name'] ?? '';
  const soap = bound?.children.find((child) => child.name === 'operation' && soapSpaces[child.space] !== undefined);
  const body = childOf(childOf(bound, 'input'), 'body');
  if (body?.attributes['use'] === 'encoded') report.skip(`The encoding of ${id}`, 'Types are not named in the message; most servers read it all the same.');
  for (const header of childrenOf(childOf(bound, 'input'), 'header')) report.skip(`The header ${header.attributes['part'] ?? ''} of ${id}`, 'What stands in the header of the envelope is for `body.soap.header` of the endpoint, or for an auth method.');
  const isRpc = (soap?.attributes['style'] ?? childOf(given.binding, 'binding')?.attributes['style']) === 'rpc';
  const input = messageOf(given, 'input', isRpc, id, body);
  const output = messageOf(given, 'output', isRpc, `${id}Response`, childOf(childOf(bound, 'output'), 'body'));
  if (!input) {
    report.skip(`The operation ${id}`, 'The description does not hold the element that it takes.');
    return undefined;
  }
  const words = wordsOf(id);
  const receives = isAsking(words);
  const { params, template } = paramsOf(input);
  const action = soap?.attributes['soapAction'] ?? '';
  const summary = sentenceOf(childOf(operation, 'documentation')?.text);
  const records = receives && output ? recordsOf(output) : undefined;
  const lists: ReadonlySet<string> = receives && output ? listNames(output, 4) : new Set();
  const answer = { Envelope: { Body: output ? { [output.name]: sampleOf(output, 4, lists) } : {} } };
  const entity = slugOf(words.slice(1).join(' ')) || slugOf(id) || 'service';
  return {
    name: words.length > 1 ? `${entity}.${words[0]!}` : `${entity}.${receives ? 'get' : 'run'}`,
    endpoint: {
      title: words.length > 0 ? `${words[0]![0]!.toUpperCase()}${words.join(' ').slice(1)}` : id, ...(summary !== undefined && { summary }), entity, direction: receives ? 'receive' : 'send', method: 'POST', path,
      ...(Object.keys(params).length > 0 && { params }), ...(receives && { idempotent: true }),
      body: { format: 'soap', template, soap: { ...(version === '1.2' && { version }), ...(action !== '' && { action: literal(action) }) } },
      ...(records && { records: `$.Envelope.Body${records.path.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join('')}` }),
      ...(lists.size > 0 && { decoder: { type: 'xml', settings: { lists: [...lists] } } }),
      ...(receives ? records && { record: schemaOf(records.record, 3, lists) } : { record: { type: 'object' } }),
      examples: [{ title: 'As described', ...exampleRequest(report, params), response: { status: 200, headers: { 'content-type': version === '1.2' ? 'application/soap+xml' : 'text/xml' }, body: answer } }],
    } as EndpointManifest,
  };
}

/** What a message has in the body of its envelope. With rpc that is an element after the operation, whose parts have no namespace. */
function messageOf({ root, types, operation }: Operation, kind: 'input' | 'output', isRpc: boolean, id: string, body: XmlNode | undefined): Field | undefined {
  const node = childOf(operation, kind);
  const named = node?.attributes['message'];
  const message = named === undefined ? undefined : childrenOf(root, 'message').find(({ attributes }) => attributes['name'] === node!.resolve(named).name);
  const wanted = body?.attributes['parts']?.split(/\s+/);
  const parts = childrenOf(message, 'part').filter(({ attributes }) => wanted === undefined || wanted.includes(attributes['name'] ?? ''));
  if (isRpc) {
    const fields = (): Field[] => parts.map((part) => ({ name: part.attributes['name'] ?? '', space: '', isNeeded: true, isList: false, type: part.attributes['type'] === undefined ? { schema: {} } : types.type(part.resolve(part.attributes['type'])) }));
    return { name: id, space: body?.attributes['namespace'] ?? root.attributes['targetNamespace'] ?? '', isNeeded: true, isList: false, type: { schema: { type: 'object' }, fields } };
  }
  const [part] = parts;
  const element = part?.attributes['element'];
  return element === undefined ? (parts.length === 0 && message ? { name: id, space: '', isNeeded: false, isList: false, type: { schema: {} } } : undefined) : types.element(part!.resolve(element));
}

/** The fields of the message as params, and the message with their values. A param that is not given leaves its element out. */
function paramsOf(input: Field): { readonly params: Readonly<Record<string, EndpointParam>>; readonly template: unknown } {
  const params = new Map<string, EndpointParam>();
  const isQualified = (input.type.fields?.() ?? []).some(({ space }) => space !== '');
  const [tag, declaration] = isQualified ? [input.name, '@xmlns'] : [`tns:${input.name}`, '@xmlns:tns'];
  const inner: Record<string, unknown> = input.space === '' ? {} : { [declaration]: input.space };
  for (const field of input.type.fields?.() ?? []) {
    const name = freeParam(field.name, (other) => params.has(other));
    params.set(name, asParam(schemaOf(field, 3), field.isNeeded) as EndpointParam);
    // An element of another namespace says so where it stands.
    inner[field.name] = isQualified && !field.name.startsWith('@') && field.space !== input.space && !field.type.fields ? { '@xmlns': field.space, '#text': paramExpression(name) } : paramExpression(name);
  }
  if (!input.type.fields && input.type.schema['type'] !== undefined) {
    params.set('value', { ...input.type.schema, required: true } as EndpointParam);
    inner['#text'] = paramExpression('value');
  }
  return { params: Object.fromEntries(params), template: { [input.space === '' ? input.name : tag]: inner } };
}
