import { faultSchema } from './fault.ts';

const json = { title: 'JSON', description: 'The document as JSON.' } as const;
const text = { type: 'string', title: 'Text', description: 'The document as text.' } as const;
const file = { type: 'string', minLength: 1, title: 'File', description: 'The document, as a file: path below the root of the workspace.' } as const;
const mediaType = { type: 'string', minLength: 1, title: 'Media type', description: 'Default JSON, plain text, or by the ending of the file.' } as const;
const meta = { type: 'object', additionalProperties: { type: 'string' }, title: 'Metadata', description: 'Metadata of the payload.' } as const;
const document = { json, text, file, mediaType, meta } as const;

const any = (title: string, description: string) => ({ title, description }) as const;
const step = { type: 'string', minLength: 1, title: 'Step', description: 'Id of a step of the flow.', 'x-ui': { ref: 'step' } } as const;
const name = (title: string, description: string, ref?: string) => ({ type: 'string', minLength: 1, title, description, ...(ref !== undefined && { 'x-ui': { ref } }) }) as const;
const count = (title: string, description: string, minimum = 0) => ({ type: 'integer', minimum, title, description }) as const;

const caches = (description: string) => ({
  type: 'object', title: 'Caches', description,
  additionalProperties: { type: 'object', additionalProperties: true, title: 'Cache', description: 'Key → document; several under one key as `{"$all": […]}`.' },
}) as const;
const pools = (description: string) => ({
  type: 'object', title: 'Pools', description,
  additionalProperties: {
    type: 'array', title: 'Pool', description: 'Values.',
    items: { anyOf: [{ type: 'string' }, { type: 'object', required: ['value', 'entity'], properties: { value: name('Value', 'The value.'), entity: name('Entity', 'Type of entity; default `record`.') }, additionalProperties: false }] },
  },
}) as const;

const given = {
  type: 'object', title: 'Given', description: 'With what the flow begins.',
  properties: {
    payload: { type: 'object', title: 'Payload', description: 'The payload of the run; default an empty object.', properties: document, additionalProperties: false },
    environment: name('Environment', 'Environment; default that of patchbay.json.', 'environment'),
    variables: { type: 'object', additionalProperties: true, title: 'Variables', description: 'Values of flow variables.' },
    now: { type: 'string', format: 'date-time', default: '2026-01-01T00:00:00.000Z', title: 'Now', description: 'The time that the run sees.' },
    seed: { type: 'integer', minimum: 0, default: 1, title: 'Seed', description: 'Of random numbers.' },
    from: { ...step, title: 'From', description: 'Only the steps from here on; the payload comes to this one.' },
    until: { ...step, title: 'Until', description: 'Only the steps up to here, with it.' },
    caches: caches('What caches of the workspace hold before: cache → key → document.'),
    pools: pools('Values that have passed before: pool → values.'),
    cursors: {
      type: 'object', title: 'Cursors', description: 'How far the incremental reading of steps had got: step → value, or slice → value.',
      additionalProperties: { title: 'Cursor', description: 'A time, a number or a text, as the endpoint has it.', anyOf: [{ type: ['string', 'number'] }, { type: 'object', additionalProperties: { type: ['string', 'number'] } }] },
    },
    crash: { type: 'object', required: ['step', 'after'], title: 'Crash', description: 'The process dies, and another goes on with the run.', properties: { step, after: count('After', 'When the step is through with so many payloads.', 1) }, additionalProperties: false },
  },
  additionalProperties: false,
} as const;

const request = {
  type: 'object', title: 'Request', description: 'What a request is; what is not said does not matter.',
  properties: {
    instance: name('Instance', 'Instance that the step asks.', 'instance'),
    endpoint: name('Endpoint', 'Endpoint that the step calls.'),
    step: { ...step, description: 'Id of a step of the flow, or of a flow that it calls.' },
    flow: name('Flow', 'Flow whose step asks: the flow itself, or one that it calls. Without it, any.', 'flow'),
    method: name('Method', 'HTTP method.'),
    url: name('URL', 'Whole, or from its path on: `/orders`. `*` stands for anything. Without a query the query does not matter.'),
    query: { type: 'object', additionalProperties: true, title: 'Query', description: 'Values of the query; may be matchers.' },
    headers: { type: 'object', additionalProperties: true, title: 'Headers', description: 'Headers, in any case; values may be matchers.' },
    json: any('JSON', 'The body; may hold matchers.'),
    text: any('Text', 'The body as text; may be a matcher.'),
  },
  additionalProperties: false,
} as const;

