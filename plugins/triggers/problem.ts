import type { HttpResponse } from '../sdk/index.ts';

export const problem = (status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: detail, status, code, detail },
});
