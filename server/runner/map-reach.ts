import type { Covered, CoveredOutcome } from '../../plugins/sdk/index.ts';
import { isObject, pointerOf } from '../model/json.ts';
import type { FilePlace, MapTest } from '../model/map-report.ts';
import type { Workspace } from './workspace.ts';

/** The rules of a map that were applied to something. */
export interface MapReach {
  readonly onCovered: Covered;
  /** Those that were not, also in the mapping files that it calls. `placeOf`: where one of the settings stands. */
  unreached(settings: unknown, placeOf: ((place: readonly (string | number)[]) => FilePlace) | undefined): NonNullable<MapTest['unreached']>;
}

export function createMapReach({ maps }: Pick<Workspace, 'maps'>): MapReach {
  const reached = new Set<string>();
  const nameOf = (pointer: string, file = ''): string => `${file}#${pointer}`;
  const rulesOf = (settings: unknown): readonly (readonly [number, Readonly<Record<string, unknown>>])[] => {
    const { rules } = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
    return Array.isArray(rules) ? [...rules.entries()].filter((entry): entry is [number, Readonly<Record<string, unknown>>] => isObject(entry[1])) : [];
  };
  const missed = (settings: unknown, placeOf: ((place: readonly (string | number)[]) => FilePlace) | undefined, file?: string): NonNullable<MapTest['unreached']> =>
    rulesOf(settings).flatMap(([index, { to }]) => {
      const place = ['rules', index];
      return typeof to !== 'string' || reached.has(nameOf(pointerOf(place), file)) ? [] : [{ to, pointer: pointerOf(place), ...(placeOf && { at: placeOf(place) }) }];
    });
  const calledBy = (settings: unknown, called: Set<string>): ReadonlySet<string> => {
    for (const map of [isObject(settings) ? settings['map'] : undefined, ...rulesOf(settings).map(([, rule]) => rule['map'])]) {
      if (typeof map !== 'string' || called.has(map) || !maps.has(map)) continue;
      called.add(map);
      calledBy(maps.get(map)!.read.raw, called);
    }
    return called;
  };
  return {
    onCovered: (pointer, outcome, file) => { if (applied.has(outcome)) reached.add(nameOf(pointer, file)); },
    unreached: (settings, placeOf) => [
      ...missed(settings, placeOf),
      ...[...calledBy(settings, new Set())].flatMap((map) => {
        const { file, read } = maps.get(map)!;
        return missed(read.raw, (place) => ({ file, line: read.mark(pointerOf(place)).line, column: read.mark(pointerOf(place)).column }), file);
      }),
    ],
  };
}

const applied: ReadonlySet<CoveredOutcome> = new Set(['value', 'default', 'nothing']);
