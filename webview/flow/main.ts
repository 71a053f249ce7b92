import { connect } from '../protocol/rpc.ts';
import type { FlowHost, FlowOpening } from '../protocol/flow.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { FlowEditor } from './editor.ts';
import type { FlowViewState } from './editor-view-state.ts';

stylePage();
// The host may call before the first answer is here: the editor takes what comes.
const view: object = {};
const { remote } = connect<FlowHost>(hostPort(), view);
const editor = new FlowEditor(remote);
Object.assign(view, editor.api);
document.body.append(editor);
await openPage<FlowOpening>(remote, {
  begin: (opening) => editor.begin(opening, (subject) => viewState<FlowViewState>(1, subject)),
  refresh: (now, isOther) => editor.refresh(now, isOther),
});
