import type { ConnectorHost, ConnectorOpening } from '../protocol/connector.ts';
import { connect } from '../protocol/rpc.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { ConnectorEditor, type ConnectorViewState } from './editor.ts';

stylePage();
// The host may call before the first answer is here: the editor takes what comes.
const view: object = {};
const { remote } = connect<ConnectorHost>(hostPort(), view);
const editor = new ConnectorEditor(remote);
Object.assign(view, editor.api);
document.body.append(editor);
await openPage<ConnectorOpening>(remote, {
  begin: (opening) => editor.begin(opening, (subject) => viewState<ConnectorViewState>(1, subject)),
  refresh: (now, isOther) => editor.refresh(now, isOther),
});
