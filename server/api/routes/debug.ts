import type { Runner } from '../../runner/contract.ts';
import { createDebugSessions, type DebugSessions } from '../debug-sessions.ts';
import { apiHeaders } from '../problem.ts';
import { invalid, notFound, readJson, type Call, type Route } from '../route.ts';

/** Debug sessions: the messages of the debug adapter protocol, both ways. Whoever opens one listens to it; when nobody listens any more, it ends. */
export const debugRoutes: readonly Route[] = [
  {
    method: 'post', path: '/debug', summary: 'Opens a debug session', answer: { summary: 'Its id', schema: 'DebugSession' },
    handle: ({ runner }) => ({ session: sessionsOf(runner).open() }),
  },
  {
    method: 'post', path: '/debug/{session}', summary: 'Says something to a debug session',
    body: { summary: 'A message of the debug adapter protocol', schema: { type: 'object', properties: { seq: { type: 'integer' }, type: { enum: ['request', 'response', 'event'] } }, required: ['seq', 'type'] } },
    answer: { summary: 'It was taken; what is answered comes with the messages', schema: 'DebugSession' },
    async handle(call) {
      const message = await readJson(call);
      sessionOf(call).take(message);
      return { session: call.path.session };
    },
  },
  {
    method: 'get', path: '/debug/{session}/messages', summary: 'What a debug session says, as server-sent events; once',
    answer: { summary: 'Each event holds a message of the debug adapter protocol', mediaType: 'text/event-stream' },
    handle(call) {
      const { response, closing } = call;
      const session = sessionOf(call);
      if (session.isTaken) throw invalid('Somebody listens to this session already.');
      response.writeHead(200, { ...apiHeaders, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      response.flushHeaders();
      const heartbeat = setInterval(() => void response.write(': still here\n\n'), heartbeatMs).unref();
      const end = (): void => {
        clearInterval(heartbeat);
        closing.removeEventListener('abort', end);
        response.end();
        void session.close();
      };
      response.once('close', end);
      closing.addEventListener('abort', end, { once: true });
      session.listen({
        get unread() {
          return response.writableLength;
        },
        say: (message) => void response.write(`data: ${JSON.stringify(message)}\n\n`),
        cut: () => void response.destroy(),
      }, end);
    },
  },
  {
    method: 'delete', path: '/debug/{session}', summary: 'Ends a debug session; a run that it has launched is stopped', answer: { summary: 'It has ended', schema: 'DebugSession' },
    async handle(call) {
      await sessionOf(call).close();
      return { session: call.path.session };
    },
  },
];

const heartbeatMs = 15_000;

const all = new WeakMap<Runner, DebugSessions>();

function sessionsOf(runner: Runner): DebugSessions {
  const known = all.get(runner) ?? createDebugSessions(runner);
  all.set(runner, known);
  return known;
}

function sessionOf({ runner, path }: Call) {
  const session = sessionsOf(runner).get(path.session!);
  if (!session) throw notFound(`There is no debug session ${JSON.stringify(path.session)}; it may have ended.`);
  return session;
}
