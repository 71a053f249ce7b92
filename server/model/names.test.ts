import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { keysAt } from './complete-key.ts';
import type { ConnectorFile } from './connector.ts';
import type { Environment } from './environment.ts';
import type { Flow } from './flow.ts';
import type { InstanceFile } from './instance.ts';
import { idOf, lint, type LintWorld } from './lint.ts';
import type { MapFile } from './map-file.ts';
import { definitionOf, isSameName, nameAt, namesIn, type Named, type NamedFile } from './names.ts';
import { readFile } from './read.ts';
import { canRename, rename, renameOfFile, type Renaming } from './rename.ts';
import { usedFiles } from './used-files.ts';
import { fileKinds, type FileKind, type WorkspaceFile } from './workspace.ts';

const root = join(import.meta.dirname, '..', '..');
const catalog = JSON.parse(readFileSync(join(root, 'plugins', 'catalog.json'), 'utf8')) as Catalog;

type Texts = ReadonlyMap<string, string>;

/** The sample, with a mapping, a lookup that is described, a schema and a flow that others call. */
const sample: Texts = new Map([
  ...textsBelow(join(root, 'samples', 'brook-and-co')),
  ['maps/address.map.json', '{ "version": 1, "rules": [{ "from": "country", "to": "country", "transforms": [{ "type": "lookup", "settings": { "lookup": "countries" } }] }] }\n'],
  ['lookups/countries.csv', 'code,name\nDE,Germany\n'],
  ['lookups/countries.lookup.json', '{ "version": 1 }\n'],
  ['schemas/order.json', '{ "type": "object" }\n'],
  ['scripts/note.ts', 'export default () => undefined;\n'],
  ['flows/part.flow.json', `{
  "version": 1, "title": "Part", "start": "all-of-it",
  "steps": {
    "all-of-it": { "shape": "script", "settings": { "script": "note.ts" }, "next": { "out": "again" } },
    "again": { "shape": "script", "settings": { "script": "scripts/note.ts" } }
  },
  "groups": { "all": { "steps": ["again"] } },
  "layout": { "again": [10, 20] }
}
`],
  ['flows/part.test.json', '{ "version": 1, "cases": { "one": { "mocks": [{ "step": "again" }], "expect": { "steps": { "all-of-it": { "outputs": { "out": 1 } } } } } } }\n'],
  ['flows/whole.flow.json', '{ "version": 1, "title": "Whole", "start": "call", "steps": { "call": { "shape": "run-flow", "settings": { "flow": "part" } } } }\n'],
]);

function textsBelow(folder: string, below = ''): [string, string][] {
  return readdirSync(join(folder, below)).filter((name) => !/^(\.patchbay|node_modules|out)$/.test(name)).flatMap((name): [string, string][] => {
    const file = below === '' ? name : `${below}/${name}`;
    return statSync(join(folder, file)).isDirectory() ? textsBelow(folder, file) : [[file, readFileSync(join(folder, file), 'utf8')]];
  });
}

function project(texts: Texts): { readonly files: readonly NamedFile[]; readonly world: LintWorld; readonly paths: readonly string[] } {
  const paths = [...texts.keys()];
  const files = paths.flatMap((file): NamedFile[] => {
    const kind = (Object.keys(fileKinds) as FileKind[]).find((one) => (fileKinds[one].folder === '' ? file === fileKinds[one].ending : file.startsWith(`${fileKinds[one].folder}/`) && file.endsWith(fileKinds[one].ending)));
    const text = texts.get(file)!;
    return kind ? [{ kind, file, id: kind === 'workspace' ? '' : idOf(kind, file), text, read: readFile(kind, file, text) }] : [];
  });
  const all = <T>(kind: FileKind): Record<string, T | undefined> => Object.fromEntries(files.filter((file) => file.kind === kind).map(({ id, read }) => [id, read.value as T | undefined]));
  const flows = all<Flow>('flow');
  const config = files.find(({ kind }) => kind === 'workspace')?.read.value as WorkspaceFile | undefined;
  const world: LintWorld = {
    catalog, connectors: all<ConnectorFile>('connector'), instances: all<InstanceFile>('instance'), environments: all<Environment>('environment'), maps: all<MapFile>('map'), flows: Object.keys(flows), flowOf: (id) => flows[id],
    scripts: paths.filter((file) => file.startsWith('scripts/')), schemas: paths.filter((file) => file.startsWith('schemas/')), lookups: paths.flatMap((file) => /^lookups\/(.+)\.csv$/.exec(file)?.[1] ?? []), groups: Object.keys(config?.notifications?.groups ?? {}),
  };
  return { files, world, paths };
}

function apply(texts: Texts, { edits, files }: Renaming): Texts {
  const moved = new Map(files.map(({ from, to }) => [from, to]));
  return new Map([...texts].map(([file, text]) => {
    const own = edits.filter((edit) => edit.file === file).sort((one, other) => other.start - one.start);
    return [moved.get(file) ?? file, own.reduce((made, { start, end, text: given }) => made.slice(0, start) + given + made.slice(end), text)];
  }));
}

