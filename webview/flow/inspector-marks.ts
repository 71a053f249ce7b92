import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { SceneNode } from '../../server/model/picture/scene.ts';
import { icon, iconButton, iconNamed, textArea, textField } from '../shared/kit.ts';
import { leaveGroup, setGroupTitle, setNoteText } from './marks.ts';
import type { Stage } from './stage.ts';

/** The text of a note. */
export const noteFields = ({ store }: Stage, node: SceneNode): TemplateResult =>
  keyed(node.id, textArea({ label: 'Text', value: node.note!.text, rows: 12, placeholder: 'Markdown', readOnly: store.readOnly, onChange: (text) => void store.edit(setNoteText(node, text)) })) as unknown as TemplateResult;

/** Title and steps of a group. */
export const groupFields = ({ store }: Stage, node: SceneNode): TemplateResult => html`
  ${keyed(node.id, textField({ label: 'Title', value: node.title, readOnly: store.readOnly, onChange: (text) => { if (text.trim() !== '') void store.edit(setGroupTitle(node, text.trim())); } }))}
  <section><h3>Steps</h3>
    <ul class="plain">${node.members!.map((id) => {
      const step = store.scene.nodes.get(id)!;
      return html`<li class="member"><button type="button" class="row-button" @click=${() => store.select([id], id)}>${icon(iconNamed(step.icon, 'symbol-misc'))}<span class="ellipsis">${step.title}</span></button>
        ${store.readOnly ? nothing : iconButton({ label: `Take ${step.title} out of the group`, icon: 'close', onClick: () => void store.edit(leaveGroup(node, id)) })}</li>`;
    })}</ul>
    ${store.readOnly ? nothing : html`<p class="quiet">Select further steps together with the frame and press G to take them in.</p>`}
  </section>`;
