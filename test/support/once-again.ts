/**
 * Does it, and where that fails once again, under another name. The first failure is printed with its stack as `again: <name>: <error>`; the second is thrown.
 * For what has so many parts that are not ours that one of them may come late.
 */
export async function onceAgain(name: string, attempt: (name: string) => Promise<void>, print: (line: string) => void = console.log): Promise<void> {
  try {
    await attempt(name);
  } catch (error) {
    print(`again: ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    await attempt(`${name} again`);
  }
}
