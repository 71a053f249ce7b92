import type { CatalogEntry } from '../catalog.ts';
import type { FlowTrigger, Step } from '../flow.ts';
import { isObject } from '../json.ts';

const longest = 80;

/** One line that says what a step does, from its settings; the name of its shape where they say nothing. */
export function stepSummary(step: Step, entry: CatalogEntry | undefined): string {
  const settings = step.settings ?? {};
  const { instance, endpoint } = settings as { instance?: unknown; endpoint?: unknown };
  if (typeof instance === 'string' || typeof endpoint === 'string') return cut([instance, endpoint].filter((part) => typeof part === 'string' && part !== '').join(' · '));
  const said = entry ? fromSchema(settings, entry.settings) : undefined;
  return cut(said ?? entry?.title ?? `${step.shape || 'no shape'} (unknown)`);
}

export function triggerSummary(trigger: FlowTrigger, entry: CatalogEntry | undefined): string {
  const said = entry ? fromSchema(trigger.settings ?? {}, entry.settings) : undefined;
  return cut(said ?? entry?.title ?? `${trigger.trigger || 'no trigger'} (unknown)`);
}

/** A condition as one reads it: `country equals GB`. */
export function conditionText(condition: unknown): string {
  if (!isObject(condition)) return '';
  for (const [key, word] of [['all', ' and '], ['any', ' or ']] as const) {
    const parts = condition[key];
    if (Array.isArray(parts)) return parts.map(conditionText).filter(Boolean).join(word);
  }
  const { of, field, path, is, operator, value } = condition;
  return [short(of ?? field ?? path), String(is ?? operator ?? (value === undefined ? '' : 'equals')).replaceAll('-', ' '), short(value)].filter((part) => part !== '').join(' ');
}

// The settings that say most, in the order of the schema: conditions and lists by what is in them, others by their values.
function fromSchema(settings: Readonly<Record<string, unknown>>, schema: object): string | undefined {
  const properties = (schema as { properties?: Readonly<Record<string, { readonly title?: string; readonly default?: unknown; readonly 'x-ui'?: { readonly widget?: string } }>> }).properties ?? {};
  const parts: string[] = [];
  for (const [name, field] of Object.entries(properties)) {
    const value = settings[name];
    if (value === undefined || value === field.default || parts.length === 2) continue;
    const part = describe(name, value, field['x-ui']?.widget);
    if (part) parts.push(part);
  }
  return parts.length > 0 ? parts.join(' · ') : undefined;
}

function describe(name: string, value: unknown, widget: string | undefined): string | undefined {
  if (typeof value === 'string') return value.split('\n')[0]!.trim();
  if (typeof value === 'number') return `${name} ${value}`;
  if (typeof value === 'boolean') return value ? name : `no ${name}`;
  if (Array.isArray(value)) return widget === 'conditions' ? value.map(conditionText).filter(Boolean).join(' and ') : listText(name, value);
  if (isObject(value)) return widget === 'conditions' ? conditionText(value) : listText(name, Object.keys(value));
  return undefined;
}

function listText(name: string, items: readonly unknown[]): string {
  const names = items.map((item) => (isObject(item) ? item['name'] : item));
  return names.length > 0 && names.length <= 3 && names.every((item) => typeof item === 'string') ? names.join(', ') : `${items.length} ${items.length === 1 ? name.replace(/s$/, '') : name}`;
}

const short = (value: unknown): string => (typeof value === 'string' ? value.replace(/^\$\./, '') : value === undefined ? '' : JSON.stringify(value));
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
