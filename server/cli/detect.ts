import { parseJson } from '../../plugins/sdk/index.ts';
import { detect } from '../imports/detect.ts';
import type { Sample } from '../imports/samples.ts';
import { isObject } from '../model/json.ts';
import type { Define, Session } from './program.ts';
import { readText } from './read-json.ts';
import { writeDetection } from './report-trial.ts';
import { writeJson } from './terminal.ts';

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
  for (const file of files) samples.push(...samplesIn(await readText(terminal, file)));
  const detected = detect(samples);
  if (json) writeJson(terminal, detected);
  else writeDetection(terminal, detected);
}

/** What tries have printed holds requests too, which tell more; all else is the body of one answer. */
function samplesIn(text: string): readonly Sample[] {
  const value = parsed(text);
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
