import { isHeld } from '../sdk/index.ts';
import { encodingSetting, lineEndSetting, markSetting } from './text.ts';

/** Settings of the converters of tables, which differ in the usual delimiter. */
export const tableSettings = <const D extends string>(delimiter: D) => ({
  type: 'object',
  properties: {
    header: { type: 'boolean', default: true, title: 'Header row', description: 'The first row holds the names of the columns. Without it records are lists, or objects where the columns are named here.' },
    columns: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true, title: 'Columns', description: 'Names of the columns, in order: of a document without a header row, and of what is written; the header is written also where there is no record.' },
    delimiter: { type: 'string', minLength: 1, maxLength: 1, default: delimiter, title: 'Delimiter', description: 'Character between two values.' },
    quote: { type: 'string', maxLength: 1, default: '"', title: 'Quote', description: 'Character around values that hold a delimiter, a quote or a line end. Empty: none, and such values cannot be written.' },
    escape: { type: 'string', minLength: 1, maxLength: 1, title: 'Escape', description: 'Character before a quote within quotes, such as `\\`; without it the quote stands there twice.' },
    looseQuotes: { type: 'boolean', default: false, title: 'Loose quotes', description: 'A quote that does not stand at the beginning of a value is part of it when reading, as in `5"`. Otherwise it is an error.' },
    quoting: { type: 'string', enum: ['needed', 'all'], default: 'needed', title: 'Quoting', description: 'Which values are written in quotes.', enumDescriptions: ['Those that would be read as something else.', 'All but those whose type would be lost: null that has a text, and numbers and booleans where types are inferred.'] },
    comment: { type: 'string', minLength: 1, maxLength: 1, title: 'Comment', description: 'Lines that begin with this character are skipped.' },
    skip: { type: 'integer', minimum: 0, maximum: 10_000, default: 0, title: 'Skip lines', description: 'Lines before the header, such as a title, that are skipped, whatever stands in them: a quote there opens nothing.' },
    trim: { type: 'boolean', default: false, title: 'Trim', description: 'Removes white space around values that are not in quotes.' },
    ragged: {
      type: 'string', enum: ['error', 'fill', 'fit'], default: 'error', title: 'Rows of another length', description: 'What becomes of rows that are longer or shorter than the first one.',
      enumDescriptions: ['They are an error.', 'Missing values are left out of the record; longer rows are an error.', 'The same, and values without a column are left out.'],
    },
    duplicates: { type: 'string', enum: ['error', 'number'], default: 'error', title: 'Columns of one name', description: 'What becomes of a name that the header has more than once.', enumDescriptions: ['It is an error.', 'The second `a` becomes `a_2`, the third `a_3`; a name that the header has already is passed over.'] },
    types: {
      type: 'string', enum: ['text', 'infer'], default: 'text', title: 'Types', description: 'What values are read as.',
      enumDescriptions: ['All are text, so that `007` and long numbers stay as they are.', '`true`, `false` and numbers that are written as JavaScript writes them become values, except in quotes. Texts that look like them are written in quotes.'],
    },
    nullText: { type: 'string', title: 'Null', description: 'What stands for null, such as `NULL` or `\\N`; a text that is the same is written in quotes. Without it null is written as empty text, and nothing is read as null.' },
    formulas: {
      type: 'string', enum: ['keep', 'escape'], default: 'keep', title: 'Formulas', description: 'What becomes of written texts that a spreadsheet would take for a formula: those that begin with `=`, `+`, `-`, `@`, a tab or a return, and are no number.',
      enumDescriptions: ['They are written as they are.', "An apostrophe is put before them. Choose this for documents that people open and whose texts are others'."],
    },
    lineEnd: lineEndSetting,
    encoding: encodingSetting,
    mark: markSetting,
  },
  additionalProperties: false,
}) as const;

/** How a table is written. */
export interface Dialect {
  readonly header: boolean;
  readonly columns?: readonly string[];
  readonly delimiter: string;
  readonly quote: string;
  readonly escape?: string;
  readonly looseQuotes: boolean;
  readonly quoting: string;
  readonly comment?: string;
  readonly skip: number;
  readonly trim: boolean;
  readonly ragged: string;
  readonly duplicates: string;
  readonly types: string;
  readonly nullText?: string;
  readonly formulas: string;
  readonly lineEnd: string;
  readonly encoding: string;
  readonly mark: boolean;
}

/** That of RFC 4180. */
export const plainDialect: Dialect = {
  header: true, delimiter: ',', quote: '"', looseQuotes: false, quoting: 'needed', skip: 0, trim: false, ragged: 'error', duplicates: 'error', types: 'text', formulas: 'keep', lineEnd: 'lf', encoding: 'utf-8', mark: false,
};

/** The value that an unquoted text stands for, where it stands for another than itself. */
export function inferred(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d/.test(text) && String(Number(text)) === text && isHeld(Number(text), text) ? Number(text) : text;
}
