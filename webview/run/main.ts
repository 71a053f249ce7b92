import { connect } from '../protocol/rpc.ts';
import type { RunHost, RunOpening, RunView } from '../protocol/run.ts';
import { pageAnnouncer } from '../shared/announcer.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { PatchbayRun, type RunSelection } from './run-view.ts';

/** The run view of VS Code's panel: the host says which run. */
async function start(): Promise<void> {
  stylePage();
  const view = new PatchbayRun();
  view.announcer = pageAnnouncer();
  const local: RunView = {
    events: (events) => view.events(events),
    show: (run) => show(run),
    paused: (runs) => { view.paused = runs; },
  };
  const { remote } = connect<RunHost>(hostPort(), local);
  view.host = remote;
  view.onRun = (run) => show(run);
  function show(run: string | undefined): void {
    const state = viewState<RunSelection>(1, run ?? '');
    if (run !== view.run) view.selection = state.get() ?? {};
    view.onSelection = (selection) => state.set(selection);
    view.run = run;
  }
  await openPage<RunOpening>(remote, {
    begin: ({ catalog, hasGit, run, paused = [] }) => {
      view.catalog = catalog;
      view.paused = paused;
      view.hasGit = hasGit === true;
      show(run);
      document.body.append(view);
    },
    refresh: ({ catalog, hasGit, run, paused = [] }, isOther) => {
      view.paused = paused;
      if (isOther('catalog')) view.catalog = catalog;
      view.hasGit = hasGit === true;
      if (isOther('run')) show(run);
    },
  });
}

void start();
