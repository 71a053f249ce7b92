import { formatValue } from '../shared/format.ts';
import { typeText, type FieldNode, type Side } from './fields.ts';
import { chipsOf, rulesOf } from './rules.ts';
import type { MapStore } from './store.ts';

/** What a screen reader says of a row: `amount, number, required, from total_price through Round number 2, result 20.5`. */
export function describeField(store: MapStore, side: Side, field: FieldNode): string {
  const rules = rulesOf(store.rules, side, field.id);
  const [first] = store.values(side, field);
  const problems = store.problemsOf(side, field.id).filter(({ severity }) => severity !== 'info');
  const failure = store.failureIn(side, field.id);
  const parts = [
    field.name, typeText(field), field.isRequired && side === 'target' && 'required',
    ...(side === 'source' ? [rules.length > 0 && `feeds ${[...new Set(rules.map(({ to }) => to))].join(', ')}`] : rules.map((rule) => {
      const chain = chipsOf(rule, store.input!.catalog).map(({ text }) => text);
      return `${rule.from.length > 0 ? `from ${rule.from.join(' and ')}` : 'made'}${chain.length > 0 ? ` through ${chain.join(', ')}` : ''}`;
    })),
    side === 'target' && rules.length === 0 && field.children.length === 0 && 'no rule',
    first !== undefined && typeof first !== 'object' && `${side === 'source' ? 'value' : 'result'} ${formatValue(first, 60)}`,
    failure, ...problems.map(({ message }) => message),
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
}
