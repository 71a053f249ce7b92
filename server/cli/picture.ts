import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import { readFile as read } from '../model/read.ts';
import { markdownOf } from '../model/picture/markdown.ts';
import { buildScene } from '../model/picture/scene.ts';
import { svgOf } from '../model/picture/svg.ts';
import { fileKinds } from '../model/workspace.ts';
import type { Define, Session } from './program.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly format: 'svg' | 'markdown'; readonly output?: string }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay picture import-orders --output import-orders.svg\n  patchbay picture import-orders --format markdown > import-orders.md\n')
    .argument('<flow>', 'id or file of the flow')
    .addOption(new Option('--format <format>', 'what to make of it').choices(['svg', 'markdown']).default('svg'))
    .option('--output <file>', 'where to write it; default stdout')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, options: Options) => draw(session, flow, options));
};
export default define;

async function draw(session: Session, given: string, options: Options): Promise<void> {
  const { terminal } = session;
  const { root, flow: id } = flowOf(terminal, given, options);
  const file = `${fileKinds.flow.folder}/${id}${fileKinds.flow.ending}`;
  const { value, diagnostics } = read('flow', file, await readFile(join(root, file), 'utf8'));
  const [fault] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!value) throw new FlowError('CONFIG_INVALID', fault?.message ?? `${file} is no flow.`, { place: { file, pointer: fault?.path ?? '' }, ...(fault && { remedy: fault.fix }) });
  const plugins = await withRunner(session, { root }, async (runner) => runner.catalog());
  const scene = buildScene(value, { plugins });
  const text = options.format === 'svg' ? svgOf(scene, { title: value.title ?? id }) : markdownOf(value, scene, id);
  if (options.output === undefined) terminal.out(text);
  else await writeFile(resolve(terminal.folder, options.output), text);
}
