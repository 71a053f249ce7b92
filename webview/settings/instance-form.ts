import { html, type TemplateResult } from 'lit';
import { instanceFormSchema } from '../../server/model/instance-form.ts';
import { textAt } from '../../server/model/json.ts';
import { connectorNamed } from '../../server/model/protocol.ts';
import type { ValueChange } from '../form/change.ts';
import '../form/form.ts';
import type { SettingsEditor } from './editor.ts';

/** The form of an instance: what its connector declares. */
export function instanceForm(editor: SettingsEditor): TemplateResult {
  const { value, workspace, diagnostics, drafts, readOnly } = editor;
  const catalog = { plugins: editor.catalog };
  const connector = connectorNamed(textAt(value, 'connector'), workspace.connectors, catalog);
  return html`<patchbay-form .schema=${instanceFormSchema(connector, catalog, value)} .root=${value} .pointer=${''} .scope=${'instance'} .diagnostics=${diagnostics} .names=${editor.namesAt([])} .readOnly=${readOnly} .drafts=${drafts}
    .onChange=${(changes: readonly ValueChange[]) => void editor.change([], changes)} .onOpenFile=${(path: string) => void editor.host.openFile(path)}></patchbay-form>`;
}
