import type { MenuContext } from '../webview/protocol/flow.ts';

const category = 'Patchbay';
const editorIsFlow = "activeCustomEditorId == 'patchbay.flow'";
const editorIsConnector = "activeCustomEditorId == 'patchbay.connector'";
const editorIsSettings = 'activeCustomEditorId =~ /^patchbay\\.(instance|environment)$/';
const textIsSettings = 'editorLangId =~ /^patchbay-(instance|environment)$/ && !activeCustomEditorId';
const editorIsLookup = "activeCustomEditorId == 'patchbay.lookup'";
const textIsLookup = 'resourcePath =~ /[\\/]lookups[\\/].*\\.csv$/ && !activeCustomEditorId';
const textIsConnector = 'editorLangId == patchbay-connector && !activeCustomEditorId';
const editorIsMap = "activeCustomEditorId == 'patchbay.map'";
const textIsMap = 'editorLangId == patchbay-map && !activeCustomEditorId';
const textIsFlow = 'editorLangId == patchbay-flow && !activeCustomEditorId';
const row = (kind: string): string => `view == patchbay.${kind === 'flow' ? 'project' : 'runs'} && viewItem =~ /^${kind}\\b/`;

/** What the canvas does, as commands, so that they stand in the palette and can be bound to keys. Their names are those of `FlowCommand`. */
export const canvasCommands = {
  add: 'Add Step…', note: 'Add Note', group: 'Group Steps…', connect: 'Link Step to…', data: 'Show Payloads of Step', minimap: 'Show or Hide Map of Flow', 'fit-selection': 'Fit Selection to Window', 'zoom-reset': 'Zoom to 100 %', help: 'Show Keys', find: 'Find Step', fit: 'Fit Flow to Window', 'zoom-in': 'Zoom In', 'zoom-out': 'Zoom Out', tidy: 'Tidy Layout', rename: 'Rename or Edit Text', disable: 'Disable or Enable',
  'edit-map': 'Edit Mapping of Step', duplicate: 'Duplicate', breakpoint: 'Toggle Breakpoint', cut: 'Cut', copy: 'Copy', paste: 'Paste', 'select-all': 'Select All', delete: 'Delete',
} as const;

/** What the editor of mappings does, also where one is open over its flow. Their names are those of `MapCommand`. */
export const mapCommands = {
  add: 'Add Rule…', 'map-to': 'Map Field to…', make: 'Make Value…', 'add-transform': 'Add Transform…', unmap: 'Unmap Field', duplicate: 'Duplicate Rule', suggest: 'Suggest Rules', table: 'Show Rules as Table or Trees', find: 'Filter Fields',
  'previous-record': 'Try Record Before', 'next-record': 'Try Record After', try: 'Try Again', 'paste-sample': 'Paste Sample…', 'pick-sample': 'Sample from File…', 'call-endpoint': 'Sample from Endpoint…', extract: 'Extract Rules to File…', 'to-script': 'Convert Transforms to Script…', help: 'Show Keys of Mapping',
} as const;

const maps = Object.entries(mapCommands).map(([name, title]) => ({ command: `patchbay.map.${name}`, title, category: 'Patchbay Map', enablement: `${editorIsMap} || ${editorIsFlow}` }));
const canvas = Object.entries(canvasCommands).map(([name, title]) => ({ command: `patchbay.canvas.${name}`, title, category: 'Patchbay Flow', enablement: editorIsFlow }));

