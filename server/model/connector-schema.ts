import { errors, rateLimits, retry } from './connector-schema-rules.ts';

const pluginUse = (title: string, description: string) => ({
  type: 'object', title, description, required: ['type'],
  properties: {
    type: { type: 'string', minLength: 1, title: 'Type', description: 'Name of the plugin, such as `cursor`, `bearer` or `xml`.' },
    settings: { type: 'object', default: {}, title: 'Settings', description: 'Settings of the plugin.' },
  },
}) as const;

const authUse = {
  ...pluginUse('Auth method', 'A way to sign in.'),
  properties: {
    ...pluginUse('Auth method', '').properties,
    beside: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, title: 'Beside', description: 'Names of further methods that sign each request before this one, such as a client certificate or a key beside a token. An instance gives their credentials under their names.' },
    tokenAuth: { type: 'string', minLength: 1, title: 'Signs for the token', description: 'Name of the method that signs the requests with which the token is got: a client certificate, or the JWT of an app that asks for the token of an installation. An instance gives its credentials under its name.' },
  },
} as const;

const pagination = {
  ...pluginUse('Pagination', 'How the next page is found.'),
  properties: {
    ...pluginUse('Pagination', '').properties,
    maxPages: { type: 'integer', minimum: 1, default: 100_000, title: 'Most pages', description: 'An endpoint with more pages ends with the error `PAGE_LIMIT`, since it may have no end.' },
    checkRepeats: { type: 'boolean', default: true, title: 'Refuse repeated pages', description: 'A page with the very records of an earlier one ends with the error `PAGE_REPEATED`: the server seems not to heed the page asked for. Turn off where pages may be alike.' },
    stopStatuses: { type: 'array', items: { type: 'integer', minimum: 300, maximum: 599 }, uniqueItems: true, title: 'Statuses that stop', description: 'Statuses that say that there is no such page, such as 404: paging stops there, without records. 204 always stops it.' },
    stopWhen: { type: 'string', minLength: 1, title: 'Stop when', description: 'Expression over a page that is true on the last one: `{{ response.x }}`, `{{ headers.x }}`, `{{ record.x }}` (the last record) and `{{ page.x }}` may stand here.', 'x-expression': 'page' },
    olderThan: {
      type: 'object', title: 'Stop at older records', description: 'Paging stops with the page whose last record is older than a value; for records that come with the newest first.', required: ['path', 'value'],
      properties: {
        path: { type: 'string', minLength: 1, title: 'Path', description: 'Path of the time or the number in a record.', 'x-path': 'record' },
        value: { type: 'string', minLength: 1, title: 'Value', description: 'What is asked for, such as `{{ params.since }}`.', 'x-expression': true },
      },
    },
  },
} as const;

const template = (title: string, description: string) => ({ type: 'string', title, description, 'x-expression': true }) as const;
const templates = (title: string, description: string) => ({ type: 'object', default: {}, title, description, additionalProperties: { type: 'string' }, 'x-expression': true }) as const;
const schemas = (title: string, description: string, schema: object = { type: 'object' }) => ({
  type: 'object', default: {}, title, description, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', description: 'Names are letters, digits, hyphens and underscores, and do not begin with a digit.' }, additionalProperties: schema,
});
const paths = (title: string, description: string) => ({ type: 'object', title, description, additionalProperties: { type: 'string', minLength: 1, 'x-path': 'record' } }) as const;
const origins = { type: 'array', items: { type: 'string', pattern: '^https?://[^/?#\\s@]+/?$|\\{\\{' }, uniqueItems: true, default: [], 'x-expression': true } as const;

