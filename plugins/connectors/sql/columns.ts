import { FlowError } from '../../sdk/index.ts';

/** Of two columns of one name a row would keep the last alone. */
export function checkColumns(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw twoColumns(twice);
}

export const twoColumns = (name: string): FlowError =>
  new FlowError('CONFIG_INVALID', name === '' ? 'Two columns of the rows have no name, so that one would be lost.' : `Two columns of the rows are called ${JSON.stringify(name)}, so that one would be lost.`, { details: { column: name }, remedy: 'Give one of them another name in the statement with `as`: `select a.id, b.id as b_id`.' });
