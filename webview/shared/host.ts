import type { Port } from '../protocol/rpc.ts';
import { leaveChords } from './chords.ts';

/** What VS Code gives to the script of a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

interface HostGlobals {
  acquireVsCodeApi?: () => VsCodeApi;
  /** The other side, where the page runs in a plain browser: the page itself installs it before the first call. */
  patchbayHost?: Port;
  /** Stands in for the state that VS Code keeps for a webview. */
  patchbayState?: unknown;
}

const globals = globalThis as HostGlobals;
let acquired: VsCodeApi | undefined;

/** The way to the host: VS Code's message channel, or the port of the plain page. VS Code allows its API to be taken once only, so it is kept here. */
export function hostPort(): Port {
  const api = vsCodeApi();
  if (api) return vsCodePort(api);
  if (globals.patchbayHost) return globals.patchbayHost;
  throw new Error('This page needs a host: it runs in a webview of VS Code, or on a page which installs globalThis.patchbayHost.');
}

/** What the host put into the page. */
export function bootData<T>(): T | undefined {
  const text = document.getElementById('patchbay-boot')?.textContent;
  return text ? (JSON.parse(text) as T) : undefined;
}

export interface ViewState<T> {
  get(): T | undefined;
  set(state: T): void;
}

/**
 * What a view keeps while its tab is hidden: selection, zoom, drafts; never data of the host. A few KB.
 * State of another `version`, or of another document (`subject`), is as none.
 */
export function viewState<T>(version: number, subject: string): ViewState<T> {
  return {
    get() {
      const api = vsCodeApi();
      const kept = (api ? api.getState() : globals.patchbayState) as { version?: unknown; subject?: unknown; state?: T } | null | undefined;
      return kept?.version === version && kept.subject === subject ? kept.state : undefined;
    },
    set(state) {
      const kept = { version, subject, state };
      const api = vsCodeApi();
      if (api) api.setState(kept);
      else globals.patchbayState = kept;
    },
  };
}

function vsCodeApi(): VsCodeApi | undefined {
  if (!acquired && globals.acquireVsCodeApi) {
    acquired = globals.acquireVsCodeApi();
    leaveChords(globalThis);
  }
  return acquired;
}

function vsCodePort(api: VsCodeApi): Port {
  return {
    post: api.postMessage.bind(api),
    listen(handler) {
      const listener = (event: MessageEvent): void => {
        // VS Code posts its own messages, too; ours have a kind.
        if (typeof event.data === 'object' && event.data !== null && 'kind' in event.data) handler(event.data);
      };
      addEventListener('message', listener);
      return () => removeEventListener('message', listener);
    },
  };
}
