import type * as fastCheck from 'fast-check';
import { FlowError, withChanges } from '../../../plugins/sdk/index.ts';
import { expressionEnv } from '../../engine/open-context.ts';
import { toRunError } from '../../engine/run-error.ts';
import { compileValue } from '../../model/expression.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { compareJson } from '../../model/json-compare.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import type { TestCase, TestFile, TestGenerate } from '../../model/test-file.ts';
import { suggestion } from '../../model/suggest.ts';
import { caseSchema } from '../../model/test-schema.ts';
import type { CaseFailure, CaseReport, StaleMock, TestReport } from '../../model/test-report.ts';
import { counted } from '../../model/words.ts';
import { withoutRefs } from '../../model/schema-refs.ts';
import { checkSchema, schemaFault } from '../../model/validate.ts';
import { schemaValues } from '../schema-values.ts';
import type { TestOrder } from '../executors.ts';
import type { Entry } from '../workspace.ts';
import { cover, coverageOf, mapCoverageOf, nothingCovered, type Covered } from './coverage.ts';
import { judge, stepCounts, type Unexpected } from './judge.ts';
import { shortened } from './shorten.ts';
import { flowOf, namesOf, soundCases } from './sound-cases.ts';
import type { CaseOrder, CaseWorld } from './case-host.ts';
import { runCase, type CaseRun } from './run-case.ts';
import { openSnapshots, snapshotOf, type Snapshots } from './snapshots.ts';

/** Which cases are run, and how. */
interface RunTests extends TestOrder {
  readonly signal: AbortSignal;
  readonly onCase?: (report: CaseReport) => void;
}

export type TestWorld = Omit<CaseWorld, 'signal'>;

/** Of one case. */
const mostFailures = 100;
/** Longest time for payloads that are made up, and for the search for a smaller one that fails. */
const mostShrinkMs = 30_000;

/** Runs cases, one after the other. Files with errors are failed cases; it fails itself only where nothing can be run at all. */
export async function runTests(world: TestWorld, request: RunTests): Promise<TestReport> {
  const { workbench } = world;
  const began = performance.now();
  const entries = chosen(workbench.workspace.tests, request.files);
  const reports: CaseReport[] = [];
  const covered = nothingCovered();
  const written: string[] = [];
  const stale: StaleMock[] = [];
  const tell = (report: CaseReport): void => {
    reports.push(report);
    request.onCase?.(report);
  };
  for (const entry of entries) {
    request.signal.throwIfAborted();
    stale.push(...staleMocks(workbench.diagnoser.ofEntry(entry)));
    const file = new FileOfTests({ ...world, signal: request.signal }, entry, covered, request.update === true);
    await file.run(request.cases, tell);
    if (request.update && (await file.writeSnapshots())) written.push(file.snapshots!.file);
  }
  const count = (status: CaseReport['status']): number => reports.filter((report) => report.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), durationMs: Math.round(performance.now() - began), cases: reports, coverage: coverageOf(covered, workbench.workspace), maps: mapCoverageOf(covered, workbench.workspace), stale, written };
}

const staleMocks = (findings: readonly Diagnostic[]): readonly StaleMock[] => findings.flatMap(({ code, file, line, column, path, message, fix }) => (code === 'TEST_STALE' ? [{ file, line, column, pointer: path, message, ...(fix !== undefined && { remedy: fix }) }] : []));

function chosen(tests: ReadonlyMap<string, Entry<'test'>>, files: readonly string[] | undefined): readonly Entry<'test'>[] {
  const all = [...tests.values()];
  if (!files) return all;
  return [...new Set(files.flatMap((file) => {
    const found = all.filter((entry) => entry.file === file || entry.id === file || flowOf(entry) === file);
    if (found.length === 0) throw new FlowError('CONFIG_NOT_FOUND', `There are no tests ${JSON.stringify(file)}.`, { remedy: [suggestion(file, all.map(file.endsWith('.json') ? (entry) => entry.file : (entry) => entry.id)), 'Name a file such as `flows/import-orders.test.json`, or its flow.'].filter(Boolean).join(' ') });
    return found;
  }))];
}

