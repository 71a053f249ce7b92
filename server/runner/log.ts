import { pino, destination } from 'pino';

/** What the runner has to say to those who run it; the log of a run is in its recording. */
export interface RunnerLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLog: RunnerLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Lines of JSON on stderr: stdout belongs to the data. */
export function stderrLog(level: 'debug' | 'info' | 'warn' | 'error' = 'info'): RunnerLog {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, destination({ dest: 2, sync: true }));
  const to = (name: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields: Readonly<Record<string, unknown>> = {}): void => logger[name](fields, message);
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}

/** The same log with secrets masked in all that goes through it. */
export function maskedLog(log: RunnerLog, mask: <T>(value: T) => T): RunnerLog {
  const through = (name: keyof RunnerLog) => (message: string, fields?: Readonly<Record<string, unknown>>): void => log[name](mask(message), fields && mask(fields));
  return { debug: through('debug'), info: through('info'), warn: through('warn'), error: through('error') };
}
