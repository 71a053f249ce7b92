import * as vscode from 'vscode';
import { confirmProduction, type Confirmation } from '../../webview/protocol/confirm-production.ts';
import { productionQuestion } from '../../webview/protocol/production-question.ts';

/** Starts something; where that would run against production, the user types that it is meant. `undefined`: the user does not want it. */
export const askProduction = <T>(start: (confirm?: Confirmation) => Promise<T>): Promise<T | undefined> => confirmProduction((message) => isMeant(message), start);

/** Lets the user type that production is meant. `effect`: see `productionQuestion`. */
export async function isMeant(message: string, effect?: string): Promise<boolean> {
  const { title, text, field: { label, mustBe: word } } = productionQuestion(message, effect);
  const typed = await vscode.window.showInputBox({ title, prompt: `${text} ${label}.`, placeHolder: word, ignoreFocusOut: true, validateInput: (given) => (given === '' || given === word ? undefined : `${label}, or leave with Escape.`) });
  return typed === word;
}
