import type { EndpointManifest } from './connector.ts';
import type { ProtocolEndpoint } from './protocol.ts';

/** `needed`: nothing can be asked without a payload. `taken`: it goes into what is asked, where there is one. */
export type PayloadNeed = 'needed' | 'taken' | 'none';

/** What an endpoint makes of the payload that it is called with. */
export function payloadNeed(endpoint: EndpointManifest | ProtocolEndpoint): PayloadNeed {
  if ('call' in endpoint) return ofTexts(endpoint.with) ?? (endpoint.direction === 'send' ? 'taken' : 'none');
  const { method, path, query, headers, body, params = {}, direction } = endpoint;
  const isSending = direction === 'send' && !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method);
  const isFixed = body?.template !== undefined || Object.values(params).some((param) => param.in === 'body');
  const ofBody = isFixed || body?.format === 'none' || (body?.format === 'graphql' && !isSending) ? 'none' : body ? 'needed' : isSending ? 'taken' : 'none';
  return ofBody === 'needed' ? ofBody : ofTexts([path, query, headers, body]) ?? ofBody;
}

/** `undefined` where no expression of them names it. */
function ofTexts(value: unknown): PayloadNeed | undefined {
  const expressions = [...JSON.stringify(value ?? null).matchAll(/\{\{(.*?)\}\}/g)].map(([, expression]) => expression!).filter((expression) => /(?<![\w.$])(?:payload|record)\b/.test(expression));
  if (expressions.length === 0) return undefined;
  return expressions.every((expression) => expression.includes('??')) ? 'taken' : 'needed';
}
