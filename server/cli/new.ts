import { relative, resolve } from 'node:path';
import { Argument } from 'commander';
import { didYouMean } from '../model/suggest.ts';
import { CommandError } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { connectorTemplates } from './templates/connectors.ts';
import { flowTemplates } from './templates/flows.ts';
import { mapTemplates } from './templates/maps.ts';
import { pluginTemplates } from './templates/plugins.ts';
import { testTemplates } from './templates/tests.ts';
import type { Template } from './templates/template.ts';
import { writeJson } from './terminal.ts';
import { workspaceOf } from './workspace-of.ts';
import { writeFiles } from './write-files.ts';

/** By kind; the first of each is the default. */
const templates: Readonly<Record<string, Readonly<Record<string, Template>>>> = { flow: flowTemplates, connector: connectorTemplates, map: mapTemplates, test: testTemplates, plugin: pluginTemplates };

interface NewOptions { readonly workspace?: string; readonly json?: boolean; readonly template?: string }

const define: Define = (command, session) => {
  const list = Object.entries(templates).flatMap(([kind, of]) => Object.entries(of).map(([name, { summary }]) => `  ${`${kind} --template ${name}`.padEnd(32)} ${summary}`));
  command
    .addHelpText('before', 'Examples:\n  patchbay new flow import-orders\n  patchbay new flow order-webhook --template webhook\n  patchbay new connector acme\n  patchbay new map address\n  patchbay new test import-orders\n  patchbay new plugin repeat\n')
    .addHelpText('after', `\nTemplates:\n${list.join('\n')}`)
    .addArgument(new Argument('<kind>', 'what is to be made').choices(Object.keys(templates)))
    .argument('<name>', 'its id: lower-case words joined by hyphens')
    .option('--template <template>', 'template; default the first of the list below')
    .option('--json', 'print the names of the files as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((kind: string, name: string, options: NewOptions) => run(session, kind, name, options));
};
export default define;

async function run({ terminal }: Session, kind: string, name: string, options: NewOptions): Promise<void> {
  const of = templates[kind]!;
  const wanted = options.template ?? Object.keys(of)[0]!;
  if (!Object.hasOwn(of, wanted)) throw new CommandError(`There is no template "${wanted}" for a ${kind}.${didYouMean(wanted, Object.keys(of))} There are ${Object.keys(of).join(', ')}.`);
  if (!(kind === 'flow' || kind === 'test' ? flowName : plainName).test(name)) throw new CommandError(`"${name}" cannot be the name of a ${kind}: use lower-case words joined by hyphens, such as import-orders.`);
  const root = workspaceOf(terminal, options);
  const written = await writeFiles(root, of[wanted]!.files(name));
  if (options.json) return writeJson(terminal, { files: written });
  for (const file of written) terminal.out(`${relative(terminal.folder, resolve(root, file))}\n`);
}

const plainName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** A flow may lie in folders. */
const flowName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/;
