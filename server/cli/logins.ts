import type { LoginState } from '../model/api.ts';
import type { Define, Session } from './program.ts';
import { table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly env?: string; readonly method?: string; readonly json?: boolean }

/** `logins` */
export const list: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay logins\n  patchbay logins --env production --json\n');
  command.option('--env <name>', 'environment of the instances').option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action(async (options: Options) => {
      const { terminal } = session;
      const states = await opened(session, options, ({ logins }) => logins.list());
      if (options.json) return writeJson(terminal, states);
      if (states.length === 0) return terminal.say('No instance needs a login.\n');
      const hasMethods = states.some(({ method }) => method !== undefined);
      terminal.out(table(['instance', ...(hasMethods ? ['method'] : []), 'login', ''], states.map((state) => [state.instance, ...(hasMethods ? [state.method ?? ''] : []), words[state.state], more(state)])));
    });
};

/** `logout` */
export const logout: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay logout shop-eu\n');
  command.argument('<instance>', 'id of the instance').option('--method <name>', 'auth method of the connector, where an endpoint has one of its own').option('--env <name>', 'environment of the instance').option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action(async (instance: string, options: Options) => {
      const { terminal } = session;
      const isEnded = await opened(session, options, ({ logins }) => logins.end(instance, { method: options.method }));
      if (options.json) writeJson(terminal, { instance, isEnded });
      else terminal.say(isEnded ? `Logged out of ${instance}. The other system is not told: end the access of Patchbay there, too, where it must not count any more.\n` : `Nobody was logged in to ${instance}.\n`);
    });
};

const words: Readonly<Record<LoginState['state'], string>> = { in: 'logged in', ended: 'ended', out: 'not logged in', unknown: 'unknown' };

function more({ state, until, isRenewed, problem }: LoginState): string {
  if (problem !== undefined) return problem;
  if (state === 'in') return isRenewed ? 'renewed by itself' : until === undefined ? '' : `until ${new Date(until).toISOString()}`;
  return state === 'ended' && until !== undefined ? `since ${new Date(until).toISOString()}` : '';
}

function opened<T>(session: Session, { env, ...options }: Options, work: Parameters<typeof withRunner<T>>[2]): Promise<T> {
  return withRunner(session, { root: workspaceOf(session.terminal, options), ...(env !== undefined && { environment: env }) }, work);
}
