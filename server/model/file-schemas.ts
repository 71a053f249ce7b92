import { connectorSchema } from './connector-schema.ts';
import { flowSchema, scriptEngine } from './flow-schema.ts';
import { testSchema } from './test-schema.ts';
import { lookupTypes } from './lookup-file.ts';
import type { FileKind } from './workspace.ts';

const head = {
  $schema: { type: 'string', title: 'Schema', description: 'Address of this schema, for editors.' },
  version: { type: 'integer', minimum: 1, title: 'Version', description: 'Version of the file format: 1.' },
} as const;

const credentials = {
  type: 'object', title: 'Credentials', default: {}, description: 'Credentials of the auth method. Secret ones are named, not written: `{"$secret": "shop-eu/token"}`.',
  additionalProperties: {
    anyOf: [
      { type: 'object', required: ['$secret'], properties: { $secret: { type: 'string', minLength: 1, title: 'Secret', description: 'Name of the secret.' } }, additionalProperties: false },
      { type: ['string', 'number', 'boolean', 'array', 'object', 'null'] },
    ],
  },
} as const;
const settings = { type: 'object', default: {}, title: 'Settings', description: 'Values of the connector’s variables, by name; with a protocol, its settings as well. Secret ones are named, not written.' } as const;

const limits = {
  type: 'object', title: 'Limits', description: 'What a run may use at most.',
  properties: {
    payloadBytes: { type: 'integer', minimum: 1, title: 'Payload', description: 'Bytes of a document that is read as a whole; default 64 MiB. What streams is not counted.' },
    responseBytes: { type: 'integer', minimum: 1, title: 'Response', description: 'Bytes of one answer of another system; default 64 MiB.' },
    scriptMs: { type: 'integer', minimum: 1, title: 'Script time', description: 'Milliseconds that a script may work on one input; default 120,000.' },
    scriptMegabytes: { type: 'integer', minimum: 1, title: 'Script memory', description: 'Megabytes that a script may use, above what its process needs when it is empty; default 128.' },
    connectionsPerHost: { type: 'integer', minimum: 1, title: 'Connections per host', description: 'HTTP requests to one host that are under way at the same time, and connections that are open to it, whatever client certificates they were made with; further requests wait, and their time limit begins when it is their turn. Default 32.' },
    runsPerFlow: { type: 'integer', minimum: 1, title: 'Runs per flow', description: 'Runs of one flow that are at work at the same time; further ones wait. Default as many as the runner does.' },
  },
} as const;

const address = { type: 'string', pattern: '^https?://[^/?#\\s@]+(/[^?#\\s]*)?$' } as const;

const keptAs = { type: 'string', minLength: 1, title: 'Name', description: 'Name under which it is kept; default the name that flows give it.' } as const;
const caches = {
  type: 'object', default: {}, title: 'Caches', description: 'Caches, by the names that flows give them.',
  additionalProperties: {
    type: 'object', title: 'Cache', description: 'Name and limits of this cache.',
    properties: { name: keptAs, megabytes: { type: 'number', exclusiveMinimum: 0, default: 50, title: 'Megabytes', description: 'Space for the documents of one cache of this name, with their keys.' } },
  },
} as const;
const pools = {
  type: 'object', default: {}, title: 'Pools', description: 'Pools, by the names that flows give them.',
  additionalProperties: { type: 'object', title: 'Pool', description: 'Name of this pool.', properties: { name: keptAs } },
} as const;

