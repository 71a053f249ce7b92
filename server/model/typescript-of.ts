import { fieldOf, isClosed, isOpen, itemOf, namesOf, requiredOf, typesOf, valuesOf, type JsonType } from './schema-types.ts';

/** The TypeScript type of the values that fit a JSON Schema; `any` where it does not say. What an object may have besides its fields is `any`, too. */
export function typescriptOf(schema: object, depth = 0): string {
  if (isOpen(schema) || depth > deepest) return 'any';
  const values = valuesOf(schema);
  if (values?.every(isPlain)) return union(values.map((value) => JSON.stringify(value)));
  const { anyOf, oneOf } = schema as { readonly anyOf?: readonly object[]; readonly oneOf?: readonly object[] };
  const choices = anyOf ?? oneOf;
  if (choices && Object.keys(schema).length === 1) return union(choices.map((choice) => typescriptOf(choice, depth + 1)));
  const types = typesOf(schema);
  return types ? union([...types].map((type) => typeNamed(type, schema, depth))) : 'any';
}

/** What lies deeper is open: nobody completes so far, and a schema may hold itself. */
const deepest = 8;

function typeNamed(type: JsonType, schema: object, depth: number): string {
  if (type === 'array') return `Array<${typescriptOf(itemOf(schema), depth + 1)}>`;
  return type === 'object' ? objectOf(schema, depth) : type;
}

function objectOf(schema: object, depth: number): string {
  const required = new Set(requiredOf(schema));
  const fields = namesOf(schema).map((name) => `${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typescriptOf(fieldOf(schema, name) ?? {}, depth + 1)}`);
  if (!isClosed(schema)) fields.push('[name: string]: any');
  return fields.length === 0 ? '{}' : `{ ${fields.join('; ')} }`;
}

const isPlain = (value: unknown): boolean => value === null || ['string', 'boolean', 'number'].includes(typeof value);

function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  return different.includes('any') ? 'any' : different.join(' | ');
}
