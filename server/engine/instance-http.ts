import { FlowError, type HttpRequest, type HttpResponse, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { openDecoder } from './answer-decoder.ts';
import { openConnection } from './connection.ts';
import { openRules } from './endpoint-rules.ts';
import { converterOf, findInstance, openInstance } from './manifest.ts';
import type { RunScope } from './run-scope.ts';

/** An instance as a script asks it: signed, limited, tried again and judged as its connector says for all its endpoints. */
export interface InstanceHttp {
  /** Where addresses below it begin. */
  readonly base: URL;
  send(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Promise<HttpResponse>;
}

const opened = new WeakMap<RunScope, Map<string, Promise<InstanceHttp>>>();

/** Opened once per run. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_INVALID`, `CONFIG_EXPRESSION`, `SECRET_MISSING`. */
export function instanceHttp(run: RunScope, step: string, id: string): Promise<InstanceHttp> {
  const all = opened.get(run) ?? new Map<string, Promise<InstanceHttp>>();
  opened.set(run, all);
  const known = all.get(id) ?? open(run, step, id);
  all.set(id, known);
  return known;
}

async function open(run: RunScope, step: string, id: string): Promise<InstanceHttp> {
  const { host, plan } = run;
  const found = await findInstance(host, id);
  const script = (file: string) => run.script(file);
  const { env, scope, base, connection } = await openInstance(host, found, plan.open, { script });
  const converter = converterOf(host);
  const endpoint: EndpointManifest = { title: 'A request of a script', direction: 'send', method: 'GET', path: '/' };
  const decode = await openDecoder({ endpoint, shared: {}, name: '', converter, maxBytes: host.workspace.limits.responseBytes });
  const rules = await openRules({ manifest: found.manifest, endpoint, name: '', owner: `${id} ${base.origin}`, env, scope, now: () => host.clock.now(), script, decode, xml: () => converter('xml'), step, at: (_owner, _pointer, compile) => compile() });
  const link = openConnection(host, connection);
  return {
    base,
    async send(request, context, signal) {
      // The credentials of an instance are for its own address.
      if (new URL(request.url).origin !== base.origin) throw new FlowError('REMOTE_ORIGIN', `A request by the instance "${id}" must stay at ${base.origin}; the script asked for ${new URL(request.url).origin}.`, { details: { instance: id } });
      const prepared = await rules.prepare(request, context, signal);
      const { response } = await link.send(prepared, { ...rules.callOf(prepared, context, signal), context, signal, endpoint: 'context.http' });
      return response;
    },
  };
}
