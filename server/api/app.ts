import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { answerPage } from './page.ts';
import { apiHeaders, problemOf, sendProblem } from './problem.ts';
import { notFound, readQuery, type Limits, type Route } from './route.ts';
import { routes } from './routes.ts';

export interface AppOptions {
  readonly runner: Runner;
  readonly metrics: Metrics;
  readonly webRoot: string;
  readonly limits: Limits;
  readonly closing: AbortSignal;
  readonly log: (error: unknown) => void;
}

/** The API and the operators' page. The guard has already looked at each request. */
export function appOf(options: AppOptions): Express {
  const { metrics, webRoot, log } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing').set('query parser', false);
  const paths = Map.groupBy(routes, ({ path }) => path);
  for (const [path, of] of paths) {
    const address = app.route(`/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    for (const route of of) address[route.method](handlerOf(route, options));
    address.all(refuseMethod([...of.map(({ method }) => method), ...(of.some(({ method }) => method === 'get') ? ['head'] : [])]));
  }
  app.route('/api/openapi.json').get((_, response) => void response.set(apiHeaders).json(openApi())).all(refuseMethod(['get', 'head']));
  app.route('/metrics').get((_, response) => void response.set(apiHeaders).type('text/plain; version=0.0.4').send(metrics.text())).all(refuseMethod(['get', 'head']));
  app.use('/api', () => { throw notFound('There is nothing at this address.'); });
  app.get('/{*path}', async (request, response) => answerPage(response, request.path, webRoot));
  app.use(() => { throw notFound('There is nothing at this address.'); });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => answerError(error, request, response, log));
  return app;
}

function handlerOf({ query: table = {}, handle }: Route, { runner, limits, closing }: AppOptions): RequestHandler {
  return async (request, response) => {
    const search = request.url.includes('?') ? new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1)) : new URLSearchParams();
    const call = { runner, request, response, path: request.params as Record<string, string>, query: readQuery(table, search), limits, closing };
    const answer = await handle(call);
    if (answer === undefined || response.headersSent) return;
    response.set(apiHeaders).json(answer);
  };
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  const allow = methods.map((method) => method.toUpperCase()).join(', ');
  return (_, response) => sendProblem(response, problemOf(new FlowError('API_INVALID', `This address takes ${allow}.`), 405), { allow });
}

/** Express itself fails with a status, such as 400 for an address that cannot be decoded. */
function answerError(error: unknown, request: Request, response: Response, log: (error: unknown) => void): void {
  const status = FlowError.is(error) ? undefined : (error as { status?: unknown } | null)?.status;
  const isRequest = typeof status === 'number' && status >= 400 && status < 500;
  if (!FlowError.is(error) && !isRequest) log(error);
  sendProblem(response, isRequest ? problemOf(new FlowError('API_INVALID', 'The request cannot be read.'), status) : problemOf(error), request.complete ? {} : { connection: 'close' });
}
