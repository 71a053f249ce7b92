import { lookupTypes } from '../../server/model/lookup-file.ts';
import { importKinds, type ConnectorHost } from '../../webview/protocol/connector.ts';
import type { FlowHost } from '../../webview/protocol/flow.ts';
import type { InboxHost } from '../../webview/protocol/inbox.ts';
import type { LookupHost } from '../../webview/protocol/lookup.ts';
import type { MapFileHost, MapHost } from '../../webview/protocol/map.ts';
import type { RunHost } from '../../webview/protocol/run.ts';
import type { SettingsHost } from '../../webview/protocol/settings.ts';
import { count, either, flag, integer, json, list, map, object, one, optional, text, variant, type Check } from './checked.ts';

/** What the screens may send, function by function. */
type Checks<Host> = { readonly [K in keyof Host]: readonly Check[] };

const side = one('in', 'out', 'failed');
const window = object({ path: text, offset: count, limit: count });
const bodies = {
  body: [text, text, window], findInBody: [text, text, object({ text, cursor: optional(text), skip: optional(count), limit: optional(count) })], queryBody: [text, text, object({ path: text, offset: optional(count), limit: optional(count) })],
  openBody: [text, text, text], saveBody: [text, text, text],
} as const;
const diffSide = object({ run: text, step: text, side, port: optional(text), payload: optional(text), from: optional(text) });
const diffOrder = object({ before: diffSide, after: diffSide, key: optional(text), ignore: optional(list(text)) });
const diffs = { payloadDiff: [diffOrder], openDiff: [diffOrder, text], lineage: [text, object({ step: text, side, payload: text, pointer: text })] } as const;
const port = object({ step: text, port: text });
const pair: Check = (value) => (Array.isArray(value) && value.length === 2 && value.every((part) => integer(part) === undefined) ? undefined : 'is no position');
const path = list(either(text, count));
const step = object({
  shape: text, title: optional(text), notes: optional(text), settings: optional(map(json)), disabled: optional(flag), timeoutMs: optional(integer), retry: optional(map(json)),
  concurrency: optional(integer), waitForAll: optional(flag), next: optional(map(text)),
});
/** A step from the clipboard may have keys that this version does not know; they are kept and reported like those in a file. */
const anyStep: Check = (value) => map(json)(value) ?? text((value as { shape?: unknown }).shape);

const change = variant('op', {
  'add-step': { id: text, step, after: optional(port), start: optional(flag), position: optional(pair) },
  'remove-steps': { ids: list(text) },
  'rename-step': { from: text, to: text },
  connect: { from: port, to: text },
  disconnect: { from: port },
  'set-start': { step: text },
  set: { step: text, path, value: json },
  'set-flow': { path, value: json },
  move: { positions: map(optional(pair)) },
  paste: { steps: map(anyStep), positions: optional(map(pair)), after: optional(port) },
});

const keys: Check = (value) => path(value) ?? ((value as readonly unknown[]).length > 0 ? undefined : 'is no place');
const mapChange = variant('op', { set: { path: keys, value: json }, insert: { path: keys, index: count, value: json }, move: { path: keys, from: count, to: count } });
const mapChecks: Checks<MapHost> = {
  editMap: [optional(text), list(mapChange), count],
  lookAtMap: [optional(text)],
  tryMap: [optional(text), count],
  suggestRules: [optional(text)],
  pickSample: [optional(text)],
  callEndpoint: [optional(text)],
  useSample: [optional(text), optional(text)],
  extractMap: [text, count],
  convertRule: [optional(text), count, count],
};

export const mapFileChecks: Checks<MapFileHost> = { ...mapChecks, open: [], openText: [optional(text)], openFile: [text] };

export const flowChecks: Checks<FlowHost> = {
  ...mapChecks,
  open: [],
  edit: [list(change), count],
  pickShape: [],
  dragged: [],
  askText: [object({ title: text, value: optional(text), prompt: optional(text), idOf: optional(text) })],
  run: [object({ payload: optional(text), debug: optional(flag) })],
  breakpoint: [text],
  stop: [text],
  selected: [optional(text)],
  openText: [optional(text)],
  openFile: [text],
  openRun: [text],
  payloads: [text, text, side, count],
  ...bodies,
  ...diffs,
  evaluate: [text, text],
  complete: [object({ step: text, keys: path, text, offset: count })],
};