/** Without a type: of a value that is written out, only that is said. */
const secretName = { required: ['$secret'], properties: { $secret: { type: 'string', minLength: 1, title: 'Secret', description: 'Name of the secret.' } }, additionalProperties: false } as const;
const notifications = {
  type: 'object', title: 'Notifications', description: 'Groups of people who are told of failures, and how.',
  properties: {
    groups: {
      type: 'object', default: {}, title: 'Groups', description: 'Groups, by name.',
      propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Names are lower-case letters and digits, with hyphens between them.' },
      additionalProperties: {
        type: 'object', title: 'Group', description: 'People who are told together.',
        properties: {
          title: { type: 'string', title: 'Title', description: 'Name of the group, as people read it.' },
          email: { type: 'array', items: { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+$' }, uniqueItems: true, default: [], title: 'E-mail', description: 'Addresses; `smtp` says how they are reached.' },
          slack: { ...secretName, title: 'Slack', description: 'Address of an incoming webhook that takes `{"text": …}`, as Slack, Mattermost and others have them. Whoever knows it may write there, so it is named, not written: `{"$secret": "ops/slack"}`.', writeOnly: true },
          log: { type: 'boolean', default: false, title: 'Log', description: 'The message stands in the log of the runner.' },
        },
      },
    },
    onFailure: { type: 'array', items: { type: 'string', minLength: 1, title: 'Group', description: 'Name of a group.', 'x-ui': { ref: 'group' } }, uniqueItems: true, default: [], title: 'On failure', description: 'Groups that are told when a run fails that a trigger has started, unless its flow names others.' },
    smtp: {
      type: 'object', title: 'SMTP', description: 'How e-mail is sent.', required: ['host', 'from'],
      properties: {
        host: { type: 'string', minLength: 1, title: 'Host', description: 'Name of the mail server.' },
        port: { type: 'integer', minimum: 1, maximum: 65_535, title: 'Port', description: 'Default 587, with `secure` 465.' },
        secure: { type: 'boolean', title: 'Secure', description: 'TLS from the beginning; default on port 465 only. Otherwise it is used where the server offers it.' },
        user: { type: 'string', minLength: 1, title: 'User', description: 'Name to sign in with; without it nobody signs in.' },
        password: { ...secretName, title: 'Password', description: 'Named, not written: `{"$secret": "mail/password"}`.', writeOnly: true },
        from: { type: 'string', minLength: 1, title: 'From', description: 'Sender: `patchbay@example.com` or `Patchbay <patchbay@example.com>`.' },
      },
    },
  },
} as const;

const workspaceSchema = {
  title: 'Workspace',
  description: 'A Patchbay workspace: the file at its root.',
  type: 'object',
  required: ['version'],
  properties: {
    ...head,
    title: { type: 'string', title: 'Title', description: 'Name of the workspace, as people read it.' },
    plugins: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Plugins', description: 'npm packages that hold plugins, beside those in `plugins/`.' },
    environment: { type: 'string', minLength: 1, title: 'Environment', description: 'Environment of runs that do not name one.' },
    redact: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Redact', description: 'Names of fields, at any depth and in any case, whose values are masked before anything is stored.' },
    retention: {
      type: 'object', title: 'Retention', description: 'How long runs are kept.',
      properties: {
        days: { type: 'integer', minimum: 1, title: 'Days', description: 'Days that a run is kept; default 30.' },
        megabytes: { type: 'integer', minimum: 1, title: 'Megabytes', description: 'Space for all runs; the oldest go first. Default 2,048.' },
        trackedDays: { type: 'integer', minimum: 1, default: 15, title: 'Days of tracked data', description: 'Days that tracked values can be found.' },
      },
    },
    caches,
    pools,
    limits,
    scripts: {
      type: 'object', title: 'Scripts', description: 'What holds for all scripts of the workspace.',
      properties: {
        engine: scriptEngine('What runs scripts. A flow may choose `strict` where this is `default`, not the other way round.'),
        hosts: {
          type: 'array', uniqueItems: true, default: [], title: 'Hosts', description: 'What `context.http` of a script may reach: `api.shop.com` (https), `*.shop.com` for what is below it, `http://127.0.0.1:8080`.',
          items: { type: 'string', pattern: '^(https?://)?(\\*\\.)?(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)(:[0-9]{1,5})?$', title: 'Host', description: 'Name, with a scheme and a port where they are not https and 443.' },
        },
        packages: {
          type: 'array', uniqueItems: true, default: [], title: 'Packages', description: 'npm packages, installed in the workspace, that scripts may import. What they need comes with them; modules of Node.js do not.',
          items: { type: 'string', pattern: '^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*$', title: 'Package', description: 'Name of a package.' },
        },
      },
    },
    notifications,
    runs: { type: 'object', title: 'Runs', description: 'How runs are worked on.', properties: { concurrency: { type: 'integer', minimum: 1, title: 'Concurrency', description: 'Runs that a runner works on at a time; default 64.' } } },
    server: {
      type: 'object', title: 'Server', description: 'The runner’s API and its webhooks.',
      properties: {
        port: { type: 'integer', minimum: 0, maximum: 65_535, title: 'Port', description: 'Port to listen on; 0 takes a free one. Default 7341.' },
        publicUrl: { type: 'string', pattern: '^https?://[^\\s?#@]+$', title: 'Public address', description: 'Where senders of webhooks reach the runner, such as through a tunnel: what stands before `/hooks/…`. It is shown where addresses are copied, and signatures of an address are checked with it.', examples: ['https://hooks.example.com'] },
        trustForwarded: { type: 'boolean', default: false, title: 'Trust forwarded headers', description: 'Where no public address is given: `Forwarded` or `X-Forwarded-Host` and `X-Forwarded-Proto` say which address was called. Only where a proxy writes them and nobody gets around it.' },
      },
    },
  },
} as const;

const instanceSchema = {
  title: 'Instance',
  description: 'A Patchbay instance: a connector with an account.',
  type: 'object',
  required: ['version', 'connector'],
  properties: {
    ...head,
    title: { type: 'string', title: 'Title', description: 'Name of the instance, as people read it.' },
    connector: { type: 'string', minLength: 1, title: 'Connector', description: 'Id of the connector: name of a file of `connectors/`, without `.connector.json`.' },
    auth: { type: 'string', minLength: 1, title: 'Auth method', description: 'Name of one of the connector’s auth methods; default the first.' },
    settings,
    credentials,
  },
} as const;

const environmentSchema = {
  title: 'Environment',
  description: 'A Patchbay environment: what differs from the other files.',
  type: 'object',
  required: ['version'],
  properties: {
    ...head,
    title: { type: 'string', title: 'Title', description: 'Name of the environment, as people read it.' },
    production: { type: 'boolean', default: false, title: 'Production', description: 'Runs against it must be confirmed by whoever starts them. Triggers of deployed flows need no confirmation.' },
    variables: { type: 'object', default: {}, title: 'Variables', description: 'Values of `{{ env.name }}`.', propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', description: 'Names are letters, digits, hyphens and underscores, and do not begin with a digit.' } },
    instances: {
      type: 'object', default: {}, title: 'Instances', description: 'Overrides of instances, by id.',
      additionalProperties: { type: 'object', title: 'Override', description: 'What is different for this instance.', properties: { baseUrl: { ...address, title: 'Base URL', description: 'Address that takes the place of the connector’s base URL, whatever that says: of a mock, or of a proxy.' }, baseUrls: { type: 'object', additionalProperties: { ...address, title: 'Base URL', description: 'Address that takes its place.' }, title: 'Further base URLs', description: 'The same for the `baseUrls` of the connector, by name. Where `baseUrl` is given, no endpoint is asked at one of them that is not given here.' }, auth: { type: 'string', minLength: 1, title: 'Auth method', description: 'Another of the connector’s auth methods; with it, the credentials of the instance do not count.' }, settings, credentials } },
    },
    caches,
    pools,
    limits,
  },
} as const;

/** The rules are those of the shape `map`, which says more. */
const mapSchema = {
  title: 'Map',
  description: 'A Patchbay mapping: rules that several steps share, or a part of another mapping.',
  type: 'object',
  required: ['version', 'rules'],
  properties: {
    ...head,
    title: { type: 'string', title: 'Title', description: 'Name of the mapping, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What the mapping is for.' },
    rules: { type: 'array', items: { type: 'object', additionalProperties: true }, title: 'Rules', description: 'What is written, in order: rules as in the settings of the shape `map`.' },
    passThrough: { type: 'boolean', default: false, title: 'Pass the rest through', description: 'Fields that no rule takes stay at their places.' },
    source: { type: 'string', minLength: 1, title: 'Schema of the source', description: 'File below `schemas/` with the JSON Schema of what the rules read; the mapping is checked against it, also in the steps that take all rules from here and name none themselves.', 'x-ui': { ref: 'schema' } },
    target: { type: 'string', minLength: 1, title: 'Schema of the target', description: 'File below `schemas/` with the JSON Schema of a record that is made.', 'x-ui': { ref: 'schema' } },
  },
} as const;

const lookupSchema = {
  title: 'Lookup',
  description: 'Settings of a Patchbay lookup: what the CSV file beside it is.',
  type: 'object',
  required: ['version'],
  properties: {
    ...head,
    title: { type: 'string', title: 'Title', description: 'Name of the lookup, as people read it.' },
    delimiter: { type: 'string', enum: [',', ';', '\t', '|'], title: 'Delimiter', description: 'Character between two cells; default the first of comma, semicolon, tab and bar that stands in the header.' },
    columns: {
      type: 'object', default: {}, title: 'Columns', description: 'Columns, by their names in the header.',
      additionalProperties: {
        type: 'object', title: 'Column', description: 'What stands in it.',
        properties: {
          title: { type: 'string', title: 'Title', description: 'Name of the column, as people read it.' },
          type: {
            type: 'string', enum: [...lookupTypes], default: 'string', title: 'Type', description: 'What its cells are. An empty cell gives null, but for texts.',
            enumDescriptions: ['Text as it stands there.', 'A number as JSON writes it.', 'A number that stays a text, so that no digit is lost: prices, long numbers.', '`true` or `false`, in any case.', 'A day or a time as in ISO 8601; it stays a text.'],
          },
          required: { type: 'boolean', default: false, title: 'Required', description: 'A cell must not be empty.' },
        },
      },
    },
    key: { type: 'array', items: { type: 'string', minLength: 1, title: 'Column', description: 'Name of a column.' }, minItems: 1, uniqueItems: true, title: 'Key', description: 'Columns that a row is found by; no two rows may have the same key: where they do, the first counts, which lint and runs call an error. Default the first column; then the first of several rows counts, and nobody minds.' },
    value: { type: 'string', minLength: 1, title: 'Value', description: 'Column that is given; default the first that is no key.' },
    ignoreCase: { type: 'boolean', default: false, title: 'Ignore case', description: 'Upper and lower case are the same when a row is looked for.' },
    trim: { type: 'boolean', default: false, title: 'Trim', description: 'White space around a value does not count when a row is looked for.' },
    otherwise: { type: 'string', enum: ['null', 'default', 'error'], default: 'null', title: 'Otherwise', description: 'What is given for a value that has no row, unless who asks says it. Null, a missing value and empty text have none.', enumDescriptions: ['Null.', 'The default row.', 'An error; null for null, a missing value and empty text.'] },
    default: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] }, title: 'Default row', description: 'Values by column, for `otherwise`; null in columns that it leaves out.' },
  },
} as const;

/** Schemas of the files as far as they do not depend on plugins. Objects with `properties` name all of their keys. */
export const fileSchemas: Readonly<Record<FileKind, object>> = { workspace: workspaceSchema, flow: flowSchema, connector: connectorSchema, instance: instanceSchema, environment: environmentSchema, map: mapSchema, lookup: lookupSchema, test: testSchema };
