import { connect } from '../protocol/rpc.ts';
import type { SettingsHost, SettingsOpening } from '../protocol/settings.ts';
import { bootData, hostPort, viewState } from '../shared/host.ts';
import { stylePage } from '../shared/styles.ts';
import { SettingsEditor, type SettingsViewState } from './editor.ts';

stylePage();
// The host may call before the first answer is here: the editor takes what comes.
const view: object = {};
const { remote } = connect<SettingsHost>(hostPort(), view);
const editor = new SettingsEditor(remote);
Object.assign(view, editor.api);
document.body.append(editor);
const boot = bootData<SettingsOpening>();
editor.begin(boot ?? (await remote.open()), (subject) => viewState<SettingsViewState>(1, subject));
// VS Code waits 200 ms for a page, and then sends what was kept for it: where its script comes later, that is lost, and so is what has changed since the page was written.
if (boot) editor.refresh(await remote.open());
