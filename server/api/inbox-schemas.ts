import type { Schema } from '../../plugins/sdk/index.ts';
import { flag, integer, listOf, number, object, pageOf, text, texts, time } from './schema-parts.ts';

/** Schemas of what the API says about the webhook inbox. */
export const inboxSchemasOf = <const S>(runStatus: S) => {
  const origin = object({ type: { enum: ['replay', 'test'] }, of: integer, isSigned: flag }, ['type']);
  const fields = {
    id: integer, at: time, flow: text, trigger: text, method: text, url: text, mediaType: text, size: integer, isRead: flag, isPinned: flag, isValid: flag, delivery: text, duplicateOf: integer, status: integer, tookMs: number,
    answeredBy: { enum: ['flow', 'capture', 'failure'] }, run: text, runStatus: runStatus as S & object, origin,
  } as const;
  const required = ['id', 'at', 'flow', 'method', 'url', 'mediaType', 'size', 'isRead', 'isPinned', 'answeredBy'] as const;
  const row = object(fields, required);
  const fact = object({ name: text, value: text }, ['name', 'value']);
  const step = object({ name: { enum: ['signature', 'timestamp', 'content', 'digest', 'delivery'] }, isPassed: flag, detail: text, facts: listOf(fact) }, ['name', 'isPassed', 'detail']);
  const detail = object({
    ...fields, headers: texts, query: texts, inspection: object({ isValid: flag, steps: listOf(step), delivery: text }, ['steps']), answer: object({ headers: texts, body: text }, ['headers', 'body']),
    body: text, encoding: { enum: ['text', 'base64'] }, isCut: flag, isMasked: flag,
  }, [...required, 'headers', 'query', 'body', 'encoding', 'isCut', 'isMasked']);
  return {
    InboxRow: row, InboxPage: pageOf(row), InboxDetail: detail,
    InboxState: object({
      isPaused: flag, unread: integer, rules: listOf(object({ ...ruleFields, failing: integer }, ['flow', 'mode'])), addresses: listOf(object({ flow: text, trigger: text, path: text, isSigned: flag, url: text }, ['flow', 'trigger', 'path', 'isSigned'])), publicUrl: text,
    }, ['isPaused', 'unread', 'rules', 'addresses']),
    InboxSent: object({ items: listOf(object({ status: integer, body: text, request: integer, duplicateOf: integer, run: text }, ['status', 'body'])) }, ['items']),
  } as const satisfies Record<string, Schema>;
};

/** Of a rule, in answers and in requests. */
export const ruleFields = {
  flow: { ...text, minLength: 1 }, trigger: { ...text, minLength: 1 }, mode: { enum: ['flow', 'capture'] },
  answer: object({ status: integer, headers: { ...texts, description: 'Values may hold expressions: `order-{{ payload.id }}`.' }, body: { ...text, description: 'May hold expressions: `{{ payload.id }}`. In JSON their values are written as JSON: within quotes as a part of that text, elsewhere as they are.' }, delayMs: { type: 'integer', minimum: 0, maximum: 60_000 } }, ['status']),
  fail: object({ first: { type: 'integer', minimum: 0, maximum: 1_000 }, status: { type: 'integer', minimum: 400, maximum: 599 } }, ['first', 'status']),
} as const;
