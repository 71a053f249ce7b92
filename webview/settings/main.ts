import { connect } from '../protocol/rpc.ts';
import type { SettingsHost, SettingsOpening } from '../protocol/settings.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { SettingsEditor, type SettingsViewState } from './editor.ts';

stylePage();
// The host may call before the first answer is here: the editor takes what comes.
const view: object = {};
const { remote } = connect<SettingsHost>(hostPort(), view);
const editor = new SettingsEditor(remote);
Object.assign(view, editor.api);
document.body.append(editor);
await openPage<SettingsOpening>(remote, {
  begin: (opening) => editor.begin(opening, (subject) => viewState<SettingsViewState>(1, subject)),
  refresh: (now) => editor.refresh(now),
});
