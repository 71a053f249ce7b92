import type { Schema } from '../../plugins/sdk/index.ts';
import { integer, listOf, mapOf, object, text } from './schema-parts.ts';

/** Schemas of what the API says of the expressions of flows. */
export const expressionSchemas = {
  Completions: object(
    {
      candidates: listOf(object(
        { kind: { enum: ['root', 'field', 'transform', 'setting', 'value'] }, label: text, insert: text, start: integer, end: integer, caret: integer, detail: text, description: text, last: text },
        ['kind', 'label', 'insert', 'start', 'end'],
      )),
    },
    ['candidates'],
  ),
  HoverAnswer: object({ hover: object({ start: integer, end: integer, title: text, type: text, description: text, from: text, last: text }, ['start', 'end', 'title']) }, []),
  LastPayloadAnswer: object({ payload: object({ body: {}, meta: mapOf(text), from: text }, ['body', 'meta', 'from']) }, []),
} as const satisfies Record<string, Schema>;
