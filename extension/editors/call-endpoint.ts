import * as vscode from 'vscode';
import type { Trial } from '../../server/model/trial.ts';
import type { TrialConfirmation, TrialOrder } from '../../webview/protocol/connector.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';
import { writeQuestion } from '../../webview/protocol/production-question.ts';
import { isMeant } from '../commands/ask-production.ts';
import { isReading, recordsOf, wanted, type Source } from './endpoint-sample.ts';
import { refusalOf } from './settings-host.ts';

/** Lets the user choose an endpoint, calls it once, and gives the records of its first page. `save`: what its instance is about to use. `undefined`: the user does not want it. */
export async function callEndpoint(client: Pick<RunnerClient, 'tryOut'>, save: (instance: string) => Promise<void>, sources: readonly Source[], environment: string | undefined): Promise<{ readonly name: string; readonly records: readonly unknown[] } | undefined> {
  if (sources.length === 0) throw new Error('There is no instance with an endpoint that receives and needs no payload. Make an instance of a connector that has one.');
  const source = await pick(sources);
  if (!source) return undefined;
  const params = await paramsOf(source);
  if (!params) return undefined;
  const { instance, endpoint, manifest } = source;
  if (!isReading(manifest) && !(await isWanted(`${endpoint} is called by ${manifest.method}, and may change something.`))) return undefined;
  await save(instance);
  const trial = await tryOut(client, { instance, endpoint, params, pages: 1, ...(environment !== undefined && { environment }) });
  return trial && { name: `${instance} · ${endpoint}`, records: recordsOf(trial, source) };
}

async function pick(sources: readonly Source[]): Promise<Source | undefined> {
  const items = sources.map((source) => ({ label: source.manifest.title ?? source.endpoint, description: `${source.instance} · ${source.manifest.method} ${source.manifest.path}`, ...(source.isBefore && { detail: 'The records of this mapping come from here.' }), source }));
  return (await vscode.window.showQuickPick(items, { title: 'Call Endpoint Once', placeHolder: 'Its first records become the sample', matchOnDescription: true }))?.source;
}

async function paramsOf(source: Source): Promise<Readonly<Record<string, unknown>> | undefined> {
  const params: Record<string, unknown> = { ...source.params };
  for (const name of wanted(source)) {
    const { description, type } = source.manifest.params![name] as { readonly description?: string; readonly type?: unknown };
    const value = await vscode.window.showInputBox({ title: `Call ${source.endpoint}`, prompt: `${name}: ${description ?? 'the endpoint needs it.'}`, ignoreFocusOut: true, validateInput: (text) => (text.trim() === '' ? `Enter a value for ${name}.` : undefined) });
    if (value === undefined) return undefined;
    params[name] = type === 'integer' || type === 'number' ? Number(value) : type === 'boolean' ? value === 'true' : value;
  }
  return params;
}

/** What the runner refuses without a word of the user is asked, and tried again. */
async function tryOut(client: Pick<RunnerClient, 'tryOut'>, order: TrialOrder, confirm: readonly TrialConfirmation[] = []): Promise<Trial | undefined> {
  const stopped = new AbortController();
  try {
    return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Calling ${order.endpoint}`, cancellable: true }, (_progress, cancel) => {
      cancel.onCancellationRequested(() => stopped.abort());
      return client.tryOut({ ...order, ...(confirm.length > 0 && { confirm }) }, stopped.signal);
    });
  } catch (error) {
    if (stopped.signal.aborted) return undefined;
    const answer = refusalOf(error, stopped.signal, confirm);
    if (answer.kind !== 'ask') throw error;
    const isAgreed = answer.confirm === 'production' ? await isMeant(answer.message, 'A real system is asked.') : await isWanted(answer.message);
    return isAgreed ? tryOut(client, order, [...confirm, answer.confirm]) : undefined;
  }
}

async function isWanted(message: string): Promise<boolean> {
  const { title, text, action } = writeQuestion(message, 'Its answer becomes the sample of the mapping.');
  return (await vscode.window.showWarningMessage(title, { modal: true, detail: text }, action)) === action;
}
