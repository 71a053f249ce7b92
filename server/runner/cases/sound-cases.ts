import { FlowError } from '../../../plugins/sdk/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isObject, pointerNames } from '../../model/json.ts';
import { readFile } from '../../model/read.ts';
import type { TestFile } from '../../model/test-file.ts';
import { errorOf, type Diagnoser } from '../diagnose.ts';
import type { Entry } from '../workspace.ts';

/** The flow of a file of tests, also where something in it is wrong. */
export const flowOf = ({ id, read: { raw } }: Entry<'test'>): string => (isObject(raw) && typeof raw['flow'] === 'string' ? raw['flow'] : id);

/** The names of its cases, in their order, also where something in it is wrong. */
export const namesOf = ({ read: { raw } }: Entry<'test'>): readonly string[] => (isObject(raw) && isObject(raw['cases']) ? Object.keys(raw['cases']) : []);

export interface SoundCases {
  /** Without the cases that are wrong. */
  readonly tests: TestFile;
  /** Why a case is none of those. */
  readonly faults: ReadonlyMap<string, FlowError>;
}

/** The cases of a file that can be run. An error: something is wrong that does not stand within a case. */
export function soundCases(entry: Entry<'test'>, diagnoser: Diagnoser): SoundCases | FlowError {
  const faults = new Map<string, FlowError>();
  const { raw, value, mark } = entry.read;
  /** Says whether they all stand within cases. */
  const sorted = (errors: readonly Diagnostic[]): boolean => {
    const names = errors.map(({ path }) => pointerNames(path)).map(([first, name]) => (first === 'cases' ? name : undefined));
    for (const name of names) if (name !== undefined && !faults.has(name)) faults.set(name, errorOf(errors.filter((_, index) => names[index] === name))!);
    return !names.includes(undefined);
  };
  const without = (cases: object): object => Object.fromEntries(Object.entries(cases).filter(([name]) => !faults.has(name)));
  const errors = errorsOf(entry, diagnoser);
  if (!sorted(errors)) return errorOf(errors)!;
  if (value) return { tests: { ...value, cases: without(value.cases) as TestFile['cases'] }, faults };
  if (!isObject(raw) || !isObject(raw['cases'])) return new FlowError('CONFIG_INVALID', 'The file cannot be read.');
  // What lint says of the others is known only without those that are no cases at all.
  const read = readFile('test', entry.file, JSON.stringify({ ...raw, cases: without(raw['cases']) }));
  const others = errorsOf({ ...entry, read }, diagnoser).map((one) => ({ ...one, ...mark(one.path) }));
  if (!sorted(others) || !read.value) return errorOf(others) ?? new FlowError('CONFIG_INVALID', 'The file cannot be read.');
  return { tests: { ...read.value, cases: without(read.value.cases) as TestFile['cases'] }, faults };
}

const errorsOf = (entry: Entry<'test'>, diagnoser: Diagnoser): readonly Diagnostic[] => diagnoser.ofEntry(entry).filter(({ severity }) => severity === 'error');