const again = object({ payload: optional(text), mediaType: optional(text), version: optional(one('then', 'now', 'committed')) });

export const runChecks: Checks<RunHost> = {
  open: [],
  run: [text],
  payloads: [text, text, side, count],
  exchanges: [text, optional(text), count],
  logs: [text, object({ step: optional(text), level: optional(text), page: optional(count) })],
  ...bodies,
  again: [text, again],
  resume: [text, optional(text)],
  replay: [text, again],
  ...diffs,
  runsOf: [text],
  exportRun: [text],
  runDiff: [text, text, object({ key: optional(text), ignore: optional(list(text)) })],
  stop: [text],
  follow: [optional(text)],
  openFlow: [text, optional(text)],
};

const draft = { method: optional(text), query: optional(text), headers: optional(map(text)), body: optional(text), encoding: optional(one('text', 'base64')), sign: optional(flag), delivery: optional(text) };
const replay = { ...draft, times: optional(count), delayMs: optional(count), sameDelivery: optional(flag) };

export const inboxChecks: Checks<InboxHost> = {
  open: [],
  state: [],
  list: [count],
  request: [count],
  markRead: [optional(list(count))],
  pin: [count, flag],
  remove: [optional(count)],
  pause: [flag],
  setRule: [object({
    flow: text, trigger: optional(text), mode: one('flow', 'capture'), answer: optional(object({ status: count, headers: optional(map(text)), body: optional(text), delayMs: optional(count) })), fail: optional(object({ first: count, status: count })),
  })],
  removeRule: [text, optional(text)],
  send: [text, optional(text), object(draft)],
  replay: [count, object(replay)],
  saveTest: [count],
  compare: [count, count],
  openRun: [text],
};

const connectorChange = variant('op', { set: { path: keys, value: json }, rename: { path: keys, to: text } });

export const connectorChecks: Checks<ConnectorHost> = {
  open: [],
  edit: [list(connectorChange), count],
  openText: [optional(text)],
  openFile: [text],
  try: [object({
    instance: text, endpoint: optional(text), params: optional(map(json)), payload: optional(object({ body: json, mediaType: text })), pages: optional(count), environment: optional(text), isMocked: optional(flag),
    confirm: optional(list(one('write', 'production'))),
  })],
  stopTrial: [],
  body: [text, window],
  saveBody: [text, text],
  detect: [text],
  logIn: [text, optional(text)],
  setSecret: [],
  startMock: [],
  stopMock: [],
  import: [one(...importKinds)],
  newInstance: [],
};

const filter = object({ text: optional(text), columns: optional(map(text)), sort: optional(text) });
const range = object({ top: count, left: count, bottom: count, right: count });
const place = object({ row: integer, column: integer });
const query = object({ text, matchCase: flag, wholeCell: flag });
const cells = list(list(text));
const columnChange: Check = (value) => (['rename', 'add', 'remove'].some((key) => value !== null && typeof value === 'object' && key in value) ? object({ rename: optional(count), to: optional(text), add: optional(text), remove: optional(count) })(value) : 'is no change of columns');
const lookupAction = variant('op', {
  set: { cells, range }, clear: { range }, 'fill-down': { range }, insert: { before: optional(count), count }, remove: { first: count, last: count }, columns: { change: columnChange },
  replace: { query, text, at: optional(place) }, begin: { cells },
});

export const lookupChecks: Checks<LookupHost> = {
  open: [],
  rows: [filter, count],
  cells: [filter, range],
  edit: [lookupAction, filter, count],
  find: [query, filter, place, flag],
  locate: [filter, count],
  test: [list(text), object({ from: optional(text), to: optional(text), reverse: optional(flag) })],
  import: [],
  export: [filter],
  setColumn: [text, object({ type: one(...lookupTypes), required: flag, isKey: flag })],
  openText: [optional(count)],
  openSettings: [],
  openFile: [text, optional(text)],
};

export const settingsChecks: Checks<SettingsHost> = {
  open: [],
  edit: [list(object({ path: keys, value: optional(json) })), count],
  openText: [optional(text)],
  openFile: [text],
  setSecret: [text],
  removeSecret: [text],
  keepSecret: [keys, text],
  test: [text, optional(text), list(one('write', 'production'))],
  stopTest: [],
  body: [text, window],
  saveBody: [text, text],
  logIn: [text, optional(text)],
  logOut: [text, optional(text), optional(text)],
};
