import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Waits on this machine for the browser that comes back from a login (RFC 8252, 7.3). */
export interface LoginCallback<T = unknown> {
  readonly redirectUri: string;
  /** What `finish` gave, when the login is over; fails as `finish` does, or with what `fail` was given. */
  readonly done: Promise<T>;
  /** The `state` of the login that is waited for: whoever comes with another must not end it. */
  expect(state: string): void;
  fail(error: Error): void;
  close(): void;
}

export interface LoginCallbackOptions<T> {
  /** Of this machine; 0 for any that is free. */
  readonly port: number;
  readonly finish: (answer: Record<string, string>) => Promise<T>;
  /** Where more is said about a failure, as the page in the browser names it: `The terminal says more.` */
  readonly more: string;
}

/** Fails with the error of Node where the port cannot be listened to. */
export async function listenForLogin<T>({ port, finish, more }: LoginCallbackOptions<T>): Promise<LoginCallback<T>> {
  const { promise: done, resolve, reject } = Promise.withResolvers<T>();
  done.catch(() => undefined);
  let expected: string | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || url.pathname !== '/callback') return page(response, 404, 'There is nothing here.');
    if (expected === undefined || url.searchParams.get('state') !== expected) return page(response, 400, 'This is not the login that is waited for. Begin it again, and stay in the same browser.');
    // It counts once; a browser may ask twice.
    expected = undefined;
    finish(Object.fromEntries(url.searchParams)).then(
      (result) => page(response, 200, 'You are logged in. This window can be closed.', () => resolve(result)),
      (error: Error) => page(response, 400, `The login has failed. ${more}`, () => reject(error)),
    );
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));
  return {
    done, fail: reject, redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    expect(state) {
      expected = state;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function page(response: ServerResponse, status: number, text: string, sent: () => void = () => undefined): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'", 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', connection: 'close' };
  response.writeHead(status, headers).end(`<!doctype html><meta charset="utf-8"><title>Patchbay</title><p>${text}</p>`, sent);
}
