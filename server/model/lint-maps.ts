import { mapSides, type FlowTypes } from './flow-types.ts';
import type { Step } from './flow.ts';
import { pointerOf } from './json.ts';
import type { LintContext } from './lint-world.ts';
import { checkMap, typedMap } from './map-check.ts';
import { readMapSettings } from './map-rules.ts';

type Json = Readonly<Record<string, unknown>>;

/** Checks the maps of a flow against what the steps before them give and what those behind them want, as far as that is known. */
export function lintMaps(context: LintContext, typesOf: () => FlowTypes, steps: ReadonlyMap<string, Json>): void {
  const { world } = context;
  const maps = [...steps].filter(([, { shape, disabled }]) => shape === 'map' && disabled !== true);
  if (maps.length === 0) return;
  const types = typesOf();
  for (const [id, step] of maps) {
    const { source, target } = mapSides(id, step as unknown as Step, types, world);
    const settings = readMapSettings(step['settings'], world.maps);
    const found = checkMap(typedMap(settings, source, target, world));
    for (const { severity, code, place, message, fix, quickFixes } of found) {
      if (severity === 'info') continue;
      const keys = ['steps', id, 'settings'];
      context.findings.push({ severity, code, pointer: pointerOf([...keys, ...place]), message, fix, quickFixes: quickFixes.map(({ title, set }) => ({ title, set: set.map(({ path, value }) => ({ path: [...keys, ...path], value })) })) });
    }
  }
}
