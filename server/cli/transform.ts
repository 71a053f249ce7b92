import { Option } from 'commander';
import { json } from './options.ts';
import { valueOf } from './pairs.ts';
import type { Define, Session } from './program.ts';
import { withRoot } from './scratch-root.ts';
import { writeValue } from './terminal.ts';
import { withRunner } from './with-runner.ts';

interface TransformOptions { readonly workspace?: string; readonly json?: boolean; readonly settings?: unknown; readonly input?: string }

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:\n  patchbay transform trim --input '" a "'\n  patchbay transform round-number --settings '{"places":2}' --input 1.005\n`)
    .argument('<type>', 'type of the transform')
    .addOption(new Option('--settings <json>', 'settings of the transform').argParser(json))
    .option('--input <json>', 'the value; what is no JSON is taken as text')
    .option('--json', 'print the value as JSON, texts too')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((type: string, options: TransformOptions) => run(session, type, options));
};
export default define;

async function run(session: Session, type: string, { settings = {}, input, json: isJson, ...options }: TransformOptions): Promise<void> {
  const value = input === undefined ? undefined : valueOf(input);
  await withRoot(session.terminal, options, async (root) => {
    writeValue(session.terminal, await withRunner(session, { root }, (runner) => runner.transform(type, settings, value)), isJson);
  });
}
