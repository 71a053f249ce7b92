import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { FlowError } from '../sdk/index.ts';

export interface SchemaFault {
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly message: string;
}

/** Patterns of a schema come from files and must not be able to hang a run. */
const regExp = Object.assign((pattern: string) => {
  const compiled = RE2JS.compile(pattern);
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
}, { code: '' });

/** Compiles a JSON Schema (2020-12) to a function that says what is wrong with a document. Fails with `CONFIG_INVALID` where the schema is none. */
export function compileSchema(schema: unknown, pointer: string): (document: unknown) => readonly SchemaFault[] {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, ownProperties: true, code: { regExp } }));
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema as object);
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The JSON Schema is not valid: ${(cause as Error).message.replace(/\.$/, '')}.`, { cause, place: { pointer } });
  }
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => ({ pointer: instancePath, message: message ?? 'is not valid' })));
}

/** The first faults as one sentence without its end: `at /lines/0/sku it must be string; …`. */
export function describeFaults(faults: readonly SchemaFault[]): string {
  const shown = faults.slice(0, MOST_SHOWN).map(({ pointer, message }) => `at ${pointer || 'its root'} it ${message}`);
  return `${shown.join('; ')}${faults.length > shown.length ? `; and ${faults.length - shown.length} more` : ''}`;
}

const MOST_SHOWN = 5;
