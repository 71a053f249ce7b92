import type { EndpointManifest } from './connector.ts';
import { hasExpression, parseTemplate } from './expression.ts';
import { childrenOf, type Argument, type Expression } from './expression-syntax.ts';
import { isObject, textsIn } from './json.ts';
import type { ProtocolEndpoint } from './protocol.ts';

/** `needed`: nothing can be asked without a payload. `taken`: it goes into what is asked, where there is one. */
export type PayloadNeed = 'needed' | 'taken' | 'none';

/** What an endpoint makes of the payload that it is called with. */
export function payloadNeed(endpoint: EndpointManifest | ProtocolEndpoint): PayloadNeed {
  if ('call' in endpoint) return ofTexts(endpoint.with) ?? (endpoint.direction === 'send' ? 'taken' : 'none');
  const { method, path, query, headers, body, params = {}, direction } = endpoint;
  const isSending = direction === 'send' && !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method);
  const isFixed = body?.template !== undefined || Object.values(params).some((param) => isObject(param) && param['in'] === 'body');
  const ofBody = isFixed || body?.format === 'none' || (body?.format === 'graphql' && !isSending) ? 'none' : body ? 'needed' : isSending ? 'taken' : 'none';
  return ofBody === 'needed' ? ofBody : ofTexts([path, query, headers, body]) ?? ofBody;
}

/** `undefined` where no expression of them names it. */
function ofTexts(value: unknown): PayloadNeed | undefined {
  const needs = textsIn(value).filter(hasExpression).flatMap(needsOf);
  return needs.includes('needed') ? 'needed' : needs[0];
}

/** None where the syntax is wrong, which lint tells. */
function needsOf(text: string): readonly PayloadNeed[] {
  try {
    return parseTemplate(text).parts.flatMap((part) => (part.kind === 'expression' ? needsIn(part.expression, false) : []));
  } catch {
    return [];
  }
}

function needsIn(part: Expression | Argument, hasDefault: boolean): readonly PayloadNeed[] {
  if (part.kind === 'path') return part.root === 'payload' || part.root === 'record' ? [hasDefault ? 'taken' : 'needed'] : [];
  const isCaught = (child: Expression | Argument): boolean => (part.kind === 'default' && child === part.value) || (part.kind === 'pipe' && part.transform === 'default' && child === part.input);
  return childrenOf(part).flatMap((child) => needsIn(child, hasDefault || isCaught(child)));
}
