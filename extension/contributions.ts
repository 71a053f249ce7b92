import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { fileKinds, type FileKind } from '../server/model/workspace.ts';
import { commands, keybindings, menus } from './contributed-commands.ts';

/** What VS Code reads of `package.json`. This file is the source; the rest of `package.json` is left as it is, to the byte. */
const manifest = {
  main: './dist/extension.js',
  icon: 'extension/media/icon.png',
  categories: ['Debuggers', 'Visualization', 'Programming Languages', 'Other'],
  keywords: ['integration', 'ipaas', 'etl', 'api', 'webhook', 'data flow', 'mapping', 'low-code', 'connector', 'shopify', 'erp'],
  galleryBanner: { color: '#12303f', theme: 'dark' },
  // The runner and the files stand on the same machine.
  extensionKind: ['workspace'],
  capabilities: {
    untrustedWorkspaces: {
      supported: 'limited',
      description: 'In Restricted Mode flows can be viewed, edited and checked. Running them, plugins and scripts need a trusted workspace.',
      restrictedConfigurations: ['patchbay.runner.nodePath'],
    },
    virtualWorkspaces: { supported: false, description: 'Patchbay reads and runs files of this machine.' },
  },
  activationEvents: ['workspaceContains:patchbay.json', 'workspaceContains:**/*.flow.json', 'onDebugResolve:patchbay', 'onDebugDynamicConfigurations:patchbay'],
  contributes: {
    languages: languages(),
    grammars: languageIds().map((language) => ({ language, scopeName: 'source.json.patchbay', path: './extension/language/patchbay.tmLanguage.json' })),
    jsonLanguageParticipants: languageIds().map((languageId) => ({ languageId, comments: true })),
    jsonValidation: kinds().map((kind) => ({ fileMatch: pattern(kind), url: `./dist/schemas/${kind}.json` })),
    customEditors: [{ viewType: 'patchbay.flow', displayName: 'Flow Editor', selector: [{ filenamePattern: '*.flow.json' }], priority: 'default' }, { viewType: 'patchbay.runFile', displayName: 'Patchbay Run', selector: [{ filenamePattern: '*.patchbayrun' }], priority: 'default' }, { viewType: 'patchbay.connector', displayName: 'Connector Editor', selector: [{ filenamePattern: '*.connector.json' }], priority: 'default' }, { viewType: 'patchbay.instance', displayName: 'Instance Editor', selector: [{ filenamePattern: '*.instance.json' }], priority: 'default' }, { viewType: 'patchbay.environment', displayName: 'Environment Editor', selector: [{ filenamePattern: '**/environments/*.env.json' }], priority: 'default' }, { viewType: 'patchbay.lookup', displayName: 'Lookup Editor', selector: [{ filenamePattern: '**/lookups/**/*.csv' }], priority: 'default' }, { viewType: 'patchbay.map', displayName: 'Map Editor', selector: [{ filenamePattern: '*.map.json' }], priority: 'default' }],
    // Not JSON as such: in other files there is nothing to stop at.
    breakpoints: [{ language: 'patchbay-flow' }],
    debuggers: [debuggers()],
    commands,
    menus,
    keybindings,
    viewsContainers: { activitybar: [{ id: 'patchbay', title: 'Patchbay', icon: 'extension/media/activity.svg' }] },
    views: {
      patchbay: [
        { id: 'patchbay.project', name: 'Project', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', initialSize: 6 },
        { id: 'patchbay.environments', name: 'Environments', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', initialSize: 2 },
        { id: 'patchbay.runs', name: 'Runs', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', initialSize: 3 },
        { id: 'patchbay.data', name: 'Data', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', initialSize: 2, visibility: 'collapsed' },
        { id: 'patchbay.inbox', name: 'Webhooks', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', initialSize: 2 },
        { id: 'patchbay.plugins', name: 'Plugins', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', visibility: 'collapsed' },
      ],
      // Where VS Code's own outline is, which cannot serve a canvas.
      explorer: [{ id: 'patchbay.outline', name: 'Flow Outline', icon: 'extension/media/activity.svg', contextualTitle: 'Patchbay', when: 'patchbay.hasOutline' }],
    },
    viewsWelcome: [
      { view: 'patchbay.environments', contents: 'No environment yet. One says what is different where a flow runs: `environments/live.env.json`.\n[New Environment](command:patchbay.newEnvironment)' },
      { view: 'patchbay.project', contents: 'No flows here yet. The sample is a shop with 1,234 orders, and it runs on your machine without an account.\n[Open Sample](command:patchbay.openSample)\n[New Flow](command:patchbay.newFlow)\n[Import Connector](command:patchbay.importConnector)' },
      { view: 'patchbay.data', when: 'isWorkspaceTrusted', contents: 'Runs have kept nothing yet: no cached documents, no values that were seen, no cursors.' },
      { view: 'patchbay.data', when: '!isWorkspaceTrusted', contents: 'In Restricted Mode nothing runs.\n[Manage Workspace Trust](command:workbench.trust.manage)' },
      { view: 'patchbay.outline', contents: 'The flow has no steps yet, or cannot be read.' },
      { view: 'patchbay.runs', when: 'isWorkspaceTrusted && patchbay.runsKnown', contents: 'No flow has run yet.\n[Run Flow](command:patchbay.runFlow)' },
      { view: 'patchbay.runs', when: 'isWorkspaceTrusted && patchbay.runnerFailed', contents: 'The runner does not run.\n[Restart Runner](command:patchbay.restartRunner)\n[Show Log](command:patchbay.showLog)' },
      { view: 'patchbay.inbox', when: 'isWorkspaceTrusted', contents: 'No request has come to a webhook yet.\n[Open Webhook Inbox](command:patchbay.openInbox)\n[Copy Webhook URL](command:patchbay.copyHookUrl)' },
      { view: 'patchbay.inbox', when: '!isWorkspaceTrusted', contents: 'In Restricted Mode nothing runs.\n[Manage Workspace Trust](command:workbench.trust.manage)' },
      { view: 'patchbay.runs', when: '!isWorkspaceTrusted', contents: 'In Restricted Mode nothing runs.\n[Manage Workspace Trust](command:workbench.trust.manage)' },
    ],
    walkthroughs: [{
      id: 'start', title: 'Start with Patchbay', description: 'A flow that runs, in six steps.',
      steps: [
        step('sample', 'Open the sample', 'A shop and an ERP on your machine.\n[Open Sample](command:patchbay.openSample)', ['onCommand:patchbay.openSample']),
        step('run', 'Run a flow', 'Orders of the shop go to the ERP, in batches.\n[Run Flow](command:patchbay.runFlow)', ['onCommand:patchbay.runFlow']),
        step('payload', 'Look at a payload', 'Each step shows what came in and what went out.\n[Show Canvas](command:patchbay.showCanvas)', ['onCommand:patchbay.showCanvas', 'onCommand:patchbay.openRun']),
        step('debug', 'Stop and go back', 'Breakpoints on steps, and time travel through the recording.\n[Debug Flow](command:patchbay.debugFlow)', ['onCommand:patchbay.debugFlow', 'onCommand:patchbay.toggleBreakpoint']),
        step('webhook', 'Take a webhook', 'A payload of your own, as a webhook would bring it.\n[Run Flow with Payload](command:patchbay.runFlowWithPayload)', ['onCommand:patchbay.runFlowWithPayload']),
        step('connector', 'Add an API', 'From a cURL command, OpenAPI, Postman or HAR.\n[Import Connector](command:patchbay.importConnector)', ['onCommand:patchbay.importConnector']),
      ],
    }],
    configuration: {
      title: 'Patchbay',
      properties: {
        'patchbay.runner.nodePath': {
          type: 'string', default: '', scope: 'machine-overridable',
          markdownDescription: 'Node.js (22.18 or later) that runs flows. Empty: the one inside VS Code, so that nothing needs to be installed.',
        },
        'patchbay.login.port': {
          type: 'integer', default: 0, minimum: 0, maximum: 65_535, scope: 'machine-overridable',
          markdownDescription: 'Port of this machine to which the browser comes back from a login. 0: any that is free. Another one where the other system wants to know the whole address: `http://127.0.0.1:PORT/callback`.',
        },
        'patchbay.webhooks.publicUrl': {
          type: 'string', default: '', pattern: '^(https?://[^\\s?#@]+)?$', scope: 'machine-overridable',
          markdownDescription: 'Where senders of webhooks reach this machine, as through a tunnel: what stands before `/hooks/…`, such as `https://abc.tunnel.example`. Addresses are copied with it, and signatures of an address are checked with it. Empty: `server.publicUrl` of `patchbay.json`.',
        },
        'patchbay.canvas.singleKeys': { type: 'boolean', default: true, markdownDescription: 'Letters, digits and signs alone are commands on the canvas of a flow, such as `A` for *Add Step*, and in the editor of mappings, such as `M` for *Map Field to…*. Off: each of them is still in the Command Palette and can be bound to other keys.' },
        'patchbay.sample.folder': { type: 'string', default: '', scope: 'machine', markdownDescription: 'Where *Open Sample* puts the sample without asking. Empty: it asks, and offers `patchbay-sample` in your home folder.' },
      },
    },
  },
};

function step(id: string, title: string, description: string, completionEvents: readonly string[]): object {
  return { id, title, description, media: { markdown: `extension/walkthrough/${id}.md` }, completionEvents };
}

function debuggers(): object {
  const text = (description: string): object => ({ type: 'string', description });
  const launch = {
    flow: text('Id of the flow, or its file. Default the one in the editor.'), input: text('File with the payload; relative to the workspace.'), payload: { description: 'The payload itself.' }, env: text('Environment; default the one that is chosen.'),
    variables: { type: 'object', description: 'Flow variables.' }, now: { type: ['string', 'number'], description: 'Time that the run sees: a date, or milliseconds since the epoch.' }, seed: { type: 'integer', description: 'Seed of the random numbers.' },
    from: text('The step to begin at.'), until: text('The step to end at.'), stopOnEntry: { type: 'boolean', default: false, description: 'Stop at the first payload.' }, isWriteConfirmed: { type: 'boolean', default: false, description: 'Restart Frame and Set Next Step send again without a question, also what may be done twice by it.' }, run: text('Id of a past run, to go through its recording: nothing runs.'), test: text('File of tests, whose cases are run with their mocks, clock and seed.'), case: text('Name of the case; default all of the file.'),
  };
  const attach = { url: text('Address of a running `patchbay serve`; without it the runner of this window.'), token: text('Its token.'), flow: text('Runs of this flow; default of all.'), stopOnEntry: launch.stopOnEntry };
  return {
    type: 'patchbay', label: 'Patchbay', languages: ['patchbay-flow'],
    configurationAttributes: { launch: { properties: launch }, attach: { properties: attach } },
    initialConfigurations: [{ type: 'patchbay', request: 'launch', name: 'Debug Flow', flow: '${file}' }],
    configurationSnippets: [
      { label: 'Patchbay: Debug Flow', description: 'Runs a flow, and stops where it is to', body: { type: 'patchbay', request: 'launch', name: 'Debug ${1:flow}', flow: '${1:flow}', input: '${2:fixtures/payload.json}' } },
      { label: 'Patchbay: Attach to a Runner', description: 'Debugs runs that a runner starts', body: { type: 'patchbay', request: 'attach', name: 'Attach', url: '${1:http://127.0.0.1:7341}', token: '${2:token}' } },
    ],
    strings: { unverifiedBreakpoints: 'There is no step at this breakpoint.' },
  };
}

function languages(): object[] {
  const names: Readonly<Record<FileKind, string>> = { workspace: 'Workspace', flow: 'Flow', connector: 'Connector', instance: 'Instance', environment: 'Environment', map: 'Map', lookup: 'Lookup', test: 'Tests' };
  return kinds().map((kind) => ({
    id: `patchbay-${kind}`,
    aliases: [`Patchbay ${names[kind]}`],
    ...(kind === 'workspace' ? { filenames: [pattern(kind)] } : { filenamePatterns: [pattern(kind)] }),
    configuration: './extension/language/language-configuration.json',
    icon: { light: './extension/media/file-light.svg', dark: './extension/media/file-dark.svg' },
  }));
}

function kinds(): FileKind[] {
  return Object.keys(fileKinds) as FileKind[];
}

function languageIds(): string[] {
  return kinds().map((kind) => `patchbay-${kind}`);
}

function pattern(kind: FileKind): string {
  // Others have such files as well.
  if (kind === 'test') return '**/flows/**/*.test.json';
  const { ending } = fileKinds[kind];
  return ending.startsWith('.') ? `*${ending}` : ending;
}

/** The text of `package.json` with our keys in it. */
export function contribute(text: string): string {
  return Object.entries(manifest).reduce((result, [key, value]) => applyEdits(result, modify(result, [key], value, { formattingOptions: { tabSize: 2, insertSpaces: true, eol: '\n' } })), text);
}

async function main(options: readonly string[]): Promise<void> {
  const file = join(import.meta.dirname, '..', 'package.json');
  const text = await readFile(file, 'utf8');
  const wanted = contribute(text);
  if (wanted === text) return;
  if (!options.includes('--check')) return writeFile(file, wanted);
  console.error('package.json does not hold what extension/contributions.ts says. Run: npm run generate');
  process.exitCode = 1;
}

if (import.meta.main) await main(process.argv.slice(2));
