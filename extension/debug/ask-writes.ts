import type { Remote } from '../../server/debug/remote.ts';

type Message = Parameters<Remote['send']>[0];

type Request = Message & { readonly command?: string; readonly arguments?: object };

type Response = Message & { readonly request_seq?: number; readonly success?: boolean; readonly message?: string; readonly body?: { readonly error?: { readonly variables?: Readonly<Record<string, string>> } } };

interface AskWritesOptions {
  /** To the session. */
  readonly send: (message: Message) => void;
  /** To the client. */
  readonly show: (message: Message) => void;
  readonly isMeant: (message: string) => Promise<boolean>;
}

/**
 * Between a client and its session: where a request is refused because it would send something again that would be done twice, the user is asked, and the request is
 * made once more. The client sees one answer.
 */
export function askWrites({ send, show, isMeant }: AskWritesOptions): { asked(message: Message): void; answered(message: Message): void } {
  const open = new Map<number, Request>();
  const ask = async (request: Request, refusal: Response): Promise<void> => {
    if (await isMeant(refusal.message ?? '')) send({ ...request, arguments: { ...request.arguments, confirm: ['write'] } } as Message);
    else show({ ...refusal, message: 'Nothing was sent again.', body: undefined } as Message);
  };
  return {
    asked(message) {
      const request = message as Request;
      if (message.type === 'request' && (request.command === 'restartFrame' || request.command === 'goto')) open.set(message.seq, request);
    },
    answered(message) {
      const response = message as Response;
      const request = message.type === 'response' ? open.get(response.request_seq ?? 0) : undefined;
      if (request) open.delete(request.seq);
      if (!request || !isUnconfirmed(response)) return show(message);
      void ask(request, response).catch(() => show(message));
    },
  };
}

function isUnconfirmed({ success, body }: Response): boolean {
  return success === false && body?.error?.variables?.['code'] === 'WRITE_UNCONFIRMED';
}
