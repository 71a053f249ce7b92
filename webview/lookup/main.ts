import type { LookupHost, LookupOpening } from '../protocol/lookup.ts';
import { connect } from '../protocol/rpc.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { LookupEditor, type LookupViewState } from './editor.ts';

stylePage();
// The host may call before the first answer is here: the editor takes what comes.
const view: object = {};
const { remote } = connect<LookupHost>(hostPort(), view);
const editor = new LookupEditor(remote);
Object.assign(view, editor.api);
document.body.append(editor);
await openPage<LookupOpening>(remote, {
  begin: (opening) => editor.begin(opening, (subject) => viewState<LookupViewState>(1, subject)),
  refresh: (now, isOther) => editor.refresh(now, isOther),
});
