/** What `JSON.parse` says of a text, without the place, and how many characters of the text stand before that, where it says so. */
export function jsonReason(cause: unknown): { readonly reason: string; readonly at?: number } {
  const { message } = cause as Error;
  const [, reason = message.replace(/, (?:\.\.\.)?".*$/s, ''), position] = /^(.+?)(?: in JSON)? at position (\d+)(?: \(line \d+ column \d+\))?$/s.exec(message) ?? [];
  return { reason, ...(position !== undefined && { at: Number(position) }) };
}
