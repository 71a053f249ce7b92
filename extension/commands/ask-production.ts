import * as vscode from 'vscode';
import { confirmProduction, type Confirmation } from '../../webview/protocol/confirm-production.ts';

const word = 'production';

/** Starts something; where that would run against production, the user types that it is meant. `undefined`: the user does not want it. */
export const askProduction = <T>(start: (confirm?: Confirmation) => Promise<T>): Promise<T | undefined> => confirmProduction(isMeant, start);

/** Lets the user type that production is meant. `action`: what is done to its data, where nothing is run. */
export async function isMeant(message: string, action?: string): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: action === undefined ? 'Run Against Production' : `${action} Data of Production`, prompt: action === undefined ? `${message} Real data is changed. Type "${word}" to run it.` : `${message} Type "${word}" to go on.`, placeHolder: word, ignoreFocusOut: true,
    validateInput: (text) => (text === '' || text === word ? undefined : `Type "${word}", or leave with Escape.`),
  });
  return typed === word;
}
