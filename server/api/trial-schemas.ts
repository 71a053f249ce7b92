import type { Schema } from '../../plugins/sdk/index.ts';
import { anyObject, flag, integer, listOf, number, object, text, texts } from './schema-parts.ts';

const proposalOf = <const S extends object>(value: S) => object({ value, score: number, why: text }, ['value', 'score', 'why']);
const looked = object({ records: integer, of: integer }, ['records', 'of']);
const detection = object({ records: listOf(proposalOf(text)), pagination: listOf(proposalOf(object({ type: text, settings: anyObject }, ['type']))), record: anyObject, looked }, ['records', 'pagination']);

/** Schemas of what the API says about endpoints that are tried out. `runError`: that of the others. */
export const trialSchemasOf = <const S extends object>(runError: S) => {
  const request = object({ method: text, url: text, headers: texts, body: {} }, ['method', 'url', 'headers']);
  const response = object({ status: integer, headers: texts, body: {}, size: integer, cut: { const: true } }, ['status', 'headers', 'size']);
  const exchange = object({ request, response, error: runError, ms: number, waitMs: number, lookUp: text }, ['request', 'ms', 'waitMs']);
  const page = object({ request, response, records: integer, ms: number, waitMs: number, before: listOf(exchange), next: anyObject }, ['request', 'records', 'ms', 'waitMs', 'before']);
  const example = object(
    { title: text, request: object({ params: anyObject, body: {} }, []), response: object({ status: integer, headers: texts, body: {} }, ['status']) },
    ['title', 'response'],
  );
  return {
    TrialPage: page,
    Trial: object(
      {
        instance: text, endpoint: text, pages: listOf(page), stop: object({ reason: text, byGuess: flag }, ['reason', 'byGuess']), records: integer, schema: anyObject, looked, example, saved: object({ file: text, pointer: text }, ['file', 'pointer']),
        detected: detection, log: listOf(object({ level: { enum: ['debug', 'info', 'warn', 'error'] }, message: text }, ['level', 'message'])), refused: listOf(runError), error: runError,
      },
      ['instance', 'endpoint', 'pages', 'records', 'log', 'refused'],
    ),
    Detection: detection,
  } as const satisfies Record<string, Schema>;
};
