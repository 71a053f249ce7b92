import type { ExpressionRequest } from '../../runner/expressions.ts';
import { invalid, readFields as read, type Call, type Route } from '../route.ts';

const place = {
  summary: 'A place in the text of the flow',
  schema: {
    type: 'object', required: ['offset'], additionalProperties: false,
    properties: { offset: { type: 'integer', minimum: 0, description: 'Characters before it (UTF-16).' }, text: { type: 'string', description: 'What an editor has made of the flow, complete or not; default its file.' } },
  },
} as const;

const request = async (call: Call): Promise<ExpressionRequest> => {
  const given = await read<Partial<ExpressionRequest>>(call, { offset: (value) => Number.isSafeInteger(value) && (value as number) >= 0, text: (value) => typeof value === 'string' });
  if (given.offset === undefined) throw invalid('"offset" is missing.');
  return { ...given, offset: given.offset, flow: call.path.flow! };
};

/** What may be written in the expressions of a flow, and what stands there. */
export const expressionRoutes: readonly Route[] = [
  {
    method: 'post', path: '/flows/{flow}/completions', summary: 'Says what may be written in an expression or a path at a place of a flow', body: place, answer: { summary: 'Candidates, the likeliest first', schema: 'Completions' },
    handle: async (call) => ({ candidates: await call.runner.expressions.complete(await request(call)) }),
  },
  {
    method: 'post', path: '/flows/{flow}/hover', summary: 'Says of an expression or a path at a place of a flow what it is, and what it was last', body: place, answer: { summary: 'What is known of it', schema: 'HoverAnswer' },
    handle: async (call) => {
      const hover = await call.runner.expressions.hover(await request(call));
      return hover ? { hover } : {};
    },
  },
  {
    method: 'get', path: '/flows/{flow}/steps/{step}/payload', summary: 'The last payload that went into a step, masked as it was recorded', query: { port: { type: 'text', summary: 'The last one that left the step by this port, in place of the one that went into it.' } }, answer: { summary: 'The payload, where there is one that can be shown', schema: 'LastPayloadAnswer' },
    handle: async ({ runner, path, query }) => {
      const payload = await runner.expressions.lastPayload(path.flow!, path.step!, query['port'] as string | undefined);
      return payload ? { payload } : {};
    },
  },
];