export const commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly icon?: string; readonly enablement?: string }[] = [
  { command: 'patchbay.runFlow', title: 'Run Flow', category, icon: '$(play)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.runFlowWithPayload', title: 'Run Flow with Payload…', category, icon: '$(run-above)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.debugFlow', title: 'Debug Flow', category, icon: '$(debug-alt)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.runWithoutDebugging', title: 'Run Flow Without Debugging', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.debugRun', title: 'Debug Run (Replay)', category, icon: '$(debug-rerun)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.toggleBreakpoint', title: 'Toggle Breakpoint', category },
  { command: 'patchbay.conditionalBreakpoint', title: 'Add Conditional Breakpoint…', category },
  { command: 'patchbay.logPoint', title: 'Add Logpoint…', category },
  { command: 'patchbay.stopRun', title: 'Stop Run', category, icon: '$(debug-stop)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.openRun', title: 'Open Run', category, icon: '$(go-to-file)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.saveRunAsTest', title: 'Save Run as Test…', category, icon: '$(beaker)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.openInbox', title: 'Open Webhook Inbox', category, icon: '$(mail)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.replayRequest', title: 'Replay Request', category, icon: '$(debug-restart)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.replaySignedRequest', title: 'Sign Request Anew and Replay', category, icon: '$(key)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.copyHookUrl', title: 'Copy Webhook URL…', category, icon: '$(copy)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.newFlow', title: 'New Flow…', category, icon: '$(add)' },
  { command: 'patchbay.openSample', title: 'Open Sample', category },
  { command: 'patchbay.startSampleServers', title: 'Start Sample Servers', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.stopSampleServers', title: 'Stop Sample Servers', category, enablement: 'patchbay.sampleServersRun' },
  { command: 'patchbay.setSecret', title: 'Set Secret…', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.logIn', title: 'Log In to Instance…', category, icon: '$(sign-in)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.logOut', title: 'Log Out of Instance…', category, icon: '$(sign-out)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.selectEnvironment', title: 'Select Environment…', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.restartRunner', title: 'Restart Runner', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.showLog', title: 'Show Runner Log', category },
  { command: 'patchbay.openOperatorsPage', title: "Open Operators' Page", category, icon: '$(globe)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.exportFlow', title: 'Export Flow as Picture or Document…', category },
  { command: 'patchbay.formatFile', title: 'Format File', category },
  { command: 'patchbay.showText', title: 'Show JSON', category, icon: '$(json)' },
  { command: 'patchbay.showCanvas', title: 'Show Canvas', category, icon: '$(type-hierarchy-sub)' },
  { command: 'patchbay.showMap', title: 'Show Map Editor', category, icon: '$(arrow-swap)' },
  { command: 'patchbay.showConnector', title: 'Show Connector Editor', category, icon: '$(plug)' },
  { command: 'patchbay.showCsv', title: 'Show Text of Lookup', category, icon: '$(file-code)' },
  { command: 'patchbay.showSettings', title: 'Show Form', category, icon: '$(settings)' },
  { command: 'patchbay.showLookup', title: 'Show Lookup Editor', category, icon: '$(table)' },
  { command: 'patchbay.importConnector', title: 'Import Connector…', category, icon: '$(cloud-download)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.addToFlow', title: 'Add to Flow', category, icon: '$(add)' },
  { command: 'patchbay.copyPath', title: 'Copy Relative Path', category },
  { command: 'patchbay.newFile', title: 'New…', category, icon: '$(add)' },
  { command: 'patchbay.newEnvironment', title: 'New Environment…', category, icon: '$(add)' },
  { command: 'patchbay.duplicateFile', title: 'Duplicate…', category },
  { command: 'patchbay.renameFile', title: 'Rename…', category },
  { command: 'patchbay.deleteFile', title: 'Delete…', category, icon: '$(trash)' },
  { command: 'patchbay.useEnvironment', title: 'Use This Environment', category, icon: '$(check)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.refresh', title: 'Refresh', category, icon: '$(refresh)' },
  { command: 'patchbay.loadMoreRuns', title: 'Load More Runs', category },
  { command: 'patchbay.compareFlows', title: 'Compare Flows (Graph)', category, icon: '$(compare-changes)' },
  { command: 'patchbay.showOutline', title: 'Show Flow Outline', category, icon: '$(list-tree)' },
  { command: 'patchbay.revealStep', title: 'Show Step', category },
  { command: 'patchbay.openData', title: 'Open', category, icon: '$(go-to-file)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.searchData', title: 'Search…', category, icon: '$(search)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.copyData', title: 'Copy', category },
  { command: 'patchbay.deleteData', title: 'Delete…', category, icon: '$(trash)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.clearData', title: 'Clear…', category, icon: '$(clear-all)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.exportPool', title: 'Export…', category, enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.loadMoreData', title: 'Load More', category },
  { command: 'patchbay.showPlugins', title: 'Show Plugins', category },
  { command: 'patchbay.openPlugin', title: 'Show Documentation', category, icon: '$(book)' },
  { command: 'patchbay.reloadPlugins', title: 'Reload Plugins', category, icon: '$(refresh)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.addServer', title: 'Add Server…', category, icon: '$(server)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.removeServer', title: 'Remove Server…', category },
  { command: 'patchbay.openServerRun', title: 'Open Run', category, icon: '$(go-to-file)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.debugServer', title: 'Debug Runs of Server', category, icon: '$(debug-alt)', enablement: 'isWorkspaceTrusted' },
  { command: 'patchbay.status', title: 'Runner Actions…', category },
  ...canvas,
  ...maps,
];

const inSection = (sections: string): string => `webviewId == 'patchbay.flow' && webviewSection =~ /^(${sections})$/`;
/** Commands of the canvas in the menus of what lies on it. */
const onCanvas = (group: string, entries: readonly (readonly [name: keyof typeof canvasCommands, sections: string, key?: keyof MenuContext])[]) =>
  entries.map(([name, sections, key], index) => ({ command: `patchbay.canvas.${name}`, when: `${inSection(sections)}${key === undefined ? '' : ` && ${key}`}`, group: `${group}@${index + 1}` }));

const showKeys = { key: 'ctrl+k v', mac: 'cmd+k v' } as const;
/** In a tree: VS Code tells the command nothing of it, so the tree is its argument. */
const inTree = (command: string, key: string, view: string, mac?: string) => ({ command: `patchbay.${command}`, key, ...(mac !== undefined && { mac }), when: `focusedView == patchbay.${view} && listFocus && !inputFocus`, args: `patchbay.${view}` });
export const keybindings = [
  ...['project', 'environments'].flatMap((view) => [inTree('renameFile', 'f2', view), inTree('deleteFile', 'delete', view, 'cmd+backspace'), inTree('duplicateFile', 'ctrl+d', view, 'cmd+d')]),
  inTree('newFile', 'insert', 'project'), inTree('newEnvironment', 'insert', 'environments'), inTree('runFlow', 'ctrl+enter', 'project', 'cmd+enter'),
  inTree('deleteData', 'delete', 'data', 'cmd+backspace'), inTree('copyData', 'ctrl+c', 'data', 'cmd+c'), inTree('searchData', 'ctrl+f', 'data', 'cmd+f'), inTree('toggleBreakpoint', 'f9', 'outline'),
  { command: 'patchbay.canvas.breakpoint', key: 'f9', when: editorIsFlow },
  { command: 'patchbay.debugFlow', key: 'f5', when: `${editorIsFlow} && !inDebugMode` },
  { command: 'patchbay.runWithoutDebugging', key: 'ctrl+f5', when: `${editorIsFlow} && !inDebugMode` },
  // What it does in texts: they have an outline of VS Code's own.
  { command: 'patchbay.showOutline', key: 'ctrl+shift+o', mac: 'cmd+shift+o', when: editorIsFlow },
  { command: 'patchbay.showText', ...showKeys, when: `${editorIsFlow} || ${editorIsConnector} || ${editorIsMap} || ${editorIsSettings}` },
  { command: 'patchbay.showCanvas', ...showKeys, when: textIsFlow },
  { command: 'patchbay.showConnector', ...showKeys, when: textIsConnector },
  { command: 'patchbay.showMap', ...showKeys, when: textIsMap },
  { command: 'patchbay.showCsv', ...showKeys, when: editorIsLookup },
  { command: 'patchbay.showLookup', ...showKeys, when: textIsLookup },
  { command: 'patchbay.showSettings', ...showKeys, when: textIsSettings },
];

export const menus = {
  commandPalette: [
    { command: 'patchbay.loadMoreRuns', when: 'false' },
    ...['copyPath', 'renameFile', 'duplicateFile', 'deleteFile', 'useEnvironment', 'revealStep', 'openData', 'searchData', 'copyData', 'deleteData', 'clearData', 'exportPool', 'loadMoreData', 'openPlugin', 'removeServer', 'openServerRun', 'debugServer'].map((name) => ({ command: `patchbay.${name}`, when: 'false' })),
    { command: 'patchbay.refresh', when: 'false' },
    { command: 'patchbay.showOutline', when: `${editorIsFlow} || ${textIsFlow}` },
    ...['debugRun', 'runWithoutDebugging'].map((name) => ({ command: `patchbay.${name}`, when: 'false' })),
    { command: 'patchbay.replayRequest', when: 'false' },
    { command: 'patchbay.replaySignedRequest', when: 'false' },
    ...['toggleBreakpoint', 'conditionalBreakpoint', 'logPoint'].map((name) => ({ command: `patchbay.${name}`, when: 'false' })),
    { command: 'patchbay.showText', when: `${editorIsFlow} || ${editorIsConnector} || ${editorIsMap} || ${editorIsSettings}` },
    { command: 'patchbay.showConnector', when: textIsConnector },
    { command: 'patchbay.showMap', when: textIsMap },
    { command: 'patchbay.showCsv', when: editorIsLookup },
    { command: 'patchbay.showLookup', when: textIsLookup },
    { command: 'patchbay.showSettings', when: textIsSettings },
    { command: 'patchbay.showCanvas', when: textIsFlow },
    { command: 'patchbay.addToFlow', when: editorIsFlow },
    ...canvas.map(({ command }) => ({ command, when: editorIsFlow })),
    ...maps.map(({ command }) => ({ command, when: `${editorIsMap} || ${editorIsFlow}` })),
  ],
  'editor/title': [
    { command: 'patchbay.runFlow', when: `${editorIsFlow} || ${textIsFlow}`, group: 'navigation@1' },
    { command: 'patchbay.debugFlow', when: `${editorIsFlow} || ${textIsFlow}`, group: 'navigation@2' },
    { command: 'patchbay.showText', when: `${editorIsFlow} || ${editorIsConnector} || ${editorIsMap} || ${editorIsSettings}`, group: 'navigation@2' },
    { command: 'patchbay.showConnector', when: textIsConnector, group: 'navigation@2' },
    { command: 'patchbay.showMap', when: textIsMap, group: 'navigation@2' },
    { command: 'patchbay.showCsv', when: editorIsLookup, group: 'navigation@2' },
    { command: 'patchbay.showLookup', when: textIsLookup, group: 'navigation@2' },
    { command: 'patchbay.showSettings', when: textIsSettings, group: 'navigation@2' },
    { command: 'patchbay.showCanvas', when: textIsFlow, group: 'navigation@2' },
    { command: 'patchbay.runFlowWithPayload', when: `${editorIsFlow} || ${textIsFlow}`, group: '1_run@1' },
    { command: 'patchbay.compareFlows', when: 'isInDiffEditor && resourceFilename =~ /\\.flow\\.json$/', group: 'navigation@1' },
  ],
  'scm/resourceState/context': [{ command: 'patchbay.compareFlows', when: 'scmProvider == git && resourceFilename =~ /\\.flow\\.json$/', group: '1_open@9' }],
  'explorer/context': [
    { command: 'patchbay.runFlow', when: 'resourceFilename =~ /\\.flow\\.json$/', group: 'navigation@40' },
    { command: 'patchbay.debugFlow', when: 'resourceFilename =~ /\\.flow\\.json$/', group: 'navigation@41' },
    { command: 'patchbay.logIn', when: 'resourceFilename =~ /\\.instance\\.json$/', group: 'navigation@40' },
    { command: 'patchbay.logOut', when: 'resourceFilename =~ /\\.instance\\.json$/', group: 'navigation@41' },
    { command: 'patchbay.importConnector', when: 'explorerResourceIsFolder && resourcePath =~ /[\\/]connectors([\\/]|$)/', group: 'navigation@40' },
    { command: 'patchbay.newFlow', when: 'explorerResourceIsFolder && resourcePath =~ /[\\/]flows([\\/]|$)/', group: 'navigation@40' },
  ],
  'view/title': [
    { command: 'patchbay.newFile', when: 'view == patchbay.project', group: 'navigation@1' },
    { command: 'patchbay.newEnvironment', when: 'view == patchbay.environments', group: 'navigation@1' },
    { command: 'patchbay.importConnector', when: 'view == patchbay.project', group: '1_new@1' },
    { command: 'patchbay.openSample', when: 'view == patchbay.project', group: '1_new@2' },
    { command: 'patchbay.refresh', when: 'view =~ /^patchbay\\.(project|runs|data)$/', group: 'navigation@3' },
    { command: 'patchbay.addServer', when: 'view == patchbay.runs', group: '1_server@1' },
    { command: 'patchbay.reloadPlugins', when: 'view == patchbay.plugins', group: 'navigation@1' },
    { command: 'patchbay.openOperatorsPage', when: 'view == patchbay.runs', group: 'navigation@1' },
    { command: 'patchbay.openInbox', when: 'view == patchbay.inbox', group: 'navigation@1' },
    { command: 'patchbay.copyHookUrl', when: 'view == patchbay.inbox', group: 'navigation@2' },
  ],
  'view/item/context': [
    { command: 'patchbay.runFlow', when: row('flow'), group: 'inline@1' },
    { command: 'patchbay.debugFlow', when: row('flow'), group: 'inline@2' },
    { command: 'patchbay.runFlow', when: row('flow'), group: '1_run@1' },
    { command: 'patchbay.debugFlow', when: row('flow'), group: '1_run@3' },
    { command: 'patchbay.runFlowWithPayload', when: row('flow'), group: '1_run@2' },
    { command: 'patchbay.openRun', when: row('flow'), group: '2_open@1' },
    { command: 'patchbay.showText', when: row('flow'), group: '2_open@2' },
    ...['patchbay.project', 'patchbay.environments'].flatMap((view) => [
      { command: 'patchbay.showText', when: `view == ${view} && viewItem =~ /^(file\\.json|environment)/`, group: '2_open@1' },
      { command: 'patchbay.duplicateFile', when: `view == ${view} && viewItem =~ /^(file(?!\\.json\\.test)|environment|flow)/`, group: '7_delete@0' },
      { command: 'patchbay.copyPath', when: `view == ${view} && viewItem =~ /^(file|environment|flow)/`, group: '6_copy@1' },
      { command: 'patchbay.renameFile', when: `view == ${view} && viewItem =~ /^(file|environment|flow)/`, group: '7_delete@1' },
      { command: 'patchbay.deleteFile', when: `view == ${view} && viewItem =~ /^(file|environment|flow)/`, group: '7_delete@2' },
    ]),
    { command: 'patchbay.useEnvironment', when: 'view == patchbay.environments && viewItem == environment', group: 'inline@1' },
    { command: 'patchbay.useEnvironment', when: 'view == patchbay.environments && viewItem == environment', group: '1_use@1' },
    { command: 'patchbay.logIn', when: 'view == patchbay.project && viewItem == file.json.instance', group: '1_use@1' },
    { command: 'patchbay.newFile', when: 'view == patchbay.project && viewItem =~ /^group\\./', group: 'inline@1' },
    { command: 'patchbay.newFile', when: 'view == patchbay.project && viewItem =~ /^group\\./', group: '1_new@1' },
    { command: 'patchbay.compareFlows', when: 'view == patchbay.project && viewItem == flow', group: '2_open@3' },
    ...['toggleBreakpoint', 'conditionalBreakpoint', 'logPoint'].map((name, index) => ({ command: `patchbay.${name}`, when: 'view == patchbay.outline && viewItem == step', group: `1_debug@${index + 1}` })),
    { command: 'patchbay.searchData', when: 'view == patchbay.data && viewItem =~ /^(cache|pool|data-group\\.searched)$/', group: 'inline@1' },
    { command: 'patchbay.searchData', when: 'view == patchbay.data && viewItem =~ /^(cache|pool|data-group\\.searched)$/', group: '1_open@2' },
    { command: 'patchbay.openData', when: 'view == patchbay.data && viewItem =~ /^(cache-key|cursor)$/', group: '1_open@1' },
    { command: 'patchbay.copyData', when: 'view == patchbay.data && viewItem =~ /^(cache|cache-key|pool|pool-value|cursor)$/', group: '6_copy@1' },
    { command: 'patchbay.exportPool', when: 'view == patchbay.data && viewItem == pool', group: '6_copy@2' },
    { command: 'patchbay.deleteData', when: 'view == patchbay.data && viewItem =~ /^(cache-key|pool-value|cursor)$/', group: 'inline@1' },
    { command: 'patchbay.deleteData', when: 'view == patchbay.data && viewItem =~ /^(cache-key|pool-value|cursor)$/', group: '7_delete@1' },
    { command: 'patchbay.clearData', when: 'view == patchbay.data && viewItem =~ /^(cache|pool)$/', group: '7_delete@2' },
    { command: 'patchbay.openPlugin', when: 'view == patchbay.plugins && viewItem =~ /^plugin(\\.shape)?$/', group: '1_open@1' },
    { command: 'patchbay.addToFlow', when: 'view == patchbay.plugins && viewItem == plugin.shape', group: '1_open@2' },
    { command: 'patchbay.addToFlow', when: 'view == patchbay.project && viewItem =~ /^(flow|endpoint|file\\.json\\.(instance|map)|file\\.script)$/', group: '3_add@1' },
    { command: 'patchbay.debugServer', when: 'view == patchbay.runs && viewItem == server', group: '1_open@1' },
    { command: 'patchbay.addServer', when: 'view == patchbay.runs && viewItem == server', group: '1_open@2' },
    { command: 'patchbay.removeServer', when: 'view == patchbay.runs && viewItem == server', group: '7_delete@1' },
    { command: 'patchbay.openServerRun', when: 'view == patchbay.runs && viewItem == server-run', group: '1_open@1' },
    { command: 'patchbay.openRun', when: row('run'), group: '1_open@1' },
    { command: 'patchbay.debugRun', when: 'view == patchbay.runs && viewItem == run.done', group: '1_open@2' },
    { command: 'patchbay.saveRunAsTest', when: 'view == patchbay.runs && viewItem == run.done', group: '1_open@3' },
    { command: 'patchbay.replayRequest', when: 'view == patchbay.inbox && viewItem == inbox', group: 'inline@1' },
    { command: 'patchbay.openInbox', when: 'view == patchbay.inbox && viewItem == inbox', group: '1_open@1' },
    { command: 'patchbay.replayRequest', when: 'view == patchbay.inbox && viewItem == inbox', group: '1_open@2' },
    { command: 'patchbay.replaySignedRequest', when: 'view == patchbay.inbox && viewItem == inbox', group: '1_open@3' },
    { command: 'patchbay.stopRun', when: 'view == patchbay.runs && viewItem == run.live', group: 'inline@1' },
    { command: 'patchbay.stopRun', when: 'view == patchbay.runs && viewItem == run.live', group: '1_open@2' },
  ],
  'webview/context': [
    ...onCanvas('1_add', [['add', 'canvas|link|step|trigger', 'canEdit'], ['note', 'canvas|step', 'canEdit'], ['connect', 'step|trigger', 'canEdit']]),
    ...onCanvas('2_open', [['data', 'step'], ['edit-map', 'step', 'hasMapping']]),
    ...['toggleBreakpoint', 'conditionalBreakpoint', 'logPoint'].map((name, index) => ({ command: `patchbay.${name}`, when: inSection('step'), group: `3_debug@${index + 1}` })),
    ...onCanvas('4_edit', [['rename', 'step|note|group', 'canEdit'], ['disable', 'step|trigger', 'canEdit'], ['group', 'step|group', 'canEdit']]),
    ...onCanvas('5_copy', [['cut', 'step|note|group', 'canEdit'], ['copy', 'step|note|group'], ['paste', 'canvas|step|note|group', 'canEdit'], ['duplicate', 'step|note|group', 'canEdit']]),
    ...onCanvas('7_delete', [['delete', 'step|note|group|trigger|link', 'canEdit']]),
    ...onCanvas('8_view', [['select-all', 'canvas'], ['fit', 'canvas'], ['tidy', 'canvas', 'canEdit']]),
  ],
};
