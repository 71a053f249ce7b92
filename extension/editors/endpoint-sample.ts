import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile, EndpointManifest } from '../../server/model/connector.ts';
import { flowGraph } from '../../server/model/flow-graph.ts';
import type { Flow, Step } from '../../server/model/flow.ts';
import { isObject } from '../../server/model/json.ts';
import { compilePath } from '../../server/model/path.ts';
import { payloadNeed } from '../../server/model/payload-need.ts';
import { isProtocol } from '../../server/model/protocol.ts';
import type { Trial } from '../../server/model/trial.ts';

type Params = Readonly<Record<string, unknown>>;

/** An endpoint whose records may be a sample of what a mapping reads. */
export interface Source {
  readonly instance: string;
  readonly endpoint: string;
  readonly manifest: EndpointManifest;
  /** What a step before gives; expressions are left out, as their values are known in a run only. */
  readonly params: Params;
  /** A step from which records come to the mapping calls it. */
  readonly isBefore: boolean;
}

interface World {
  readonly connectors: Readonly<Record<string, ConnectorFile | undefined>>;
  readonly instances: Readonly<Record<string, { readonly connector: string } | undefined>>;
}

/** All endpoints that receive and need no payload: those that come before the mapping first, the nearest on top; then those that only read. */
export function sourcesOf({ connectors, instances }: World, calls: readonly Pick<Source, 'instance' | 'endpoint' | 'params'>[]): readonly Source[] {
  const place = (source: Source): number => calls.findIndex(({ instance, endpoint }) => instance === source.instance && endpoint === source.endpoint);
  const all = Object.entries(instances).flatMap(([instance, file]) => {
    const connector = file && connectors[file.connector];
    if (!connector || isProtocol(connector)) return [];
    return Object.entries(connector.endpoints).flatMap(([endpoint, manifest]): Source[] => (manifest.direction === 'receive' && payloadNeed(manifest) !== 'needed' ? [{ instance, endpoint, manifest, params: {}, isBefore: false }] : []));
  }).map((source): Source => (place(source) < 0 ? source : { ...source, params: calls[place(source)]!.params, isBefore: true }));
  const rank = (source: Source): number => (source.isBefore ? place(source) : isReading(source.manifest) ? 1e6 : 1e7);
  return all.toSorted((one, other) => rank(one) - rank(other));
}

export const isReading = ({ method }: Pick<EndpointManifest, 'method'>): boolean => method === 'GET' || method === 'HEAD';

/** What the steps before a step call, the nearest first. */
export function callsBefore(flow: Pick<Flow, 'start' | 'steps'>, step: string, catalog: Catalog): readonly Pick<Source, 'instance' | 'endpoint' | 'params'>[] {
  const { edges } = flowGraph(flow, catalog);
  const before = new Set([step]);
  for (const id of before) for (const { from, to } of edges) if (to === id) before.add(from);
  return [...before].flatMap((id) => callOf(flow.steps[id]));
}

function callOf(step: Step | undefined): readonly Pick<Source, 'instance' | 'endpoint' | 'params'>[] {
  const { instance, endpoint, params } = isObject(step?.settings) ? step.settings : {};
  if (step?.shape !== 'connector' || typeof instance !== 'string' || typeof endpoint !== 'string') return [];
  const given = Object.entries(isObject(params) ? params : {}).filter(([, value]) => !JSON.stringify(value).includes('{{'));
  return [{ instance, endpoint, params: Object.fromEntries(given) }];
}

/** Parameters without which it cannot be called. */
export const wanted = ({ manifest: { params = {} }, params: given }: Source): readonly string[] => Object.entries(params).flatMap(([name, param]) => (param.required === true && !('default' in param) && !(name in given) ? [name] : []));

/** The records of the first page, as a step would give them. Fails where no answer came, and where it has none. */
export function recordsOf({ pages: [page], error }: Pick<Trial, 'pages' | 'error'>, { manifest: { records = '$' }, endpoint }: Pick<Source, 'manifest' | 'endpoint'>): readonly unknown[] {
  const body = page?.response?.body;
  if (body === undefined) throw new Error(error ? [error.message, error.remedy].filter(Boolean).join(' ') : `The endpoint ${endpoint} gave no body that can be shown.`);
  const found = [records].flat().flatMap((path) => compilePath(path).all(body)).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  if (found.length === 0) throw new Error(error?.message ?? `The answer of ${endpoint} has no records at ${[records].flat().join(' or ')}. Correct the path in the connector, or call another endpoint.`);
  return found;
}
