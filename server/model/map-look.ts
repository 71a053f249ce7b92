import { lineageOf, type Lineage } from './lineage.ts';
import { checkMap, typedMap, type MapFinding } from './map-check.ts';
import type { MapSide } from './map-report.ts';
import { readMapSettings } from './map-rules.ts';
import type { MapWorld } from './map-types.ts';

/** What is known of a mapping while nothing runs. */
export interface MapLook {
  readonly source: MapSide;
  readonly target: MapSide;
  /** Their places count from the settings. */
  readonly findings: readonly MapFinding[];
  readonly lineage: Lineage;
}

/** Looks at settings of a map between two sides. */
export function lookAtMap(settings: unknown, { source, target }: Pick<MapLook, 'source' | 'target'>, world: MapWorld): MapLook {
  const read = readMapSettings(settings, world.maps);
  return { source, target, findings: checkMap(typedMap(read, source, target, world)), lineage: lineageOf(read.rules, source.schema, target.schema) };
}
