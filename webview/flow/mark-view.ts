import { html, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { SceneNode } from '../../server/model/picture/scene.ts';
import { keepUndo } from '../shared/kit.ts';
import { noteLines, type NoteLine, type NotePiece } from './note-text.ts';
import type { NodeLook } from './step-view.ts';

type MarkLook = Pick<NodeLook, 'label' | 'selected' | 'tabStop' | 'found' | 'flash'>;

/** A text that is being written on the canvas. */
export interface NoteEditing {
  readonly id: string;
  readonly text: string;
}

export interface NoteEvents {
  /** The text so far. */
  readonly typed: (text: string) => void;
  /** `undefined`: as it was. `isLeft`: the focus is elsewhere already. */
  readonly done: (text: string | undefined, isLeft: boolean) => void;
}

export const noteView = (node: SceneNode, look: MarkLook): TemplateResult => html`<div
  class=${classMap({ ...classesOf(look), note: true })} data-id=${node.id} role="option" aria-selected=${look.selected} aria-label=${look.label} tabindex=${look.tabStop ? 0 : -1} style=${placeOf(node)}>
    <div class=${classMap({ text: true, quiet: node.summary.trim() === '' })}>${node.summary.trim() === '' ? 'Empty note' : noteLines(node.summary).map(lineView)}</div><i class="corner"></i>
  </div>`;

const lineView = ({ as, pieces }: NoteLine): TemplateResult => html`<div class=${as}>${pieces.map(pieceView)}</div>`;

function pieceView({ text, as }: NotePiece): unknown {
  switch (as) {
    case 'strong': return html`<strong>${text}</strong>`;
    case 'emphasis': return html`<em>${text}</em>`;
    case 'code': return html`<code>${text}</code>`;
    default: return text;
  }
}

/** The text of a note while it is written, over the note: an option of a list can hold no field. */
export const noteText = (node: SceneNode, text: string, events: NoteEvents): TemplateResult => html`<textarea
  aria-label="Text of the note" placeholder="Markdown. Ctrl+Enter or a click beside it keeps it, Escape does not." style=${placeOf(node)} .value=${text} @keydown=${(event: KeyboardEvent) => onKey(event, events)}
  @input=${(event: Event) => events.typed((event.target as HTMLTextAreaElement).value)} @blur=${(event: Event) => events.done((event.target as HTMLTextAreaElement).value, true)}></textarea>`;

/** The frame round the steps of a group. Only its title is for the pointer. */
export const groupView = (node: SceneNode, look: MarkLook): TemplateResult => html`<div
  class=${classMap({ ...classesOf(look), group: true })} data-id=${node.id} role="option" aria-selected=${look.selected} aria-label=${look.label} tabindex=${look.tabStop ? 0 : -1}
  style=${placeOf(node)}><span class="name" title=${node.title}>${node.title}</span></div>`;

const classesOf = ({ selected, found, flash }: MarkLook) => ({ node: true, mark: true, selected, found, flash });
const placeOf = ({ x, y, width, height }: SceneNode) => styleMap({ transform: `translate(${x}px, ${y}px)`, width: `${width}px`, height: `${height}px` });

function onKey(event: KeyboardEvent, { done }: NoteEvents): void {
  keepUndo(event);
  const isEnd = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (!isEnd && event.key !== 'Escape') return;
  event.preventDefault();
  done(isEnd ? (event.target as HTMLTextAreaElement).value : undefined, false);
}
