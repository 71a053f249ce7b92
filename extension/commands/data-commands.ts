import * as vscode from 'vscode';
import type { Environment } from '../../server/model/environment.ts';
import { showGivenText } from '../editors/text-diff.ts';
import type { Services } from '../services.ts';
import type { DataItem, DataTree } from '../views/data-tree.ts';
import { isMeant } from './ask-production.ts';

/** The commands about what runs keep. */
export function dataCommands(services: Services, tree: DataTree): Readonly<Record<string, (given?: unknown) => Promise<void>>> {
  const on = (work: (item: DataItem) => Promise<void>) => async (given?: unknown): Promise<void> => { if (isData(given)) await work(given); };
  /** Says whether it is meant: with a click, where runs go to production by typing it. */
  const confirmed = async (item: DataItem, question: string, detail: string, action: string): Promise<boolean> => {
    const production = await productionOf(services, item);
    if (production !== undefined) return isMeant(`${question} Runs go to ${production}. ${detail}`, '');
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
  };
  /** A row that is clicked keeps the focus, so that the keys of the tree go on. */
  const inTree = { preserveFocus: true };
  return {
    'patchbay.openData': on(async (item) => {
      if (item.kind === 'cursor') await showGivenText(`${item.label.replaceAll('/', ' ')}.json`, `${JSON.stringify(item.row, undefined, 2)}\n`, inTree);
      if (item.kind !== 'cache-key') return;
      const { items: [document] } = await tree.clientOf(item.runner).cachedDocument(item.cache, item.row.key, 0);
      if (!document) throw new Error(`There is nothing under "${item.row.key}" any more.`);
      const { body, kind } = document;
      const isText = typeof body === 'string' && kind !== 'json';
      await showGivenText(`${item.row.key.replaceAll(/[\\/]/g, ' ')}.${isText ? 'txt' : 'json'}`, body === undefined ? 'It is longer than 64 KB: patchbay caches get shows all of it.\n' : isText ? body : `${JSON.stringify(body, undefined, 2)}\n`, inTree);
    }),
    'patchbay.copyData': on(async ({ label }) => vscode.env.clipboard.writeText(label)),
    'patchbay.searchData': on(async (item) => {
      const text = await vscode.window.showInputBox({ ignoreFocusOut: true, title: `Search in ${item.label}`, prompt: item.kind === 'data-group' ? 'The name.' : 'What it begins with; nothing shows all.', value: tree.beginningOf(item) });
      if (text === undefined) return;
      tree.search(item, text);
      tree.whenRead(() => void tree.view.reveal(item, { expand: true, focus: true }).then(undefined, () => undefined));
    }),
    'patchbay.deleteData': on(async (item) => {
      const client = tree.clientOf(item.runner);
      if (item.kind === 'cache-key' && (await confirmed(item, `Delete "${item.label}" from the cache ${item.cache.name}?`, 'Flows will find nothing under it, until one puts something there again.', 'Delete'))) await client.deleteKey(item.cache, item.row.key);
      else if (item.kind === 'pool-value' && (await confirmed(item, `Remove "${item.label}" from the pool ${item.pool}?`, 'What has this value counts as new when it comes again.', 'Remove'))) await client.removeFromPool(item.pool, item.row.entity, [item.row.value]);
      else if (item.kind === 'cursor' && (await confirmed(item, `Reset the cursor of ${item.label}?`, `The next run reads ${item.row.endpoint} from the beginning.`, 'Reset'))) await client.resetCursor(item.row);
      tree.refresh();
    }),
    'patchbay.clearData': on(async (item) => {
      const client = tree.clientOf(item.runner);
      if (item.kind === 'cache' && (await confirmed(item, `Clear the cache ${item.label}?`, `${item.count} ${item.count === 1 ? 'key is' : 'keys are'} deleted.`, 'Clear'))) await client.clearCache(item.cache);
      else if (item.kind === 'pool' && (await confirmed(item, `Clear the pool ${item.label}?`, `${item.count} ${item.count === 1 ? 'value is' : 'values are'} forgotten: all of it counts as new when it comes again.`, 'Clear'))) await client.clearPool(item.pool);
      tree.refresh();
    }),
    'patchbay.exportPool': on(async (item) => {
      if (item.kind !== 'pool') return;
      const file = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(item.runner.root, `${item.pool}.csv`), filters: { CSV: ['csv'] } });
      if (file) await vscode.workspace.fs.writeFile(file, new Uint8Array(await (await tree.clientOf(item.runner).exportPool(item.pool)).arrayBuffer()));
    }),
  };
}

/** The name of a production environment whose data these are: of a cursor its own, else that of the runs that are started now. */
async function productionOf({ projects, environments }: Services, item: DataItem): Promise<string | undefined> {
  const project = await projects.of(item.runner.root);
  const name = (item.kind === 'cursor' && item.row.environment) || (environments.chosen(item.runner.root) ?? project.environment);
  return name && project.values<Environment>('environment')[name]?.production === true ? name : undefined;
}

const isData = (given: unknown): given is DataItem => typeof given === 'object' && given !== null && 'runner' in given && 'kind' in given;