/** What lint says, without the names of files. */
const findings = (texts: Texts): string[] => {
  const { files, world } = project(texts);
  return files.flatMap(({ kind, file, text }) => lint(kind, file, text, world).map(({ code, severity }) => `${kind} ${severity} ${code}`)).sort();
};

const whole = project(sample);
const spots = whole.files.flatMap((file) => namesIn(file, whole.world));

test('every name in the sample leads to where it is defined', () => {
  assert.ok(spots.length > 150, `${spots.length} names`);
  const without = spots.filter(({ kind, name, owner }) => !['port', 'plugin'].includes(kind) && !definitionOf({ kind, name, ...(owner !== undefined && { owner }) }, whole.paths));
  assert.deepEqual(without.map(({ file, kind, name }) => `${file} ${kind} ${name}`), []);
});

test('what is renamed is named as before: lint says the same, and back it is the same, byte for byte', () => {
  const before = findings(sample);
  const named: Named[] = [];
  for (const { kind, name, owner } of spots) {
    const one = { kind, name, ...(owner !== undefined && { owner }) };
    if (canRename(one) && !named.some((other) => isSameName(one, other))) named.push(one);
  }
  assert.ok(new Set(named.map(({ kind }) => kind)).size >= 9, 'kinds of names');
  for (const one of named) {
    const to = ['script', 'schema'].includes(one.kind) ? one.name.replace(/(\w+)(\.\w+)$/, 'sub/other$2') : one.kind === 'step' ? 'other' : 'other';
    const after = apply(sample, rename(one, to, whole));
    assert.deepEqual(findings(after), before, `${one.kind} ${one.name}`);
    assert.notDeepEqual(after, sample, `${one.kind} ${one.name}`);
    const back = apply(after, rename({ ...one, name: to }, one.name, project(after)));
    assert.deepEqual(new Map([...back].sort()), new Map([...sample].sort()), `${one.kind} ${one.name} and back`);
  }
});

test('the names of a place, with what could stand there', () => {
  const at = (file: string, mark: string): object | undefined => {
    const given = whole.files.find((one) => one.file === file)!;
    const spot = nameAt(namesIn(given, whole.world), given.text.indexOf(mark) + mark.length);
    return spot && { kind: spot.kind, name: spot.name, ...(spot.owner !== undefined && { owner: spot.owner }), isDefinition: spot.isDefinition, known: spot.known.slice(0, 2) };
  };
  const cases: readonly [string, string, object | undefined][] = [
    ['flows/part.flow.json', '"start": "al', { kind: 'step', name: 'all-of-it', owner: 'part', isDefinition: false, known: ['all-of-it', 'again'] }],
    ['flows/part.flow.json', '    "aga', { kind: 'step', name: 'again', owner: 'part', isDefinition: true, known: [] }],
    ['flows/part.flow.json', '"next": { "ou', { kind: 'port', name: 'out', owner: 'part', isDefinition: false, known: ['out'] }],
    ['flows/part.flow.json', '"script": "note', { kind: 'script', name: 'scripts/note.ts', isDefinition: false, known: whole.world.scripts.slice(0, 2) }],
    ['flows/part.test.json', '"step": "a', { kind: 'step', name: 'again', owner: 'part', isDefinition: false, known: ['all-of-it', 'again'] }],
    ['flows/whole.flow.json', '"flow": "pa', { kind: 'flow', name: 'part', isDefinition: false, known: whole.world.flows.slice(0, 2) }],
    ['flows/whole.flow.json', '"title": "W', undefined],
    ['maps/address.map.json', '"lookup": "c', { kind: 'lookup', name: 'countries', isDefinition: false, known: whole.world.lookups.slice(0, 2) }],
    ['instances/shop.instance.json', '"connector": "', { kind: 'connector', name: 'brook-shop', isDefinition: false, known: Object.keys(whole.world.connectors).slice(0, 2) }],
  ];
  for (const [file, mark, expected] of cases) assert.deepEqual(at(file, mark), expected, `${file} ${mark}`);
});

