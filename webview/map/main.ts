import type { MapFileHost, MapFileOpening } from '../protocol/map.ts';
import { connect } from '../protocol/rpc.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import type { MapViewState } from './editor.ts';
import { MapPage } from './page.ts';

stylePage();
// The host may call before the first answer is here: the page takes what comes.
const view: object = {};
const { remote } = connect<MapFileHost>(hostPort(), view);
const page = new MapPage(remote);
Object.assign(view, page.api);
document.body.append(page);
await openPage<MapFileOpening>(remote, {
  begin: (opening) => page.begin(opening, (subject) => viewState<MapViewState>(1, subject)),
  refresh: (now, isOther) => page.refresh(now, isOther),
});
