import { titleOf, type Template } from './template.ts';

/** Plugins in TypeScript. They need no import: a plugin is an object, and the define functions of the sdk would only infer its types. */
export const pluginTemplates: Readonly<Record<string, Template>> = {
  transform: {
    summary: 'Turns one value into another',
    files: (name) => ({
      [`plugins/${name}.ts`]: `/** A transform: the file says what it is, shows it by examples, and does it. Its examples are run by \`patchbay plugins check\`. */
export default {
  kind: 'transform',
  type: '${name}',
  title: '${titleOf(name)}',
  summary: 'Writes a text several times.',
  description: 'Null and missing values stay as they are.',
  takes: ['string', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      times: { type: 'integer', minimum: 0, maximum: 100, default: 2, title: 'Times', description: 'How often the text is written.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A line', settings: { times: 5 }, input: '-', output: '-----' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
  ],
  // Settings are read once, the function inside is called for each value.
  compile: ({ times }: { times: number }) => (value: unknown) => (value === null || value === undefined ? value : String(value).repeat(times)),
};
`,
    }),
  },
  shape: {
    summary: 'A step of a flow: a function per payload',
    files: (name) => ({
      [`plugins/${name}.ts`]: `interface Payload {
  json(): Promise<unknown>;
  with(change: { body?: unknown; meta?: Record<string, string> }): Payload;
}

/** A shape: it gets one payload at a time and says which payloads leave by which port. Retry, order and recording are the engine's. */
export default {
  kind: 'shape',
  type: '${name}',
  title: '${titleOf(name)}',
  summary: 'Puts the number of records into the metadata.',
  icon: 'symbol-number',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, default: 'count', title: 'Name', description: 'Name of the entry in the metadata.' },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'Two records', settings: {}, payloads: [[{ id: 1 }, { id: 2 }]], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }], meta: { count: '2' } }] }],
  open: ({ name }: { name: string }) => async (payload: Payload) => {
    const document = await payload.json();
    const count = Array.isArray(document) ? document.length : 1;
    return [{ port: 'out', payload: payload.with({ meta: { [name]: String(count) } }) }];
  },
};
`,
    }),
  },
};
