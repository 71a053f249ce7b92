import { FlowError } from '../../plugins/sdk/index.ts';
import type { NotificationChannel } from '../model/api.ts';
import type { NotificationGroup, SmtpSettings, WorkspaceFile } from '../model/workspace.ts';
import type { RunnerLog } from './log.ts';

/** A message as people read it. */
export interface Notice {
  readonly level: 'success' | 'info' | 'warning' | 'error';
  /** One line. */
  readonly subject: string;
  readonly text: string;
}

export interface ChannelOptions {
  readonly config: () => WorkspaceFile;
  /** Fails with `SECRET_MISSING`. */
  readonly secret: (name: string) => Promise<string>;
  readonly log: RunnerLog;
  /** What sends to a webhook; tests give another one. */
  readonly fetch?: typeof fetch;
}

/** Of a message that nobody takes. */
const timeoutMs = 20_000;

/** The group, or `CONFIG_UNKNOWN_GROUP`. */
export function groupOf({ notifications }: WorkspaceFile, name: string): NotificationGroup {
  const groups = notifications?.groups ?? {};
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (!group) throw new FlowError('CONFIG_UNKNOWN_GROUP', `There is no notification group ${JSON.stringify(name)}.`, { details: { group: name, groups: Object.keys(groups) } });
  return group;
}

export const channelsOf = ({ email = [], slack, log }: NotificationGroup): NotificationChannel[] => [...(email.length > 0 ? ['email' as const] : []), ...(slack ? ['slack' as const] : []), ...(log ? ['log' as const] : [])];

/** Sends to one channel of a group, as patchbay.json says now. Fails with whatever keeps the message from being taken. */
export function createSender({ config, secret, log, fetch: send = fetch }: ChannelOptions): (group: string, channel: NotificationChannel, notice: Notice) => Promise<void> {
  const senders: Readonly<Record<NotificationChannel, (group: NotificationGroup, notice: Notice) => Promise<void>>> = {
    async email({ email = [] }, notice) {
      const smtp = config().notifications?.smtp;
      if (!smtp) throw new FlowError('CONFIG_INVALID', 'patchbay.json does not say how e-mail is sent.', { remedy: 'Add `notifications.smtp` with host and from.' });
      await sendMail(smtp, await passwordOf(smtp, secret), email, notice);
    },
    async slack({ slack }, { subject, text }) {
      if (!slack?.$secret) throw new FlowError('CONFIG_INVALID', 'The group names no webhook.', { remedy: 'Name it in patchbay.json: `"slack": {"$secret": "ops/slack"}`.' });
      const address = await secret(slack.$secret);
      const response = await send(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: `*${subject}*\n${text}` }), redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
        .catch((cause: Error) => { throw new FlowError('REMOTE_UNREACHABLE', `The webhook cannot be reached: ${(cause.cause as Error | undefined)?.message ?? cause.message}.`, { cause }); });
      if (!response.ok) throw new FlowError('REMOTE_STATUS', `The webhook answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
      await response.body?.cancel();
    },
    async log(_group, { level, subject, text }) {
      log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'info'](subject, { notification: text });
    },
  };
  return (group, channel, notice) => senders[channel](groupOf(config(), group), notice);
}

const passwordOf = async ({ password }: SmtpSettings, secret: ChannelOptions['secret']): Promise<string | undefined> => (password ? secret(password.$secret) : undefined);

/** A text, without attachments: neither files nor addresses are read for it. */
async function sendMail({ host, port, secure = port === 465, user, from }: SmtpSettings, password: string | undefined, to: readonly string[], { subject, text }: Notice): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host, secure, ...(port !== undefined && { port }), ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, disableFileAccess: true, disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: [...to], subject, text });
  } finally {
    transport.close();
  }
}
