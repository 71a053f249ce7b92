import { planImport } from '../../server/model/import-plan.ts';
import { objectAt } from '../../server/model/json.ts';
import { freeName } from '../../server/model/words.ts';
import { valueAt } from '../form/change.ts';
import type { ImportKind } from '../protocol/connector.ts';
import { ask } from '../shared/ask.ts';
import { formatCount } from '../shared/format.ts';
import { isEndpointName, renamed } from './changes.ts';
import { isProtocol } from './document.ts';
import type { ConnectorEditor } from './editor.ts';

/** Names that say that something is written. */
const writes = /\b(create|update|delete|send|add|put|post|set|upsert|cancel)\b/i;

export async function addEndpoint(editor: ConnectorEditor): Promise<void> {
  const { store } = editor;
  const taken = objectAt(store.connector, 'endpoints');
  const name = await ask({ title: 'Add an endpoint', text: 'Its name is what flows call it by: the entity and what is done.', action: 'Add', field: { label: 'Name', value: freeName('orders.list', (other) => Object.hasOwn(taken, other)), placeholder: 'orders.list' } });
  if (name === undefined || !mayBeName(editor, name)) return;
  const isSending = writes.test(name.replaceAll(/[._-]/g, ' '));
  const common = { title: titleOf(name), direction: isSending ? 'send' : 'receive' };
  const value = isProtocol(store.connector) ? { ...common, call: '' } : { ...common, method: isSending ? 'POST' : 'GET', path: `/${name.split(/[._-]/)[0]}` };
  if (await store.edit([{ op: 'set', path: ['endpoints', name], value }])) editor.show('endpoints', name);
}

export async function renameEndpoint(editor: ConnectorEditor, name: string): Promise<void> {
  const to = await ask({ title: `New name for ${name}`, text: 'References to it in this connector are changed, too; steps of flows that call it are not.', action: 'Rename', field: { label: 'Name', value: name } });
  if (to === undefined || to === name || !mayBeName(editor, to)) return;
  if (await editor.store.edit(renamed(editor.store.connector, ['endpoints', name], to))) editor.show('endpoints', to);
}

export async function duplicateEndpoint(editor: ConnectorEditor, name: string): Promise<void> {
  const { connector } = editor.store;
  const taken = objectAt(connector, 'endpoints');
  const to = freeName(name, (other) => Object.hasOwn(taken, other));
  if (await editor.store.edit([{ op: 'set', path: ['endpoints', to], value: valueAt(connector, ['endpoints', name]) }])) editor.show('endpoints', to);
}

export async function removeEndpoint(editor: ConnectorEditor, name: string): Promise<void> {
  const next = editor.neighbour;
  if (await editor.store.edit([{ op: 'set', path: ['endpoints', name], value: undefined }])) editor.show('endpoints', next);
}

/** Adds what a description holds, as one undo unit. */
export async function importInto(editor: ConnectorEditor, kind: ImportKind): Promise<void> {
  const { store } = editor;
  try {
    const imported = await editor.host.import(kind);
    // The control goes back to what it offers.
    editor.requestUpdate();
    if (!imported) return;
    const plan = planImport(store.connector, imported);
    if (plan.changes.length > 0 && !(await store.edit(plan.changes))) return;
    editor.done = plan;
    editor.show('endpoints', plan.added[0] ?? editor.endpoint);
    editor.announce(`${formatCount(plan.added.length, 'endpoint')} ${plan.added.length === 1 ? 'was' : 'were'} added.`);
  } catch (error) {
    refuse(editor, error instanceof Error ? error.message : String(error));
  }
}

function mayBeName(editor: ConnectorEditor, name: string): boolean {
  if (!isEndpointName(name)) return refuse(editor, `“${name}” cannot be the name of an endpoint: use letters and digits, with dots, hyphens or underscores between them.`);
  return Object.hasOwn(objectAt(editor.store.connector, 'endpoints'), name) ? refuse(editor, `There is an endpoint ${name} already.`) : true;
}

function refuse(editor: ConnectorEditor, message: string): false {
  editor.store.refusal = message;
  editor.requestUpdate();
  return false;
}

/** `orders.list` reads `Orders list`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
