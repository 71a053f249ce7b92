import { serialize } from '../../server/model/serialize.ts';
import type { FileKind } from '../../server/model/workspace.ts';

/** What is made without being asked for more than its name. A flow has templates, an instance a connector, and tests a flow. */
export type BlankKind = Extract<FileKind, 'connector' | 'environment' | 'map' | 'test'> | 'lookup' | 'script';

/** `import-orders` → `Import orders`. */
function titleOf(name: string): string {
  const words = name.split('/').at(-1)!.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The texts of a new file: it has no errors, and shows what belongs into it. */
export const blankFiles: Readonly<Record<BlankKind, (name: string) => { readonly file: string; readonly text: string }>> = {
  connector: (name) => ({
    file: `connectors/${name}.connector.json`,
    text: serialize('connector', {
      version: 1, title: titleOf(name), baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Address of the API, without a slash at its end.' } },
      endpoints: { 'orders.list': { title: 'List orders', direction: 'receive', method: 'GET', path: '/orders' } },
    }),
  }),
  environment: (name) => ({ file: `environments/${name}.env.json`, text: serialize('environment', { version: 1, title: titleOf(name) }) }),
  map: (name) => ({ file: `maps/${name}.map.json`, text: serialize('map', { version: 1, title: titleOf(name), rules: [{ from: 'id', to: 'id' }] }) }),
  test: (flow) => ({ file: `flows/${flow}.test.json`, text: serialize('test', { version: 1, given: { payload: { json: {} } }, cases: { 'it ends well': { expect: { status: 'success' } } } }) }),
  lookup: (name) => ({ file: `lookups/${name}.csv`, text: 'key,value\n' }),
  script: (name) => ({
    file: `scripts/${name}.ts`,
    text: `export default (async ({ payload, meta }, context) => {\n  return { payload, meta };\n}) satisfies Patchbay.PayloadScript<Patchbay.Payloads['${name}.ts']>;\n`,
  }),
};
