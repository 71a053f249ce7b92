import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { fileSchemas } from '../../server/model/file-schemas.ts';
import { hidden, overrideFormSchema } from '../../server/model/instance-form.ts';
import { isObject, objectAt, pointerOf, textAt } from '../../server/model/json.ts';
import { connectorNamed } from '../../server/model/protocol.ts';
import { fieldSchema } from '../../server/model/schema-walk.ts';
import type { ValueChange } from '../form/change.ts';
import '../form/form.ts';
import { ask } from '../shared/ask.ts';
import { icon, iconButton, select } from '../shared/kit.ts';
import type { SettingsEditor } from './editor.ts';

const general = { type: 'object', properties: { ...hidden(['$schema', 'version', 'instances']), ...Object.fromEntries(['title', 'production', 'variables', 'limits', 'caches', 'pools'].map((name) => [name, fieldSchema(fileSchemas.environment, name)])) } };

/** The forms of an environment: what is different in it, and each instance that is another there. */
export function environmentForms(editor: SettingsEditor): TemplateResult {
  const { value, workspace, diagnostics, drafts, readOnly } = editor;
  const overridden = Object.entries(objectAt(value, 'instances'));
  const others = Object.keys(workspace.instances).filter((id) => !overridden.some(([name]) => name === id));
  const add = (id: string): void => { if (id !== '') { void editor.change([], [{ path: ['instances', id], value: {} }]); editor.instance = id; } };
  return html`<patchbay-form .schema=${general} .root=${value} .pointer=${''} .scope=${'environment'} .diagnostics=${diagnostics} .names=${editor.namesAt([])} .readOnly=${readOnly} .drafts=${drafts}
      .onChange=${(changes: readonly ValueChange[]) => void changeGeneral(editor, changes)}></patchbay-form>
    <h2>Instances <span class="quiet">${overridden.length}</span></h2>
    <p class="quiet">Whatever is not said here is as the instance says.</p>
    ${overridden.map(([id, override]) => overrideForm(editor, id, isObject(override) ? override : {}))}
    ${readOnly || others.length === 0 ? nothing : select({ label: 'Override an instance', value: '', options: [{ value: '', label: 'Override an instance…' }, ...others.map((id) => ({ value: id, label: textAt(workspace.instances[id], 'title') || id, description: id }))], onChange: add })}`;
}

function overrideForm(editor: SettingsEditor, id: string, override: Readonly<Record<string, unknown>>): TemplateResult {
  const { workspace, diagnostics, drafts, readOnly } = editor;
  const catalog = { plugins: editor.catalog };
  const instance = workspace.instances[id];
  const connector = instance && connectorNamed(instance.connector, workspace.connectors, catalog);
  const prefix = ['instances', id];
  const remove = async (): Promise<void> => {
    if ((await ask({ title: `Remove the override of ${id}?`, text: 'The instance is then as its own file says. It can be undone.', action: 'Remove' })) !== undefined) await editor.change([], [{ path: prefix, value: undefined }]);
  };
  return keyed(id, html`<section class="part" aria-label="Override of ${id}"><div class="part-head">${icon('plug')} <span class="ellipsis">${textAt(instance, 'title') || id}</span> <span class="quiet mono">${id}</span>
      ${readOnly ? nothing : iconButton({ label: `Remove the override of ${id}`, icon: 'trash', onClick: () => void remove() })}</div>
    <patchbay-form .schema=${overrideFormSchema(connector, catalog, (instance ?? {}) as Readonly<Record<string, unknown>>, override)} .root=${override} .pointer=${pointerOf(prefix)} .scope=${`instance ${id}`} .diagnostics=${diagnostics} .names=${editor.namesAt(prefix)} .readOnly=${readOnly} .drafts=${drafts}
      .onChange=${(changes: readonly ValueChange[]) => void editor.change(prefix, changes)}></patchbay-form></section>`) as unknown as TemplateResult;
}

/** That an environment is no production one any more is meant, or it is not done. */
async function changeGeneral(editor: SettingsEditor, changes: readonly ValueChange[]): Promise<void> {
  const { id = '' } = editor.file ?? {};
  const isUnguarded = editor.value['production'] === true && changes.some(({ path, value }) => path[0] === 'production' && value !== true);
  const isMeant = !isUnguarded || (await ask({ title: `Is ${id} no production environment any more?`, text: 'Whoever starts a run against it is not asked any more.', action: 'Remove the guard', field: { label: `Type ${id} to go on`, mustBe: id } })) !== undefined;
  if (isMeant) await editor.change([], changes);
  else editor.requestUpdate();
}
