/** The commands of a shell text as words, with quotes and escapes taken away as POSIX shells and bash's `$'…'` do. Nothing is ever expanded or run. */
export declare function shellCommands(text: string): string[][];
