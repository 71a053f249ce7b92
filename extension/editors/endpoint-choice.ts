import type { Imported } from '../../server/model/import-plan.ts';
import { partOf, plainAddress } from '../../server/model/import-part.ts';
import { mostCharacters } from '../../server/model/read.ts';
import { serialize } from '../../server/model/serialize.ts';
import { counted } from '../../server/model/words.ts';

/** A row to tick: an endpoint, or a tag, which stands for all of its endpoints. */
export interface Choice {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  readonly endpoints: readonly string[];
  readonly isTag: boolean;
}

/** The rows for what a description holds: its tags first, where they tell endpoints apart, then the endpoints. */
export function choicesOf({ manifest, tags = {} }: Pick<Imported, 'manifest' | 'tags'>): readonly Choice[] {
  const names = Object.keys(manifest.endpoints);
  const byTag = new Map<string, string[]>();
  for (const name of names) for (const tag of tags[name] ?? []) byTag.set(tag, [...(byTag.get(tag) ?? []), name]);
  const groups = [...byTag].filter(([, endpoints]) => endpoints.length < names.length);
  return [
    ...groups.map(([tag, endpoints]) => ({ label: tag, description: counted(endpoints.length, 'endpoint'), endpoints, isTag: true })),
    ...Object.entries(manifest.endpoints).map(([name, { method, path, title }]) => ({ label: name, description: [`${method} ${plainAddress(path)}`, ...(tags[name] ?? [])].join(' · '), detail: title, endpoints: [name], isTag: false })),
  ];
}

/** The rows that are ticked where these endpoints are chosen: a tag is, where all of its endpoints are. */
export const tickedOf = (choices: readonly Choice[], chosen: ReadonlySet<string>): readonly Choice[] => choices.filter(({ endpoints }) => endpoints.every((name) => chosen.has(name)));

/** What is chosen when the ticks have changed: whoever ticks a tag ticks its endpoints, and the other way round. */
export function chosenAfter(choices: readonly Choice[], before: ReadonlySet<string>, ticked: readonly Choice[]): ReadonlySet<string> {
  const [was, is] = [new Set(tickedOf(choices, before)), new Set(ticked)];
  const changed = choices.filter((choice) => was.has(choice) !== is.has(choice));
  const chosen = new Set(before);
  for (const choice of changed) for (const name of choice.endpoints) if (is.has(choice)) chosen.add(name); else chosen.delete(name);
  return chosen;
}

/** The part with the endpoints that were chosen. Fails where its file could not be read. */
export function chosenPart(imported: Imported, chosen: ReadonlySet<string>): Imported {
  const part = chosen.size === Object.keys(imported.manifest.endpoints).length ? imported : { ...imported, ...partOf(imported, chosen) };
  const { length } = serialize('connector', part.manifest);
  if (length > mostCharacters) throw new Error(`The connector would have ${length} characters; a file may have ${mostCharacters}. Choose fewer endpoints, and import the others as connectors of their own.`);
  return part;
}