/** A case, or a row of one. */
interface OneCase {
  readonly name: string;
  readonly row?: number;
  readonly value: TestCase;
}

class FileOfTests {
  readonly #world: CaseWorld;
  readonly #entry: Entry<'test'>;
  readonly #covered: Covered;
  readonly #isUpdate: boolean;
  /** Cases that were run, with the names of their snapshots. */
  readonly #ran = new Map<string, Set<string>>();
  snapshots: Snapshots | undefined;

  constructor(world: CaseWorld, entry: Entry<'test'>, covered: Covered, isUpdate: boolean) {
    this.#world = world;
    this.#entry = entry;
    this.#covered = covered;
    this.#isUpdate = isUpdate;
  }

  async run(names: readonly string[] | undefined, tell: (report: CaseReport) => void): Promise<void> {
    const sound = soundCases(this.#entry, this.#world.workbench.diagnoser);
    const wanted = namesOf(this.#entry).filter((name) => !names || names.includes(name));
    if (sound instanceof FlowError && wanted.length === 0) tell(this.#wrong('(file)', sound));
    for (const name of wanted) {
      const fault = sound instanceof FlowError ? sound : sound.faults.get(name);
      if (fault || sound instanceof FlowError) tell(this.#wrong(name, fault!));
      else for (const one of await this.#rows(name, sound.tests.cases[name]!, tell)) tell(await this.#one(sound.tests, one));
    }
  }

  async writeSnapshots(): Promise<boolean> {
    if (!this.snapshots) return false;
    const cases = new Set(namesOf(this.#entry));
    return this.snapshots.write((name) => {
      const of = cases.has(name) ? name : name.replace(/ #\d+$/, '');
      return cases.has(of) && (this.#ran.get(of)?.has(name) ?? true);
    });
  }

  get #flow(): string {
    return flowOf(this.#entry);
  }

  #wrong(name: string, error: FlowError): CaseReport {
    return this.#report({ name, value: {} }, 'failed', 0, [this.#fault(error)]);
  }

  /** A case with a table is one for each row. */
  async #rows(name: string, value: TestCase, tell: (report: CaseReport) => void): Promise<readonly OneCase[]> {
    if (value.skip !== undefined) return [{ name, value }];
    const here = pointerOf(['cases', name]);
    const place = { file: this.#entry.file, pointer: pointerOf(['cases', name, 'table']) };
    try {
      if (value.table === undefined) return [{ name, value: checked(value, here) }];
      const rows = typeof value.table === 'string' ? this.#world.files.rows(value.table, place) : value.table;
      if (rows.length === 0) throw new FlowError('DATA_MISSING', 'The table has no rows: nothing is tested.', { place, remedy: 'Add a row, or remove the table.' });
      const { table: _, ...rest } = value;
      const env = { ...expressionEnv(this.#world.workbench.plans.host(undefined)), roots: ['row'] };
      return await Promise.all(rows.map(async (row, index) => ({ name, row: index + 1, value: checked(await filled(rest, row, env, here), here) })));
    } catch (error) {
      tell(this.#report({ name, value }, 'failed', 0, [this.#fault(error)]));
      return [];
    }
  }

  async #one(tests: TestFile, one: OneCase): Promise<CaseReport> {
    if (one.value.skip !== undefined) return { ...this.#report(one, 'skipped', 0, []), reason: one.value.skip };
    const began = performance.now();
    const { signal } = this.#world;
    try {
      const generated = one.value.generate && (await this.#generated(tests, one, one.value.generate));
      if (generated) return { ...this.#report(one, generated.failures.length > 0 ? 'failed' : 'passed', began, generated.failures), ...(generated.input !== undefined && { input: generated.input }) };
      await using run = await runCase(this.#world, this.#order(tests, one));
      cover(this.#covered, run);
      const found = [...(await judge(one.value.expect ?? {}, run, this.#world.files, this.#entry.file)), ...this.#snapshot(one, run)];
      return { ...this.#report(one, found.length > 0 ? 'failed' : 'passed', began, this.#failures(one.name, found)), run: { status: run.outcome.status, steps: stepCounts(run.events) } };
    } catch (error) {
      signal.throwIfAborted();
      return this.#report(one, 'failed', began, [this.#fault(error, one.name)]);
    }
  }

  #order(tests: TestFile, { name, value }: OneCase, payload?: unknown): CaseOrder {
    const { file } = this.#entry;
    const own = value.given ?? {};
    const mocksAt = (mocks: TestFile['mocks'], keys: readonly (string | number)[]) => (mocks ?? []).map((mock, index) => ({ mock, place: { file, pointer: pointerOf([...keys, 'mocks', index]) } }));
    return {
      flow: this.#flow, given: { ...tests.given, ...own }, place: { file, pointer: pointerOf(own.payload || !tests.given?.payload ? ['cases', name, 'given'] : ['given']) },
      mocks: [...mocksAt(value.mocks, ['cases', name]), ...mocksAt(tests.mocks, [])], ...(payload !== undefined && { payload }),
    };
  }

  /** Payloads that fit a schema, until one fails; then the smallest that does. */
  async #generated(tests: TestFile, one: OneCase, { schema: given, inputs = 50 }: TestGenerate): Promise<{ readonly failures: readonly CaseFailure[]; readonly input?: unknown }> {
    const place = { file: this.#entry.file, pointer: pointerOf(['cases', one.name, 'generate', 'schema']) };
    const schema = typeof given === 'string' ? this.#world.files.json(given, place) : given;
    if (!isObject(schema)) throw new FlowError('CONFIG_INVALID', 'It is no JSON Schema.', { place });
    const wrong = schemaFault(schema);
    if (wrong !== undefined) throw new FlowError('CONFIG_INVALID', `The JSON Schema${typeof given === 'string' ? ` in ${given}` : ''} is not valid: ${wrong}.`, { place });
    const none = (cause?: unknown): FlowError => new FlowError('DATA_INVALID', 'No payloads can be made that fit the schema.', { place, cause });
    const fc: typeof fastCheck = await import('fast-check');
    let last: { readonly failures: readonly CaseFailure[]; readonly input: unknown } | undefined;
    let ran = 0;
    const property = fc.asyncProperty(valuesOf(() => schemaValues(fc, withoutRefs(schema)), none), async (input) => {
      this.#world.signal.throwIfAborted();
      fc.pre(checkSchema(schema, input).length === 0);
      ran += 1;
      await using run = await runCase(this.#world, this.#order(tests, one, input));
      cover(this.#covered, run);
      const found = await judge(one.value.expect ?? {}, run, this.#world.files, this.#entry.file);
      if (found.length > 0) last = { failures: this.#failures(one.name, found), input };
      return found.length === 0;
    });
    const { failed, interrupted, counterexample, errorInstance } = await fc.check(property, { numRuns: inputs, seed: one.value.given?.seed ?? tests.given?.seed ?? 1, interruptAfterTimeLimit: mostShrinkMs });
    if (!failed && interrupted) return { failures: [{ ...this.#failure(one.name, { pointer: '', message: `Only ${ran} of ${counted(inputs, 'payload')} ${ran === 1 ? 'was' : 'were'} tried within ${mostShrinkMs / 1000} seconds; none failed.` }), remedy: 'Ask for fewer `inputs`, or for a smaller part of the flow (`from`, `until`).' }] };
    if (!failed) return { failures: [] };
    if (last) return { failures: last.failures, input: counterexample?.[0] ?? last.input };
    throw ran > 0 && errorInstance ? errorInstance : none();
  }

  #snapshot(one: OneCase, run: CaseRun): Unexpected[] {
    const wanted = one.value.expect?.snapshot;
    if (wanted === undefined) return [];
    this.snapshots ??= openSnapshots(this.#world.workbench.root, this.#entry.file);
    const name = titleOf(one);
    this.#ran.set(one.name, (this.#ran.get(one.name) ?? new Set<string>()).add(name));
    const now = snapshotOf(run, wanted === true ? [] : (wanted.ignore ?? []));
    // What nobody answered is no state that is worth keeping.
    if (this.#isUpdate && run.unanswered.length === 0) {
      this.snapshots.set(name, now);
      return [];
    }
    const before = this.snapshots.get(name);
    if (before === undefined) return [{ pointer: '/snapshot', message: `There is no snapshot of it in ${this.snapshots.file}.`, remedy: '`patchbay test --update` writes it; look at it before you commit it.' }];
    return compareJson(before, now).map(({ pointer, before: was, after: is }) => ({ pointer: '/snapshot', message: `The snapshot at ${pointer || '/'}: ${is === undefined ? 'it is missing' : was === undefined ? 'it is not expected' : 'it is another value'}.`, place: pointer, ...(was !== undefined && { expected: was }), ...(is !== undefined && { actual: is }), remedy: 'Where the change is wanted, `patchbay test --update` writes the snapshot anew.' }));
  }

  #report(one: OneCase, status: CaseReport['status'], began: number, failures: readonly CaseFailure[]): CaseReport {
    const { line } = this.#entry.read.mark(pointerOf(['cases', one.name]), { key: true });
    return { file: this.#entry.file, name: one.name, ...(one.row !== undefined && { row: one.row }), flow: this.#flow, line, status, durationMs: began === 0 ? 0 : Math.round(performance.now() - began), failures };
  }

  #failures(name: string, found: readonly Unexpected[]): CaseFailure[] {
    const first = found.slice(0, mostFailures).map((each) => this.#failure(name, each));
    return found.length > mostFailures ? [...first, this.#failure(name, { pointer: '', message: `And ${found.length - mostFailures} more.` })] : first;
  }

  #failure(name: string, { pointer, at, ...found }: Unexpected): CaseFailure {
    const whole = at ?? `${pointerOf(['cases', name, 'expect'])}${pointer}`;
    const { line, column } = this.#entry.read.mark(whole);
    return { ...found, ...(found.expected !== undefined && { expected: shortened(found.expected) }), ...(found.actual !== undefined && { actual: shortened(found.actual) }), pointer: whole, line, column };
  }

  /** The case could not be run, or not to its end. */
  #fault(error: unknown, name?: string): CaseFailure {
    const { message, remedy, place, step } = toRunError(error);
    const isHere = place !== undefined && (place.file ?? this.#entry.file) === this.#entry.file;
    const pointer = isHere ? (place.pointer ?? '') : name === undefined ? '' : pointerOf(['cases', name]);
    const { line, column } = this.#entry.read.mark(pointer);
    const elsewhere = place?.file !== undefined && !isHere ? ` (${place.file}${place.line === undefined ? '' : `:${place.line}`}${place.pointer ? ` ${place.pointer}` : ''})` : '';
    return { message: `${message}${elsewhere}`, pointer, line, column, ...(remedy !== undefined && { remedy }), ...(step !== undefined && { step }) };
  }
}

export const titleOf = ({ name, row }: Pick<CaseReport, 'name' | 'row'>): string => (row === undefined ? name : `${name} #${row}`);

/** A schema may be valid, and yet there is nothing that fits it. */
function valuesOf<T>(make: () => T, none: (cause: unknown) => FlowError): T {
  try {
    return make();
  } catch (error) {
    throw none(error);
  }
}

/** What templates of rows have given may be of another type than what stands there. */
function checked(value: unknown, pointer: string): TestCase {
  const [first] = checkSchema(caseSchema, value, pointer);
  if (first) throw new FlowError('CONFIG_INVALID', first.message, { place: { pointer: first.pointer }, remedy: 'Give a value of this type, from a row of the table where it is a template.' });
  return value as TestCase;
}

/** Texts with `{{ row.x }}` get their values; other templates are data. */
async function filled(value: unknown, row: Readonly<Record<string, unknown>>, env: Parameters<typeof compileValue>[1], pointer: string): Promise<unknown> {
  if (typeof value === 'string') {
    if (!/\{\{[^}]*\brow\b/.test(value)) return value;
    try {
      const compiled = await compileValue(value, env);
      return await compiled.evaluate({ row }, { now: 0, random: () => 0 });
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      throw withChanges(error, { place: { pointer } });
    }
  }
  if (Array.isArray(value)) return Promise.all(value.map((item, index) => filled(item, row, env, `${pointer}/${index}`)));
  if (!isObject(value)) return value;
  const entries = await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await filled(item, row, env, `${pointer}${pointerOf([key])}`)] as const));
  return Object.fromEntries(entries);
}
