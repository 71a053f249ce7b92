/** What `patchbay new` and `patchbay init` write. Modules rather than files, so that a bundle has them too. */
export interface Template {
  readonly summary: string;
  /** Path below the root → text. */
  files(name: string): Readonly<Record<string, string>>;
}

/** `import-orders` → `Import orders`; of an id in a folder, the last part. */
export function titleOf(name: string): string {
  const words = name.split('/').at(-1)!.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