const exchange = {
  request: {
    type: 'object', title: 'Request', description: 'What a step gives: parameters and payload. Left out where it gives nothing.',
    properties: {
      params: { type: 'object', title: 'Parameters', description: 'Values of parameters, by name.' },
      body: { title: 'Body', description: 'The payload, before a template of `body` makes the body of it.' },
      path: { type: 'string', minLength: 1, title: 'Path', description: 'What is checked: path and query of the request that is made, behind the base URL.' },
      headers: { type: 'object', additionalProperties: { type: 'string' }, title: 'Headers', description: 'What is checked: headers that the request has, among others.' },
      sent: { title: 'Sent', description: 'What is checked: the body that the request has; a text where it is no JSON.' },
    },
  },
  response: {
    type: 'object', title: 'Response', description: 'What the other system answers.', required: ['status'],
    properties: {
      status: { type: 'integer', minimum: 100, maximum: 599, title: 'Status', description: 'HTTP status of the answer.' },
      headers: { type: 'object', additionalProperties: { type: 'string' }, title: 'Headers', description: 'Headers of the answer that matter, such as `link` or `content-type`; without the latter it is JSON.' },
      body: { title: 'Body', description: 'Body of the answer; a text where it is no JSON.' },
    },
  },
} as const;

const scriptUse = (title: string, description: string) => ({
  type: 'object', title, description, required: ['script'],
  properties: {
    script: { type: 'string', minLength: 1, title: 'Script', description: 'File below `scripts/`.', 'x-ui': { ref: 'script' } },
    settings: { type: 'object', additionalProperties: true, title: 'Settings', description: 'What it finds in `settings`.' },
  },
}) as const;

const defaults = {
  headers: templates('Headers', 'Headers of the requests.'),
  pagination,
  retry,
  timeoutMs: { type: 'integer', minimum: 1, title: 'Time limit', description: 'Milliseconds for one request; default 30,000.' },
  rateLimits,
  errors,
  before: scriptUse('Before a request', 'Script that may change each request before it is signed: `({request, settings}) => ({method, url, headers, body})`, each of them only where it changes.'),
  after: scriptUse('After an answer', 'Script that may change each answer before anything looks at it: `({response, request, settings}) => ({status, headers, body})`, each of them only where it changes (`body` is JSON, or the text as it came: XML is decoded after it); or `{action, message, waitMs}`, as a rule of `errors` would say it.'),
} as const;