const answer = {
  type: 'object', title: 'Answer', description: 'What is answered.',
  properties: {
    status: { type: 'integer', minimum: 100, maximum: 599, default: 200, title: 'Status', description: 'HTTP status.' },
    headers: { type: 'object', additionalProperties: { type: 'string' }, title: 'Headers', description: 'Headers of the answer.' },
    json, text, file, mediaType,
    fault: { type: 'string', enum: ['time-out', 'unreachable'], enumDescriptions: ['Nothing comes in time.', 'There is no connection.'], title: 'Fault', description: 'There is no answer.' },
  },
  additionalProperties: false,
} as const;

const mocks = {
  type: 'array', title: 'Mocks', description: 'What answers instead of other systems; the first that fits does. What none of them answers fails: a test asks nobody.',
  items: {
    title: 'Mock', description: 'One of `request` with `answer`, `step`, `flow`, `connector`, `recording`.',
    type: 'object',
    properties: {
      request,
      answer: { anyOf: [answer, { type: 'array', minItems: 1, items: answer }], title: 'Answer', description: 'One for every request, or a list with one for each, one after the other.' },
      step,
      flow: name('Flow', 'Flow that is called; the mock takes its place.', 'flow'),
      outputs: { type: 'array', title: 'Outputs', description: 'What each payload gives at the step, or each call of the flow.', items: { type: 'object', title: 'Output', description: 'A payload.', properties: { port: { type: 'string', default: 'out', title: 'Port', description: 'Port that it leaves at.' }, ...document }, additionalProperties: false } },
      error: name('Error', 'Message with which each payload fails at the step, or each call of the flow.'),
      connector: name('Connector', 'Its mock answers, out of examples and record schemas: see `patchbay mock`.', 'connector'),
      records: count('Records', 'Records of a collection of the connector’s mock; default 60.'),
      seed: count('Seed', 'Of the records that the connector’s mock makes up.'),
      faults: { type: 'array', items: faultSchema, title: 'Faults', description: 'What goes wrong at the connector’s mock, each once unless it says how often.' },
      recording: name('Recording', 'File with exchanges that are answered as they were, below the root; `patchbay test --save RUN` writes one.'),
    },
    additionalProperties: false,
  },
} as const;

const expectedError = { code: name('Code', 'Code of the error.'), step, message: any('Message', 'Its text, or a matcher.') } as const;
const expectedDocument = {
  type: 'object', title: 'Document', description: 'A payload; what is not said does not matter.',
  properties: { json: any('JSON', 'The document; may hold matchers.'), text: any('Text', 'The document as text; may be a matcher.'), file, mediaType, meta: { type: 'object', additionalProperties: true, title: 'Metadata', description: 'Some of its metadata; values may be matchers.' } },
  additionalProperties: false,
} as const;
const documents = (title: string, description: string) => ({ type: 'array', items: expectedDocument, title, description }) as const;

const expectation = {
  type: 'object', title: 'Expect', description: 'What is expected; what is not said does not matter.',
  properties: {
    status: { type: 'string', enum: ['success', 'partial-success', 'failed'], default: 'success', title: 'Status', description: 'How the run ends.' },
    error: { type: 'object', title: 'Error', description: 'Why the run fails.', properties: expectedError, additionalProperties: false },
    outputs: documents('Outputs', 'What leaves the flow at its ends: end by end, as the steps of the flow stand, and at each in order.'),
    steps: {
      type: 'object', title: 'Steps', description: 'What happens at steps, by id.',
      additionalProperties: {
        type: 'object', title: 'Step', description: 'What happens at the step.',
        properties: {
          in: count('In', 'Payloads that come.'), out: count('Out', 'Payloads that go out.'), failed: count('Failed', 'Payloads that fail.'), records: count('Records', 'Records in payloads that go out.'),
          requests: count('Requests', 'Requests that it makes.'), pages: count('Pages', 'Pages that it reads.'),
          inputs: documents('Inputs', 'What comes to the step, in order.'),
          outputs: { type: 'object', title: 'Outputs', description: 'What it gives, by port.', additionalProperties: documents('Port', 'What it gives there, in order.') },
        },
        additionalProperties: false,
      },
    },
    requests: { type: 'array', items: request, title: 'Requests', description: 'All requests that are made: those of one step in order, steps in any.' },
    failures: { type: 'array', title: 'Failures', description: 'Payloads that fail: step by step, as the steps of the flow stand, and at each in order.', items: { type: 'object', title: 'Failure', description: 'A payload that fails.', properties: { ...expectedError, caughtBy: { ...step, description: 'The step that takes it.' } }, additionalProperties: false } },
    reply: { type: 'object', title: 'Reply', description: 'Answer of a callback step.', properties: { status: count('Status', 'HTTP status.', 100), headers: { type: 'object', additionalProperties: true, title: 'Headers', description: 'Headers; values may be matchers.' }, ...expectedDocument.properties }, additionalProperties: false },
    logs: { type: 'array', title: 'Logs', description: 'Entries that are in the log, in this order; others may be between them.', items: { type: 'object', title: 'Entry', description: 'An entry.', properties: { step, level: { type: 'string', enum: ['debug', 'info', 'warn', 'error'], title: 'Level', description: 'Level of the entry.' }, message: any('Message', 'Its text, or a matcher.') }, additionalProperties: false } },
    caches: caches('What caches hold after; may hold matchers.'),
    pools: pools('All values that are in pools after.'),
    variables: { type: 'object', additionalProperties: true, title: 'Variables', description: 'Values of flow variables at the end; may hold matchers.' },
    snapshot: {
      title: 'Snapshot', description: 'Outputs and requests are as they were when the snapshot was written: `patchbay test --update` writes it.',
      anyOf: [{ const: true }, { type: 'object', properties: { ignore: { type: 'array', items: { type: 'string', minLength: 1 }, title: 'Ignore', description: 'Paths whose values may change, from the snapshot on: `$.outputs[*].id`.' } }, additionalProperties: false }],
    },
  },
  additionalProperties: false,
} as const;

