import type { Define } from './program.ts';

/** All commands, in the order of the help. */
export const commands: readonly { readonly name: string; readonly summary: string; /** Not for users. */ readonly isHidden?: boolean; readonly load: () => Promise<{ readonly default: Define }> }[] = [
  { name: 'init', summary: 'Makes a workspace', load: () => import('./init.ts') },
  { name: 'new', summary: 'Makes a flow, a connector or a plugin from a template', load: () => import('./new.ts') },
  { name: 'run', summary: 'Runs a flow to its end', load: () => import('./run.ts') },
  { name: 'serve', summary: 'Serves a workspace: triggers, webhooks, API and operators’ page', load: () => import('./serve.ts') },
  { name: 'deploy', summary: 'Puts a flow, as its files are, into use on a server', load: () => import('./deploy.ts') },
  { name: 'versions', summary: 'Lists the deployed versions of a flow, and compares them', load: () => import('./versions.ts') },
  { name: 'rollback', summary: 'Puts a version of before into use', load: () => import('./rollback.ts') },
  { name: 'enable', summary: 'Lets the triggers of a flow start it', load: async () => ({ default: (await import('./enable.ts')).enable }) },
  { name: 'disable', summary: 'Keeps the triggers of a flow from starting it', load: async () => ({ default: (await import('./enable.ts')).disable }) },
  { name: 'schedule', summary: 'Says when the triggers of a flow fire next', load: () => import('./schedule.ts') },
  { name: 'lint', summary: 'Says what is wrong with the files of a workspace', load: () => import('./lint.ts') },
  { name: 'runs', summary: 'Lists, shows and stops runs, does them again and goes on with them', load: () => import('./runs.ts') },
  { name: 'replay', summary: 'Runs a run again from its recording, and compares', load: () => import('./replay.ts') },
  { name: 'transform', summary: 'Applies a transform to a value', load: () => import('./transform.ts') },
  { name: 'eval', summary: 'Evaluates an expression', load: () => import('./eval.ts') },
  { name: 'path', summary: 'Finds values in a JSON document', load: () => import('./path.ts') },
  { name: 'plugins', summary: 'Lists, shows and checks plugins', load: () => import('./plugins.ts') },
  { name: 'secrets', summary: 'Keeps secrets', load: () => import('./secrets.ts') },
  { name: 'caches', summary: 'Lists, shows and changes caches', load: () => import('./caches.ts') },
  { name: 'pools', summary: 'Lists, shows and changes de-duplication pools', load: () => import('./pools.ts') },
  { name: 'tracked', summary: 'Finds where tracked values were seen', load: () => import('./tracked.ts') },
  { name: 'lookups', summary: 'Lists, shows and changes lookups', load: () => import('./lookups.ts') },
  { name: 'doctor', summary: 'Writes a report about this machine and workspace, to paste into an issue', load: () => import('./doctor.ts') },
  { name: 'docs', summary: 'Writes the generated files of the Patchbay sources', isHidden: true, load: () => import('./docs.ts') },
];
