import * as vscode from 'vscode';
import { refusalOf } from '../../server/debug/messages.ts';
import { openRemote, type Remote } from '../../server/debug/remote.ts';
import { askWrites } from './ask-writes.ts';
import type { Runners } from '../runner/runners.ts';

type Message = Parameters<Remote['send']>[0];

/** The debug adapter inside VS Code: it hands messages to the runner, where the session lives, and back. */
export function registerAdapter(runners: Runners): vscode.Disposable {
  return vscode.debug.registerDebugAdapterDescriptorFactory('patchbay', {
    createDebugAdapterDescriptor: ({ configuration }) => new vscode.DebugAdapterInlineImplementation(pipe(async () => {
      const { url, token, __root: root } = configuration as { readonly url?: string; readonly token?: string; readonly __root?: string };
      if (url !== undefined) return { url, token: token ?? '' };
      const runner = root === undefined ? runners.all()[0] : runners.of(vscode.Uri.joinPath(vscode.Uri.parse(root), 'patchbay.json'));
      if (!runner) throw new Error('No folder with a patchbay.json is open.');
      return runner.address();
    })),
  });
}

function pipe(address: () => Promise<{ readonly url: string; readonly token: string }>): vscode.DebugAdapter {
  const sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  let opened: Promise<Remote> | undefined;
  let sending = Promise.resolve();
  let seq = 1_000_000;
  const open = (): Promise<Remote> => (opened ??= address().then((to) => openRemote(to, (message) => asking.answered(message))));
  const send = (message: Message): void => {
    sending = sending.then(async () => (await open()).send(message)).catch((error: unknown) => fail(message, error));
  };
  const asking = askWrites({ send, show: (message) => sent.fire(message as vscode.DebugProtocolMessage), isMeant: isSentAgain });
  const fail = (message: Message, error: unknown): void => {
    const request = message as Parameters<typeof refusalOf>[0] & Message;
    if (request.type === 'request') sent.fire({ ...refusalOf(request, error), seq: seq++ } as vscode.DebugProtocolMessage);
  };
  return {
    onDidSendMessage: sent.event,
    // One after the other: the runner takes each as a request of its own.
    handleMessage(given) {
      const message = given as unknown as Message;
      asking.asked(message);
      send(message);
    },
    dispose() {
      void opened?.then((remote) => remote.close()).catch(() => undefined);
      sent.dispose();
    },
  };
}

async function isSentAgain(message: string): Promise<boolean> {
  const again = 'Send Again';
  return (await vscode.window.showWarningMessage(message, { modal: true, detail: 'It has another payload, or its answer is not known: the other system may do it twice.' }, again)) === again;
}