const endpoint = {
  type: 'object', title: 'Endpoint', description: 'One thing that can be asked of the other system.', required: ['title', 'direction'],
  properties: {
    title: { type: 'string', minLength: 1, title: 'Title', description: 'Name of the endpoint, as people read it.' },
    summary: { type: 'string', title: 'Summary', description: 'What it does, in a sentence.' },
    entity: { type: 'string', title: 'Entity', description: 'What its records are: orders, customers, products …' },
    direction: { type: 'string', enum: ['receive', 'send', 'listen'], title: 'Direction', description: 'Whether records come or go.', enumDescriptions: ['Records come from the other system.', 'Records go to the other system.', 'Events come by themselves and start runs by the trigger `event`; only with a protocol that has such.'] },
    call: { type: 'string', minLength: 1, title: 'Call', description: 'With a protocol: the endpoint of the protocol that is called.' },
    with: { type: 'object', additionalProperties: true, title: 'With', description: 'With a protocol: the parameters of that endpoint. Expressions such as `{{ params.x }}` may stand in every text; in statements their values are bound and never become part of the text.' },
    method: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'], title: 'Method', description: 'HTTP method.' },
    baseUrl: { type: 'string', minLength: 1, title: 'Base URL', description: 'Name of one of the `baseUrls` of this connector, where it is asked at another address than the others.' },
    path: template('Path', 'Path below the base URL; `{{ params.x }}`, `{{ instance.x }}` and `{{ payload.x }}` may stand here.'),
    auth: { type: 'string', minLength: 1, title: 'Auth method', description: 'Name of the method of this connector that signs its requests, or `none`; default that of the instance, which gives the credentials of another under its name.' },
    query: templates('Query', 'Query parameters. One whose parameter was not given is left out.'),
    params: schemas('Parameters', 'What a step gives, by name: JSON Schemas.', {
      type: 'object', title: 'Parameter', description: 'JSON Schema of the parameter.', additionalProperties: true,
      properties: {
        required: { type: 'boolean', title: 'Required', description: 'A step must give it.' },
        requiredFields: { type: 'array', items: { type: 'string' }, uniqueItems: true, title: 'Required fields', description: 'Fields that it must have, where it is an object: what `required` says in a JSON Schema.' },
        in: { type: 'string', enum: ['query', 'header', 'path', 'body'], title: 'Place', description: 'Where it is sent, without a template.' },
        name: { type: 'string', minLength: 1, title: 'Name', description: 'Its name there; default the name of the parameter.' },
        style: {
          type: 'string', enum: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json', 'simple', 'label', 'matrix', 'path'], title: 'Style', description: 'How a list or an object is written. Without one, a list stands in the query once per item, and all else as JSON; in a path is no place for a list or an object then.',
          enumDescriptions: ['Query: `a=1&a=2`, or `a=1,2` where it is not exploded.', 'Query: items with spaces between them.', 'Query: items with bars between them.', 'Query: `a[field]=1`.', 'As JSON, lists too.', 'Path and headers: items with commas between them.', 'Path: items after dots.', 'Path: `;a=1`.', 'Path: slashes in it stand between parts of the path, as `{+x}` of RFC 6570; of a list, each item is a part.'],
        },
        explode: { type: 'boolean', title: 'Explode', description: 'Each item or field by itself; default true for `form` and `deepObject`, else false.' },
      },
    }),
    ...defaults,
    body: {
      type: 'object', title: 'Body', description: 'Body of the request.', required: ['format'],
      properties: {
        format: {
          type: 'string', enum: ['json', 'form', 'multipart', 'text', 'xml', 'soap', 'graphql', 'csv', 'ndjson', 'none'], title: 'Format', description: 'How it is written.',
          enumDescriptions: [
            'A JSON document.', 'Fields of a form.', 'Fields and files: a field `{"fileName": …, "mediaType": …}` is a file, with its content as `"text"`, `"base64"` or, for the payload itself, `"payload": true`.',
            'Text; without a template the payload as it is, whatever it is.', 'An XML document, made of an object or of a text in which all values are escaped. A field `@name` is an attribute, `#text` is text.',
            'A SOAP envelope around such XML; a fault in the answer is a failure.', 'A GraphQL query with variables; `errors` in the answer are a failure.', 'Rows of comma-separated values.', 'A JSON document per line.', 'There is no body, whatever the payload is.',
          ],
        },
        fields: {
          type: 'object', title: 'Fields', description: 'How fields of a form or a multipart body are written, by name, where not as usual: a list as the same field again, an object as JSON.', additionalProperties: {
            type: 'object', title: 'Field', description: 'How a field is written.',
            properties: {
              style: { type: 'string', enum: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json'], title: 'Style', description: 'How a list or an object is written, as in the query. Only in a form.' },
              explode: { type: 'boolean', title: 'Explode', description: 'Each item or field by itself; default true for `form` and `deepObject`, else false.' },
              mediaType: { type: 'string', pattern: '^[A-Za-z0-9][\\w.+-]*/[\\w.+*-]+$', title: 'Media type', description: 'Type of the part. Only in a multipart body.' },
            },
          },
        },
        template: { title: 'Template', description: 'The body; default the payload itself. Expressions may stand in every text.', 'x-expression': true },
        query: { type: 'string', minLength: 1, title: 'Query', description: 'The GraphQL document. Values go to its variables, which are the template.', 'x-ui': { widget: 'textarea' } },
        operationName: { type: 'string', minLength: 1, title: 'Operation', description: 'Which operation of the query, where it has several.' },
        soap: {
          type: 'object', title: 'SOAP', description: 'The envelope.',
          properties: {
            version: { type: 'string', enum: ['1.1', '1.2'], default: '1.1', title: 'Version', description: 'Version of SOAP.' },
            action: { type: 'string', title: 'Action', description: 'What the `SOAPAction` header says; in version 1.2 a part of the media type.' },
            header: { title: 'Header', description: 'What stands in the header of the envelope.', 'x-expression': true },
          },
        },
      },
    },
    decoder: pluginUse('Decoder', 'How the answer is read: a converter, such as `xml`, `csv` or `ndjson`. Without it, XML, CSV and NDJSON are read by the type of the answer where `records`, `itemErrors`, the pagination or an expression with `response` leads to something in them, and else go on as they are. What is decoded is what all of these read; elements and attributes of XML are texts. A packed answer (gzip, ZIP) is unpacked first; of an archive, the records of all its files are read, in the order of its directory.'),
    records: {
      title: 'Records', description: 'Path of the records in the response, or a list of paths. A list there gives its items, another value one record.', default: '$', 'x-path': 'response',
      anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } }],
    },
    expand: {
      type: 'object', title: 'Expand', description: 'Records inside of records take the place of those around them.', required: ['path'],
      properties: {
        path: { type: 'string', minLength: 1, title: 'Path', description: 'Path of the list in a record. A record that has none there gives none.', 'x-path': 'record' },
        include: paths('Included', 'Fields that each record gets from the one around it: name and path there.'),
      },
    },
    slices: {
      type: 'array', title: 'Slices', description: 'The endpoint is asked once per slice, and once for each combination of several: `{{ slice.name }}` stands for the value. Where one fails, the others are read all the same, unless three fail in a row or the credentials are refused; the step fails then, and its next attempt reads what is left.', default: [],
      items: {
        type: 'object', title: 'Slice', description: 'Values of a list, or of the records of another endpoint.', required: ['name'],
        properties: {
          name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', title: 'Name', description: 'Name of the value: `{{ slice.name }}`.' },
          values: { title: 'Values', description: 'A list of values, or an expression that gives one.', anyOf: [{ type: 'array' }, { type: 'string' }], 'x-expression': true },
          endpoint: { type: 'string', minLength: 1, title: 'Parent', description: 'Instead of values: another receiving endpoint of this connector, for each of whose records this one is asked. It may have slices itself.' },
          params: { type: 'object', additionalProperties: true, title: 'Parameters', description: 'Parameters of the parent.', 'x-expression': true },
          path: { type: 'string', minLength: 1, default: '$.id', title: 'Path', description: 'Path of the value in a record of the parent.', 'x-path': 'record' },
          include: paths('Included', 'Fields that each record gets from its parent: name and path there.'),
          group: { type: 'integer', minimum: 1, title: 'Group', description: 'So many values are asked for at once: the value of the slice is a list of them. With `incremental` each value keeps a cursor of its own; those that are new are asked for by themselves the first time.' },
        },
      },
    },
    incremental: {
      type: 'object', title: 'Incremental', description: 'Each run reads what is new since the one before. A cursor per environment, step, instance, endpoint and slice remembers how far runs got through; `patchbay cursors` shows and changes it.', required: ['path'],
      properties: {
        path: { type: 'string', minLength: 1, title: 'Path', description: 'Path of the time, the number or the text in a record by which it is known to be newer.', 'x-path': 'record' },
        kind: { type: 'string', enum: ['datetime', 'number', 'text'], default: 'datetime', title: 'Kind', description: 'How values are compared.', enumDescriptions: ['As times.', 'As numbers.', 'As texts, character by character.'] },
        format: { type: 'string', minLength: 1, default: 'date-time', title: 'Format', description: 'How times are written in requests: `date-time` (2024-01-31T12:00:00.000Z), `date`, `seconds` or `milliseconds` since 1970, or a pattern of YYYY, MM, DD, HH, mm, ss, SSS; in UTC.' },
        recordFormat: { type: 'string', minLength: 1, title: 'Format in records', description: 'How times are written in records, where not in the same way.' },
        start: { type: 'string', minLength: 1, title: 'Start', description: 'Where the first run begins; without it, with the first record.', 'x-expression': true },
        end: { type: 'string', minLength: 1, title: 'End', description: 'Where a run ends. Times end when the run was queued, where it does not say otherwise.', 'x-expression': true },
        lookback: { type: 'number', minimum: 0, default: 0, title: 'Look back', description: 'How far before the cursor a run begins, for records that appear late: seconds, or what is taken off a number.' },
        isStartIncluded: { type: 'boolean', default: true, title: 'The start belongs to it', description: 'The other system gives records of the very start, too. Where it does not, the start sent is one step of the format earlier, so that none of the same moment is lost.' },
        isEndIncluded: { type: 'boolean', default: false, title: 'The end belongs to it', description: 'The other system gives records of the very end, too: the end sent is one step of the format earlier.' },
        isSorted: { type: 'boolean', default: false, title: 'Sorted', description: 'Records come with the oldest first. Then the cursor moves page by page; otherwise only when all of a window got through.' },
        key: { type: 'string', minLength: 1, title: 'Key', description: 'Path of what tells records apart. A record that comes again unchanged is then left out.', 'x-path': 'record' },
        step: {
          type: 'object', title: 'Window', description: 'Only so much is asked for at a time, one window after the other, up to the end.', required: ['count'],
          properties: {
            count: { type: 'number', exclusiveMinimum: 0, title: 'Length', description: 'Units of time, or the span of numbers.' },
            unit: { type: 'string', enum: ['second', 'minute', 'hour', 'day', 'week', 'month'], default: 'day', title: 'Unit', description: 'Unit of the length, for times.' },
          },
        },
      },
    },
    record: { type: 'object', title: 'Record', description: 'JSON Schema of one record: paths and maps behind a step that reads it, or before one that sends it, are checked against it.' },
    idempotent: { type: 'boolean', default: false, title: 'Idempotent', description: 'Further attempts may be made although the method is not idempotent.' },
    idempotencyHeader: { type: 'string', minLength: 1, title: 'Idempotency header', description: 'Header that carries a key which is the same on every attempt.' },
    per: {
      title: 'Per', description: 'What one request carries: `payload` (default), `record` or `{"batch": 100}`.', default: 'payload',
      anyOf: [
        { type: 'string', enum: ['payload', 'record'], title: 'Per', description: 'A whole payload, or one record.', enumDescriptions: ['A whole payload.', 'One record.'] },
        { type: 'object', required: ['batch'], additionalProperties: false, title: 'Per batch', description: 'Some records.', properties: { batch: { type: 'integer', minimum: 1, title: 'Batch', description: 'Most records of a request.' } } },
      ],
    },
    upsert: {
      type: 'object', title: 'Upsert', description: 'Looks for the record first: where it is found, another endpoint is asked instead of this one.', required: ['find', 'params', 'update'],
      properties: {
        find: { type: 'string', minLength: 1, title: 'Find', description: 'Receiving endpoint of this connector; its first record counts.' },
        params: { type: 'object', title: 'Parameters', description: 'Its parameters, such as `{"email": "{{ payload.email }}"}`.', 'x-expression': true },
        update: { type: 'string', minLength: 1, title: 'Update', description: 'Sending endpoint of this connector that is asked where a record is found.' },
        with: { type: 'object', default: {}, title: 'With', description: 'Its parameters, beside those that the step gives: `{"id": "{{ record.id }}"}`.', 'x-expression': 'found' },
      },
    },
    itemErrors: {
      type: 'object', title: 'Item errors', description: 'Failures of single items in an accepted response.', required: ['path', 'index', 'message'],
      properties: {
        path: { type: 'string', title: 'Path', description: 'Path of the list of failures in the response.', 'x-path': 'response' },
        index: { type: 'string', title: 'Index', description: 'Path of the number of the item in a failure, from 0.', 'x-path': 'record' },
        message: { type: 'string', title: 'Message', description: 'Path of the message in a failure.', 'x-path': 'record' },
      },
    },
    examples: {
      type: 'array', default: [], title: 'Examples', description: 'Requests and their responses: they are documentation, mock and test at once. `patchbay check` runs them, as on 1 January 2026.',
      items: {
        type: 'object', title: 'Example', description: 'What is asked, and what comes back.', required: ['title', 'response'],
        properties: {
          title: { type: 'string', minLength: 1, title: 'Title', description: 'What the example shows.' }, ...exchange,
          records: { title: 'Records', description: 'What is checked: the records that are read, or their number.', anyOf: [{ type: 'integer', minimum: 0 }, { type: 'array' }] },
          error: { type: 'string', minLength: 1, title: 'Error', description: 'What is checked: code of the error with which the call fails, such as `REMOTE_REJECTED`.' },
        },
      },
    },
  },
};

