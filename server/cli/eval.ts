import { Option } from 'commander';
import { collect, instant } from './options.ts';
import { readJson } from './read-json.ts';
import { variablesOf } from './pairs.ts';
import type { Define, Session } from './program.ts';
import { withRoot } from './scratch-root.ts';
import { writeValue } from './terminal.ts';
import { withRunner } from './with-runner.ts';

interface EvalOptions { readonly workspace?: string; readonly json?: boolean; readonly payload?: string; readonly env?: string; readonly var: readonly string[]; readonly meta: readonly string[]; readonly now?: number }

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:\n  patchbay eval '{{ payload.items[*].sku }}' --payload order.json\n  patchbay eval 'payload.total | round-number(places: 2)' --payload - < order.json\n`)
    .argument('<expression>', 'the expression, with or without braces')
    .option('--payload <file>', 'JSON document that the expression sees as payload; - reads stdin')
    .option('--var <name=value>', 'flow variable, JSON or text; may stand several times', collect, [])
    .option('--meta <name=value>', 'entry of the metadata; may stand several times', collect, [])
    .option('--env <environment>', 'environment whose variables it sees')
    .addOption(new Option('--now <time>', 'time that it sees').argParser(instant))
    .option('--json', 'print the value as JSON, texts too')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((expression: string, options: EvalOptions) => run(session, expression, options));
};
export default define;

async function run(session: Session, expression: string, options: EvalOptions): Promise<void> {
  const { terminal } = session;
  const payload = options.payload === undefined ? undefined : await readJson(terminal, options.payload);
  const given = { payload, meta: variablesOf(options.meta, 'text'), flow: variablesOf(options.var, 'json'), ...(options.now !== undefined && { now: new Date(options.now).toISOString() }) };
  await withRoot(terminal, options, async (root) => {
    const value = await withRunner(session, { root, ...(options.env !== undefined && { environment: options.env }) }, (runner) => runner.evaluate(expression, given));
    writeValue(terminal, value, options.json);
  });
}