/** A case whose templates of rows are filled in. */
export const caseSchema = {
  type: 'object', title: 'Case', description: 'With what the flow begins, who answers, and what is expected.',
  properties: {
    description: { type: 'string', title: 'Description', description: 'What is shown.' },
    skip: name('Skip', 'Why it is not run.'),
    given, mocks, expect: expectation,
    table: {
      title: 'Table', description: 'The case is run for each row: rows, or a JSON or CSV file. `{{ row.name }}` anywhere in the case stands for a value.',
      anyOf: [name('File', 'Path below the root.'), { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } }],
    },
    generate: {
      type: 'object', required: ['schema'], title: 'Generate', description: 'The case is run with payloads that are made up; the smallest that fails is shown.',
      properties: {
        schema: { title: 'Schema', description: 'JSON Schema of the payload, or a file of one.', anyOf: [name('File', 'Path below the root.'), { type: 'object', additionalProperties: true }] },
        inputs: { type: 'integer', minimum: 1, maximum: 10_000, default: 50, title: 'Inputs', description: 'How many.' },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const;

/** Where a value of a row may stand in place of what is no text of any kind. */
const rowPattern = '^\\{\\{.*\\brow\\b.*\\}\\}$';
const orRow = (words: string) => ({ pattern: rowPattern, patternErrorMessage: `Must be ${words}, or a template of a row such as {{ row.value }}` });
const scalars: Readonly<Record<string, string>> = { integer: 'a whole number', number: 'a number', boolean: 'true or false' };

/** The schema of a case with a table: what is no text, or one of a few, may be a template of a row. What it gives is checked where it is filled in. */
function withRows(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withRows);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { type, enum: values, enumDescriptions, format, ...rest } = schema as Readonly<Record<string, unknown>>;
  const given = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withRows(value)]));
  if (typeof type !== 'string') return { ...given, ...(type !== undefined && { type }) };
  const words = scalars[type] ?? (type === 'object' && rest['additionalProperties'] === true ? 'an object' : undefined);
  if (words !== undefined) return { ...given, type: [type, 'string'], ...orRow(words) };
  if (Array.isArray(values)) return { ...given, anyOf: [{ type, enum: values, enumDescriptions }, { type, ...orRow(`one of ${values.join(', ')}`) }] };
  return format === undefined ? { ...given, type } : { ...given, anyOf: [{ type, format }, { type, ...orRow(`a ${String(format)}`) }] };
}

/** Of a file of tests. */
export const testSchema = {
  title: 'Tests',
  description: 'Tests of a Patchbay flow: cases that run without a network.',
  type: 'object',
  required: ['version', 'cases'],
  properties: {
    $schema: { type: 'string', title: 'Schema', description: 'Address of this schema, for editors.' },
    version: { type: 'integer', minimum: 1, title: 'Version', description: 'Version of the file format: 1.' },
    title: { type: 'string', title: 'Title', description: 'Name, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What is tested.' },
    flow: name('Flow', 'Id of the flow; default the flow of the same name.', 'flow'),
    given: { ...given, description: 'With what the flow begins in cases that do not say otherwise.' },
    mocks: { ...mocks, description: `${mocks.description} Those of the case come first.` },
    cases: {
      type: 'object', title: 'Cases', description: 'Cases, by name.',
      additionalProperties: withRows(caseSchema) as typeof caseSchema,
    },
  },
} as const;
