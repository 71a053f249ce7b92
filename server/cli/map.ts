import { Option, type Command } from 'commander';
import type { MapAccess, MapRequest } from '../runner/maps.ts';
import { exit } from './exit-codes.ts';
import { countNumber, wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readJson } from './read-json.ts';
import { hasErrors, writeCheck, writeLineage, writeMapTest, writeMapTrial, writeSuggestions } from './report-map.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf, mapOf } from './workspace-of.ts';

interface Options {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly sample?: string;
  readonly source?: string;
  readonly target?: string;
  readonly record: number;
  readonly inputs: number;
  readonly seed: number;
}

const define: Define = (command, session) => {
  command.addHelpText('before', `Examples:
  patchbay map check import-orders to-erp
  patchbay map check maps/address.map.json
  patchbay map lineage import-orders to-erp --json
  patchbay map suggest import-orders to-erp --target schemas/erp-order.json
  patchbay map try import-orders to-erp --sample order.json
  patchbay map test import-orders to-erp --inputs 500 --seed 7
`);
  common(command, 'check', 'Checks a map against what comes and what is wanted').action((flow: string, step: string | undefined, options: Options) => check(session, flow, step, options));
  common(command, 'lineage', 'Says where each field comes from and where it goes').alias('explain').action((flow: string, step: string | undefined, options: Options) =>
    ask(session, flow, step, options, async (maps, request) => writeLineage(session.terminal, await answer(session, options, maps.lineage(request)))));
  common(command, 'suggest', 'Proposes rules for fields that have none').action((flow: string, step: string | undefined, options: Options) =>
    ask(session, flow, step, options, async (maps, request) => writeSuggestions(session.terminal, await answer(session, options, maps.suggest(request)))));
  common(command, 'try', 'Maps one record of a payload').option('--record <number>', 'number of the record in the payload', wholeNumber, 0).action((flow: string, step: string | undefined, options: Options) => tryOut(session, flow, step, options));
  common(command, 'test', 'Maps inputs that are made up, and shows the smallest that fails')
    .addOption(new Option('--inputs <number>', 'how many').argParser(countNumber).default(100))
    .addOption(new Option('--seed <number>', 'the same seed makes the same inputs').argParser(wholeNumber).default(1))
    .action((flow: string, step: string | undefined, options: Options) => test(session, flow, step, options));
};
export default define;

const common = (command: Command, name: string, description: string): Command =>
  command.command(name).description(`${description}.`).argument('<flow>', 'id or file of the flow; or a mapping file').argument('[step]', 'id of the map step; none of a mapping file')
    .option('--sample <file>', 'payload, instead of the last one that a run has recorded for the step; - reads it from stdin')
    .option('--source <file>', 'JSON Schema of what the rules read, instead of what is known')
    .option('--target <file>', 'JSON Schema of what is made, instead of what is known')
    .option('--json', 'print the answer as JSON').option('--workspace <folder>', 'folder of the workspace');

const check = (session: Session, flow: string, step: string | undefined, options: Options): Promise<void> => ask(session, flow, step, options, async (maps, request) => {
  const found = await maps.check(request);
  writeCheck(session.terminal, await answer(session, options, found));
  if (hasErrors(found)) session.exitCode = exit.invalid;
});

const tryOut = (session: Session, flow: string, step: string | undefined, options: Options): Promise<void> => ask(session, flow, step, options, async (maps, request, signal) => {
  const trial = await maps.try({ ...request, record: options.record, signal });
  writeMapTrial(session.terminal, await answer(session, options, trial));
  if (trial.error || trial.faults.length > 0) session.exitCode = exit.failed;
});

const test = (session: Session, flow: string, step: string | undefined, options: Options): Promise<void> => ask(session, flow, step, options, async (maps, request, signal) => {
  const result = await maps.test({ ...request, inputs: options.inputs, seed: options.seed, signal });
  writeMapTest(session.terminal, await answer(session, options, result));
  // Fewer inputs than were asked for have not shown what was asked.
  if (result.counterexample || result.ended) session.exitCode = exit.failed;
});

/** `undefined` where it was printed as JSON. */
async function answer<T>({ terminal }: Session, { json }: Options, given: T | Promise<T>): Promise<T | undefined> {
  const value = await given;
  if (json) writeJson(terminal, value);
  return json ? undefined : value;
}

async function ask(session: Session, given: string, step: string | undefined, options: Options, work: (maps: MapAccess, request: MapRequest, signal: AbortSignal) => Promise<void>): Promise<void> {
  const { terminal } = session;
  // A flow without one of its steps is no mapping.
  const { root, ...named } = step === undefined ? mapOf(terminal, given, options) : { ...flowOf(terminal, given, options), step };
  const read = async (name: 'sample' | 'source' | 'target'): Promise<object> => (options[name] === undefined ? {} : { [name]: await readJson(terminal, options[name]) });
  const request: MapRequest = { ...named, ...(await read('sample')), ...(await read('source')), ...(await read('target')) };
  const stop = new AbortController();
  const release = terminal.onSignal(() => stop.abort(new Error('The work was stopped.')));
  try {
    await withRunner(session, { root }, ({ maps }) => work(maps, request, stop.signal));
  } finally {
    release();
  }
}
