import { html, nothing, type TemplateResult } from 'lit';
import { icon, iconButton } from '../shared/kit.ts';
import type { FieldNode } from './fields.ts';
import { chipsOf, type Rule } from './rules.ts';
import type { MapStore } from './store.ts';

interface ChipPlace {
  /** Rules that write the field. */
  readonly count: number;
  readonly field: FieldNode;
  readonly y: number;
  /** Width of what lies between both sides. */
  readonly room: number;
  readonly onOpen: () => void;
  readonly onAddTransform: (rule: number) => void;
}

/** What a value goes through before it comes to a field, beside the row of the field. */
export function chipRow(store: MapStore, rule: Rule, { count, field, y, room, onOpen, onAddTransform }: ChipPlace): TemplateResult {
  const chips = chipsOf(rule, store.input!.catalog);
  const most = room > 320 ? 3 : room > 200 ? 2 : 1;
  const shown = chips.slice(0, chips.length > most ? most : undefined);
  const isChosen = store.rule === rule.index;
  const open = (): void => { store.selectRule(rule.index); onOpen(); };
  return html`<div class="chips ${isChosen ? 'chosen' : ''}" style="top: ${y}px">
      ${rule.from.length === 0 ? html`<span class="chip made" title="Made, not read">${icon('sparkle')}</span>` : nothing}
      ${shown.map((chip) => html`<button type="button" tabindex="-1" class="chip ${chip.kind}" title=${chip.title} @click=${open}>${chip.kind === 'unknown' ? icon('warning', { tone: 'warn' }) : nothing}<span class="ellipsis">${chip.text}</span></button>`)}
      ${chips.length > shown.length ? html`<button type="button" tabindex="-1" class="chip note" title=${chips.slice(shown.length).map(({ text }) => text).join(', ')} @click=${open}>+${chips.length - shown.length}</button>` : nothing}
      ${count > 1 ? html`<span class="chip note" title="Several rules write ${field.id}: the last one counts">${count} rules</span>` : nothing}
      ${isChosen && !store.readOnly ? iconButton({ label: `Add a transform to ${rule.to}`, title: 'Add a transform (+)', icon: 'add', tabStop: false, onClick: () => onAddTransform(rule.index) }) : nothing}
    </div>`;
}