test('files go with their names', () => {
  const cases: readonly [Named, string, readonly string[]][] = [
    [{ kind: 'flow', name: 'part' }, 'eu/piece', ['flows/part.flow.json > flows/eu/piece.flow.json', 'flows/part.test.json > flows/eu/piece.test.json']],
    [{ kind: 'lookup', name: 'countries' }, 'lands', ['lookups/countries.csv > lookups/lands.csv', 'lookups/countries.lookup.json > lookups/lands.lookup.json']],
    [{ kind: 'script', name: 'scripts/note.ts' }, 'scripts/notes.ts', ['scripts/note.ts > scripts/notes.ts']],
    [{ kind: 'step', name: 'again', owner: 'part' }, 'then', []],
  ];
  for (const [named, to, files] of cases) assert.deepEqual(rename(named, to, whole).files.map((file) => `${file.from} > ${file.to}`), files);
  const cut = rename({ kind: 'script', name: 'scripts/note.ts' }, 'scripts/notes.ts', whole).edits.map(({ text }) => text);
  assert.deepEqual(cut, ['notes.ts', 'scripts/notes.ts'], 'as it was written');
  assert.deepEqual(renameOfFile('maps/address.map.json', 'maps/eu/place.map.json'), { named: { kind: 'map', name: 'address' }, to: 'eu/place' });
  assert.deepEqual(renameOfFile('schemas/order.json', 'schemas/sale.json'), { named: { kind: 'schema', name: 'schemas/order.json' }, to: 'schemas/sale.json' });
  assert.equal(renameOfFile('README.md', 'maps/README.md'), undefined);
});

test('what cannot be is said', () => {
  const cases: readonly [Named, string, string][] = [
    [{ kind: 'flow', name: 'part' }, 'whole', 'There is a flow "whole" already.'],
    [{ kind: 'flow', name: 'part' }, '../part', '"../part" is no name for a flow.'],
    [{ kind: 'step', name: 'again', owner: 'part' }, 'all-of-it', 'There is a step "all-of-it" already.'],
    [{ kind: 'step', name: 'again', owner: 'part' }, 'Once more', '"Once more" is no name for a step.'],
    [{ kind: 'endpoint', name: 'orders.list', owner: 'brook-shop' }, 'orders list', '"orders list" is no name for an endpoint.'],
    [{ kind: 'instance', name: 'shop' }, '', '"" is no name for an instance.'],
  ];
  for (const [named, to, message] of cases) assert.throws(() => rename(named, to, whole), (error) => FlowError.is(error, 'CONFIG_INVALID') && error.message === message, message);
});

test('keys that only the flow itself knows', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['{ "steps": { "a": { "shape": "route", "settings": { "routes": [{ "name": "paid" }, { "name": "open" }] }, "next": { "paid": "b", "^" } } } }', ['open', 'else']],
    ['{ "steps": { "a": { "shape": "filter", "next": { "^": "b" } } } }', ['out']],
    ['{ "steps": { "a": { "shape": "connector", "settings": { "instance": "shop", "endpoint": "orders.list", "params": { "^" } } } } }', Object.keys(whole.world.connectors['brook-shop']!.endpoints['orders.list']!.params ?? {})],
    ['{ "steps": { "a": { "shape": "filter", "settings": { "^" } } } }', []],
    ['{ "triggers": { "^" } }', []],
  ];
  for (const [marked, keys] of cases) assert.deepEqual(keysAt(marked.replace('^', ''), marked.indexOf('^'), whole.world).map(({ name }) => name), keys, marked);
});

const uses = (name: string, starts: readonly string[], environment: string | undefined, expected: readonly string[], more: Texts = new Map()) =>
  test(`a run uses ${name}`, () => assert.deepEqual([...usedFiles(starts, environment, project(new Map([...sample, ...more])))].sort(), [...expected, 'patchbay.json'].sort()));

const scripted = [...sample.keys()].filter((file) => /^(scripts|lookups)\//.test(file));
uses('flows that it calls, their scripts, and whatever scripts may ask', ['flows/whole.flow.json'], undefined, ['flows/whole.flow.json', 'flows/part.flow.json', 'lookups/country-codes.lookup.json', ...scripted]);
uses('the flow of a test', ['flows/part.test.json'], undefined, ['flows/part.test.json', 'flows/part.flow.json', 'lookups/country-codes.lookup.json', ...scripted]);
uses('the documents of a test', ['flows/part.test.json'], undefined, ['flows/part.test.json', 'flows/part.flow.json', 'lookups/country-codes.lookup.json', 'fixtures/rows.csv', 'fixtures/order.json', ...scripted], new Map([
  ['flows/part.test.json', '{ "version": 1, "cases": [{ "name": "one", "table": "fixtures/rows.csv", "given": { "payload": { "file": "fixtures/order.json" } } }] }\n'],
]));
uses('the connector of an instance, and the environment', ['instances/erp.instance.json'], 'dev', ['instances/erp.instance.json', 'connectors/mock-erp.connector.json', 'environments/dev.env.json']);
uses('mappings, their lookups and schemas', ['flows/mapped.flow.json'], undefined, ['flows/mapped.flow.json', 'maps/address.map.json', 'lookups/countries.csv', 'lookups/countries.lookup.json', 'schemas/order.json'], new Map([
  ['flows/mapped.flow.json', '{ "version": 1, "start": "one", "steps": { "one": { "shape": "validate", "settings": { "schemaFile": "order.json" }, "next": { "out": "two" } }, "two": { "shape": "map", "settings": { "rules": [{ "from": "a", "to": "a", "map": "address" }] } } } }\n'],
]));
