import type { LineagePlace } from './run-lineage.ts';

const longest = 120;

/** A place of a lineage, as people read it: where it is, what stands there, and how it was made of those before it. */
export function lineageWords({ kind, step, side, port, payload, exchange, pointer, value, how, from }: LineagePlace): { readonly where: string; readonly value?: string; readonly how?: string } {
  const at = pointer === '' ? '' : ` ${pointer}`;
  const where = kind === 'response' ? `answer${at}${step === undefined ? '' : ` to ${step}`}: ${exchange!.method} ${exchange!.url}${exchange!.status === undefined ? '' : ` (${exchange!.status})`}`
    : kind === 'input' ? `what the run began with${at}` : kind === 'made' ? `made by ${step}` : `${step} ${side}${port === undefined || port === 'out' ? '' : ` at ${port}`}${at} (payload ${payload})`;
  const words = how && wayWords(how, from.length, kind);
  const text = value === undefined ? undefined : JSON.stringify(value);
  return { where, ...(text !== undefined && { value: text.length > longest ? `${text.slice(0, longest)}…` : text }), ...(words !== undefined && { how: words }) };
}

function wayWords({ by, shape, rule, to, chain = [], fields = [], isLikely }: NonNullable<LineagePlace['how']>, sources: number, kind: LineagePlace['kind']): string | undefined {
  const perhaps = isLikely ? ', likely' : '';
  switch (by) {
    case 'handed': return undefined;
    case 'same': return `passed on by the ${shape ?? 'step'} as it was${perhaps}:`;
    case 'records': return `passed on by the ${shape ?? 'step'} record by record, of those of${perhaps}:`;
    case 'read': return `read from an answer${perhaps}:`;
    case 'rule': return `${to === undefined ? 'the rules of the map' : `rule ${rule === undefined ? 'of a mapping file' : rule + 1}, ${to}`}${chain.length > 0 ? ` by ${chain.join(', ')}` : ''}${perhaps}${sources > 0 ? ', of:' : ''}`;
    case 'constant': return kind === 'payload' && to !== undefined ? `rule ${rule === undefined ? 'of a mapping file' : rule + 1}, ${to}: ${chain.includes('default') ? 'its default' : `made by ${chain.join(', ') || 'it'}`}` : `made by the ${shape ?? 'step'}`;
    case 'opaque': return `${shape ?? 'the step'}: nobody can look into it; it had ${fields.length > 0 ? `${fields.slice(0, 12).join(', ')}${fields.length > 12 ? ' …' : ''} of` : 'all of'}:`;
  }
}
