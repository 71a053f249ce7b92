/** The commands of a remedy for the run that is looked at: they stand there with `RUN` where its id belongs. */
export const commandsOf = (remedy: string, run: string | undefined): string => (run === undefined ? remedy : remedy.replaceAll(/`patchbay [^`]*`/g, (command) => command.replaceAll(/\bRUN\b/g, () => run)));
