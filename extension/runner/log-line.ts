/** What a log of VS Code can do, as far as it is needed here. */
type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>;

/** Writes a line that the runner has written: one JSON object per line, as its log makes them; what else comes is shown as it is, at a level that `otherwise` says. */
export function logLine(log: Log, otherwise: 'info' | 'error', line: string): void {
  const entry = entryOf(line);
  if (!entry) return log[otherwise](line);
  const { level, msg = '', time: _time, ...fields } = entry;
  const rest = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  log[level === 'debug' || level === 'warn' || level === 'error' ? level : 'info'](`${msg}${rest}`);
}

function entryOf(line: string): ({ level?: string; msg?: string } & Record<string, unknown>) | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as { level?: string; msg?: string };
  } catch {
    return undefined;
  }
}
