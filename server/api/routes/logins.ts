import type { LoginOf } from '../../runner/logins.ts';
import { invalid, readJson, type Route } from '../route.ts';

/** Logging in to other systems with a browser. */
export const loginRoutes: readonly Route[] = [
  {
    method: 'post', path: '/instances/{instance}/login', summary: 'Begins a login with a browser for an instance',
    body: {
      summary: 'Where the browser is led when it is over, the environment of the instance, and the auth method, where an endpoint has one of its own',
      schema: { type: 'object', properties: { redirectUri: { type: 'string', format: 'uri' }, environment: { type: 'string' }, method: { type: 'string' } }, required: ['redirectUri'], additionalProperties: false },
    },
    answer: { summary: 'The address to open, and the `state` that comes back', schema: 'LoginStarted' }, also: { 422: 'The instance needs no login, or its files have an error.' },
    handle: async (call) => {
      const { redirectUri, environment, method } = await readJson(call);
      if (typeof redirectUri !== 'string' || !isOptionalText(environment) || !isOptionalText(method)) throw invalid('The request is {"redirectUri": text, "environment": text, "method": text}.');
      return call.runner.logins.start(call.path.instance!, { redirectUri, environment, method });
    },
  },
  {
    method: 'get', path: '/logins', summary: 'Instances that need a login, and whether somebody has logged in',
    query: { environment: { summary: 'Environment of the instances; default the usual one.' } },
    answer: { summary: 'The instances', schema: 'Logins' },
    handle: ({ runner, query }) => runner.logins.list(query['environment'] as string | undefined),
  },
  {
    method: 'delete', path: '/instances/{instance}/login', summary: 'Forgets the login of an instance; the other system is not told',
    query: { environment: { summary: 'Environment of the instance; default the usual one.' }, method: { summary: 'Auth method, where an endpoint has one of its own.' } },
    answer: { summary: 'Whether somebody was logged in', schema: 'LoginEnded' }, also: { 422: 'The instance needs no login, or its files have an error.' },
    handle: async ({ runner, path, query }) => ({ instance: path.instance, isEnded: await runner.logins.end(path.instance!, query as LoginOf) }),
  },
  {
    method: 'post', path: '/logins', summary: 'Ends a login with the parameters that came back to the redirect address',
    body: { summary: 'The parameters, `state` among them', schema: { type: 'object', properties: { state: { type: 'string' } }, required: ['state'], additionalProperties: { type: 'string' } } },
    answer: { summary: 'The instance that is logged in', schema: 'LoginFinished' },
    handle: async (call) => {
      const answer = await readJson(call);
      if (Object.values(answer).some((value) => typeof value !== 'string')) throw invalid('The parameters of the redirect address are texts.');
      return call.runner.logins.finish(answer as Readonly<Record<string, string>>);
    },
  },
];

const isOptionalText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';
