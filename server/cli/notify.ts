import { exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, time, type StateOptions } from './state-command.ts';
import { paint, table, withoutControls, writeJson } from './terminal.ts';

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay notify\n  patchbay notify test ops\n');
  common(command.command('list', { isDefault: true }).description('Lists the groups, and messages that could not be sent.')).action((options: StateOptions) => list(session, options));
  common(command.command('test').description('Sends a message to a group at once.').argument('<group>', 'name of the group')).action((group: string, options: StateOptions) => test(session, group, options));
};
export default define;

const list = (session: Session, options: StateOptions): Promise<void> => inWorkspace(session, options, async ({ notifications }) => {
  const { terminal } = session;
  const state = await notifications.state();
  if (options.json) return writeJson(terminal, state);
  if (state.groups.length === 0) return terminal.say('There are no groups: see `notifications` of patchbay.json.\n');
  terminal.out(table(['group', 'channels', 'on failure'], state.groups.map(({ name, channels, isOnFailure }) => [name, channels.join(', '), isOnFailure ? 'yes' : ''])));
  if (state.waiting > 0) terminal.say(`${state.waiting === 1 ? 'A message waits' : `${state.waiting} messages wait`} to be sent.\n`);
  for (const { group, channel, attempts, error, nextAt } of state.troubles) terminal.say(`${group}, ${channel}: ${withoutControls(error)} ${nextAt === undefined ? `Given up after ${attempts} attempts.` : `Tried ${attempts === 1 ? 'once' : `${attempts} times`}, again at ${time(nextAt)}.`}\n`);
});

const test = (session: Session, group: string, options: StateOptions): Promise<void> => inWorkspace(session, options, async ({ notifications }) => {
  const { terminal } = session;
  const answer = await notifications.test(group);
  if (options.json) writeJson(terminal, answer);
  else if (answer.results.length === 0) terminal.say(`The group ${group} has no channel: give it email, slack or log in patchbay.json.\n`);
  else for (const { channel, isSent, error } of answer.results) terminal.say(`${channel}: ${isSent ? paint(terminal, 'green', 'sent') : `${paint(terminal, 'red', 'not sent')}: ${withoutControls(error ?? '')}`}\n`);
  if (answer.results.length === 0 || answer.results.some(({ isSent }) => !isSent)) session.exitCode = exit.failed;
});
