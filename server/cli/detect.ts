import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJson } from '../../plugins/sdk/index.ts';
import { detect } from '../imports/detect.ts';
import type { Sample } from '../imports/samples.ts';
import { isObject } from '../model/json.ts';
import { CommandError } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { readInput } from './read-json.ts';
import { writeDetection } from './report-trial.ts';
import { writeJson, type Terminal } from './terminal.ts';

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay detect page-1.json page-2.json
  patchbay try shop orders.list --json | patchbay detect -
  curl -s https://api.example.com/orders | patchbay detect -
`)
    .argument('<file...>', 'bodies of answers in their order, or what `patchbay try --json` has printed; - reads stdin')
    .option('--json', 'print it as JSON')
    .action((files: readonly string[], options: { readonly json?: boolean }) => run(session, files, options));
};
export default define;

async function run({ terminal }: Session, files: readonly string[], { json = false }: { readonly json?: boolean }): Promise<void> {
  const samples: Sample[] = [];
  for (const file of files) samples.push(...samplesIn(await textOf(terminal, file)));
  const detected = detect(samples);
  if (json) writeJson(terminal, detected);
  else writeDetection(terminal, detected);
}

async function textOf(terminal: Terminal, file: string): Promise<string> {
  if (file === '-') return readInput(terminal);
  return readFile(resolve(terminal.folder, file), 'utf8').catch(() => { throw new CommandError(`There is no file ${file}.`); });
}

/** What tries have printed holds requests too, which tell more; all else is the body of one answer. */
function samplesIn(text: string): readonly Sample[] {
  const value = parsed(text.replace(/^\u{FEFF}/u, ''));
  const isTrial = isObject(value) && Array.isArray(value['pages']) && value['pages'].every((page) => isObject(page) && isObject(page['request']));
  return isTrial ? (value['pages'] as readonly Sample[]) : [{ response: { body: value } }];
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
