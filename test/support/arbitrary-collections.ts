import { array, boolean, constant, constantFrom, oneof, option, record, sample, type Arbitrary } from 'fast-check';

type Json = Readonly<Record<string, unknown>>;

/** Collections with so many requests altogether, the same for the same seed: folders, variables, auth that is handed down, and every kind of body. */
export function generatedCollections(count: number, seed: number): Json[] {
  const requests = sample(request, { seed, numRuns: count });
  const auths = sample(auth, { seed: seed + 1, numRuns: count });
  const perCollection = 100;
  return Array.from({ length: Math.ceil(count / perCollection) }, (_, number) => {
    const items = requests.slice(number * perCollection, (number + 1) * perCollection).map((one, index) => ({ name: `Request ${number * perCollection + index}`, request: one, ...(index % 17 === 0 && { event: [{ listen: 'prerequest', script: { exec: ['const answer = 42;'] } }] }) }));
    const folders = Array.from({ length: 10 }, (__, index) => ({ name: `Folder ${index}`, ...withAuth(auths[number * 10 + index]), item: [...items.slice(index * 10, index * 10 + 7), { name: 'Below', ...withAuth(auths[number * 10 + index + 5]), item: items.slice(index * 10 + 7, index * 10 + 10) }] }));
    return {
      info: { name: `Generated ${number}`, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' }, ...withAuth(auths[number]), item: folders,
      variable: [{ key: 'known', value: 'value of it' }, { key: 'number', value: '42' }, { key: 'nested', value: '{{number}}-{{known}}' }, { key: 'off', value: 'x', disabled: true }],
    };
  });
}

const withAuth = (given: unknown): Json => (given === undefined ? {} : { auth: given });

const words = constantFrom('a', 'filter[state]', 'page', 'sort_by', 'q', 'created-at', 'x.y');
const values = constantFrom('1', 'plain', 'two words', 'Ünïcödé', 'a%20b', '50%', 'x+y', '{{known}}', '{{number}}', '{{nested}}', '{{open}}', 'pre-{{open}}-post', '', 'true', '007', '1.50', 'a,b;c', '"quoted"', 'a:b@c', '[x]', '漢字');
const isOff: Arbitrary<Json> = oneof({ weight: 4, arbitrary: constant({}) }, { weight: 1, arbitrary: constant({ disabled: true }) });
const row = (keys: Arbitrary<string>): Arbitrary<Json> => record({ key: keys, value: values, off: isOff }).map(({ off, ...rest }) => ({ ...rest, ...off }));

const auth: Arbitrary<unknown> = oneof(
  { weight: 3, arbitrary: constant(undefined) }, { weight: 1, arbitrary: constant({ type: 'noauth' }) },
  { weight: 2, arbitrary: constant({ type: 'bearer', bearer: [{ key: 'token', value: 'tok-123', type: 'string' }] }) },
  { weight: 2, arbitrary: constant({ type: 'basic', basic: [{ key: 'username', value: 'ada' }, { key: 'password', value: 'p:w' }] }) },
  { weight: 1, arbitrary: constant({ type: 'apikey', apikey: [{ key: 'key', value: 'X-Shop-Key' }, { key: 'value', value: 'key-1' }, { key: 'in', value: 'header' }] }) },
  { weight: 1, arbitrary: constant({ type: 'apikey', apikey: [{ key: 'key', value: 'api_key' }, { key: 'value', value: 'key-2' }, { key: 'in', value: 'query' }] }) },
);

const parts = array(constantFrom('orders', 'v1', ':id', ':ref', '{{known}}', '{{open}}', 'two words', 'a.b', 'x-{{number}}', 'caf%C3%A9', 'straße'), { minLength: 1, maxLength: 5 });
const url: Arbitrary<Json> = record({ path: parts, query: array(row(words), { maxLength: 4 }), id: constantFrom('7', 'a b', '{{number}}', 'é') }).map(({ path, query, id }) => {
  const on = query.filter((one) => one['disabled'] !== true);
  const search = on.length > 0 ? `?${on.map((one) => `${String(one['key'])}=${String(one['value'])}`).join('&')}` : '';
  return { raw: `https://api.shop.test/${path.join('/')}${search}`, protocol: 'https', host: ['api', 'shop', 'test'], path, ...(query.length > 0 && { query }), variable: [{ key: 'id', value: id }, { key: 'ref', value: 'r-1' }] };
});

const headers = array(row(constantFrom('X-Trace', 'X-Shop', 'Accept-Profile', 'Prefer')).map((one) => ({ ...one, value: String(one['value']).normalize('NFKD').replaceAll(/[^ -~]/g, '') || 'x' })), { maxLength: 3 });

const document = constantFrom('{"a":1,"b":{"c":[1,2]}}', '[{"id":"{{known}}"}]', '{"n": {{number}}, "t": "{{open}}"}', '"text"', '{}', '{"ü":"漢字"}');
const raw = (language: string, text: string | Arbitrary<string>): Arbitrary<Json> => (typeof text === 'string' ? constant(text) : text).map((content) => ({ mode: 'raw', raw: content, options: { raw: { language } } }));
const body: Arbitrary<Json | undefined> = oneof(
  constant(undefined), raw('json', document), raw('xml', '<a b="1">{{known}}</a>'), raw('text', 'plain text\nof two lines'),
  array(row(words), { minLength: 1, maxLength: 4 }).map((urlencoded) => ({ mode: 'urlencoded', urlencoded })),
  array(row(words).map((one) => ({ ...one, type: 'text' })), { minLength: 1, maxLength: 4 }).map((formdata) => ({ mode: 'formdata', formdata })),
  record({ variables: constantFrom('{"id":1}', '', '{"id":"{{known}}"}') }).map(({ variables }) => ({ mode: 'graphql', graphql: { query: 'query ($id: ID) { order(id: $id) { id } }', variables } })),
);

const request: Arbitrary<Json> = record({ method: constantFrom('GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'), url, header: headers, body, own: option(auth, { nil: undefined }), isShort: boolean() }).map(({ own, body: given, isShort, ...rest }) => ({
  ...rest, ...(given && rest.method !== 'GET' && rest.method !== 'HEAD' && { body: given }), ...withAuth(own), ...(isShort && rest.url['variable'] === undefined && { url: rest.url['raw'] }),
}));
