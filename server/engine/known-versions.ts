/** Versions of records, by name, that are not to be given a second time. */
export interface KnownVersions {
  has(name: string): boolean;
  add(name: string): void;
}

const mostKnown = 100_000;

/**
 * `before`: those of the runs before, which are bounded already and may come at any time. Of what is read now the last ones are known, since a reading may go on
 * for days: what comes again does so at the boundary of a page or a window, where it was changed or others were put before it.
 */
export function knownVersions(before: Iterable<string>, most = mostKnown): KnownVersions {
  const old = new Set(before);
  const last = new Set<string>();
  return {
    has: (name) => old.has(name) || last.has(name),
    add(name) {
      last.add(name);
      if (last.size > most) last.delete(last.values().next().value!);
    },
  };
}
