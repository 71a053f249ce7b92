import * as vscode from 'vscode';
import type { Imported } from '../../server/model/import-plan.ts';
import { counted } from '../../server/model/words.ts';
import { choicesOf, chosenAfter, chosenPart, tickedOf, type Choice } from './endpoint-choice.ts';

/** Lets the user choose what of a description is taken, by tag or endpoint; nothing is asked where it holds one. `undefined`: cancelled. */
export async function chooseEndpoints(imported: Imported): Promise<Imported | undefined> {
  let chosen: ReadonlySet<string> = new Set(Object.keys(imported.manifest.endpoints));
  if (chosen.size < 2) return chosenPart(imported, chosen);
  for (;;) {
    const picked = await pick(choicesOf(imported), chosen);
    if (!picked) return undefined;
    chosen = picked;
    try {
      return chosenPart(imported, chosen);
    } catch (error) {
      const again = 'Choose Endpoints';
      if ((await vscode.window.showErrorMessage((error as Error).message, again)) !== again) return undefined;
    }
  }
}

type Row = vscode.QuickPickItem & { readonly choice?: Choice };

function pick(choices: readonly Choice[], first: ReadonlySet<string>): Promise<ReadonlySet<string> | undefined> {
  const quick = vscode.window.createQuickPick<Row>();
  const rows = choices.map((choice): Row & { readonly choice: Choice } => ({ label: choice.label, description: choice.description, ...(choice.detail !== undefined && { detail: choice.detail }), choice }));
  const heading = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const [tags, endpoints] = [rows.filter(({ choice }) => choice.isTag), rows.filter(({ choice }) => !choice.isTag)];
  let chosen = first;
  const show = (): void => {
    const ticked = new Set(tickedOf(choices, chosen));
    quick.title = `Import: ${chosen.size} of ${counted(endpoints.length, 'endpoint')}`;
    if (ticked.size !== quick.selectedItems.length || quick.selectedItems.some(({ choice }) => !choice || !ticked.has(choice))) quick.selectedItems = rows.filter(({ choice }) => ticked.has(choice));
  };
  Object.assign(quick, { canSelectMany: true, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true, keepScrollPosition: true, placeholder: 'What is wanted of it? Type a part of a name, a path or a tag' });
  quick.items = tags.length > 0 ? [heading('Tags'), ...tags, heading('Endpoints'), ...endpoints] : endpoints;
  show();
  const { promise, resolve } = Promise.withResolvers<ReadonlySet<string> | undefined>();
  quick.onDidChangeSelection((ticked) => {
    chosen = chosenAfter(choices, chosen, ticked.flatMap(({ choice }) => choice ?? []));
    show();
  });
  quick.onDidAccept(() => {
    if (chosen.size > 0) resolve(chosen);
  });
  quick.onDidHide(() => resolve(undefined));
  quick.show();
  return promise.finally(() => quick.dispose());
}