/** Schema of a connector manifest without its plugins. Keys as in `flowSchema`; `x-expression` and `x-path` as in settings of plugins. */
export const connectorSchema = {
  title: 'Connector',
  description: 'A Patchbay connector: describes an API. It holds no secrets, no conditionals and no loops.',
  type: 'object',
  required: ['version', 'title', 'endpoints'],
  anyOf: [{ required: ['baseUrl'] }, { required: ['protocol'] }],
  dependencies: {
    baseUrl: { properties: { endpoints: { additionalProperties: { required: ['method', 'path'], properties: { direction: { enum: ['receive', 'send'] } } } } } },
    protocol: { properties: { endpoints: { additionalProperties: { required: ['call'] } } } },
  },
  properties: {
    $schema: { type: 'string', title: 'Schema', description: 'Address of this schema, for editors.' },
    version: { type: 'integer', minimum: 1, title: 'Version', description: 'Version of the file format: 1.' },
    title: { type: 'string', minLength: 1, title: 'Title', description: 'Name of the other system.' },
    summary: { type: 'string', title: 'Summary', description: 'What it is, in a sentence.' },
    icon: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', default: 'plug', title: 'Icon', description: 'Name of a codicon, such as `package`, with which VS Code shows the connector.' },
    category: { type: 'string', title: 'Category', description: 'Shop, ERP, warehouse …' },
    links: { type: 'object', default: {}, additionalProperties: { type: 'string' }, title: 'Links', description: 'Addresses of documentation, by name.' },
    source: { type: 'string', title: 'Source', description: 'Where the facts come from: the published description and its version.' },
    protocol: { type: 'string', minLength: 1, title: 'Protocol', description: 'Where the other system does not speak HTTP: the plugin that speaks to it, such as `postgresql`, `sftp` or `rabbitmq`.' },
    settings: { type: 'object', default: {}, additionalProperties: true, title: 'Settings', description: 'With a protocol: settings of it that are the same for all instances; `{{ instance.x }}` may stand here. All others are given by the instance.', 'x-expression': true },
    baseUrl: template('Base URL', 'Address before the paths of all endpoints that name no other; `{{ instance.x }}` may stand here.'),
    baseUrls: { ...templates('Further base URLs', 'Addresses, by name, before the paths of endpoints that name one with `baseUrl`; `{{ instance.x }}` may stand here. They get the credentials of the instance.'), propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', description: 'Names are letters, digits, hyphens and underscores, and do not begin with a digit.' } },
    variables: schemas('Variables', 'JSON Schemas of the settings that an instance gives, by name: `{{ instance.name }}`. With `"writeOnly": true` it names a secret in place of the value: `{"$secret": "shop-eu/key"}`.'),
    auth: { type: 'object', default: {}, title: 'Authentication', description: 'Ways to sign in, by name. The first is the default.', additionalProperties: authUse },
    allowedOrigins: { ...origins, title: 'Allowed origins', description: 'Origins, beside those of the base URLs, which a next link or a token address may name. They get no credentials.' },
    defaults: { type: 'object', title: 'Defaults', description: 'What holds for every endpoint that does not say otherwise.', properties: defaults },
    check: { type: 'string', minLength: 1, title: 'Check', description: 'Endpoint whose request tests a connection; default the first that receives by GET and needs no parameters.' },
    endpoints: { type: 'object', title: 'Endpoints', description: 'What can be asked, by name.', propertyNames: { pattern: '^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$', description: 'Names are letters and digits, with dots, hyphens or underscores between them, such as orders.list.' }, additionalProperties: endpoint },
  },
} as const;
