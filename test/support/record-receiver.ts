import connector from '../../plugins/shapes/connector.ts';
import { FlowError, type HttpRequest, type Plugin } from '../../plugins/sdk/index.ts';
import type { RawResponse } from '../../server/engine/host.ts';
import type { EndpointManifest } from '../../server/model/connector.ts';
import { connectorHost, json, text, type ConnectorHost } from './connector-host.ts';
import { testShapes } from './engine-host.ts';

/** What becomes of a request. `hangs`: no answer comes before it is ended. `late`: it is taken, but the answer comes when it has been ended already. */
export type Fate = 'taken' | 'refused' | 'down' | 'locked' | 'hangs' | 'late' | 'bug';

/** Another system that is sent records. */
export class RecordReceiver {
  /** What it took, in order. */
  readonly taken: { readonly key: string | undefined; readonly body: unknown }[] = [];
  /** Bodies of all requests. */
  readonly asked: unknown[] = [];
  readonly #fateOf: (body: unknown, asked: number) => Fate;

  /** `asked`: how often the same body came, from 1. */
  constructor(fateOf: (body: unknown, asked: number) => Fate) {
    this.#fateOf = fateOf;
  }

  /** A host whose instance `shop` has the endpoint `it` of this system. */
  host(endpoint: Partial<EndpointManifest> = {}, plugins: readonly Plugin[] = []): ConnectorHost {
    return connectorHost({
      endpoint: { direction: 'send', method: 'POST', per: 'record', idempotencyHeader: 'Key', retry: { attempts: 0 }, ...endpoint },
      plugins: [...testShapes, connector as unknown as Plugin, ...plugins],
      send: (request, signal) => this.#answer(request, signal),
    });
  }

  async #answer({ body: raw, headers }: HttpRequest, signal: AbortSignal): Promise<RawResponse> {
    const body: unknown = JSON.parse(String(raw));
    this.asked.push(body);
    const same = JSON.stringify(body);
    const fate = this.#fateOf(body, this.asked.filter((one) => JSON.stringify(one) === same).length);
    if (fate === 'refused') return json({ error: 'no' }, { status: 422 });
    if (fate === 'down') return text('', { status: 503 });
    if (fate === 'locked') return text('', { status: 401 });
    if (fate === 'bug') throw new TypeError('A bug.');
    if (fate === 'hangs' || fate === 'late') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    if (fate === 'hangs') throw signal.reason instanceof FlowError ? signal.reason : new FlowError('REMOTE_TIMEOUT', 'Too late.');
    this.taken.push({ key: headers['key'], body });
    return json({ took: body });
  }
}
