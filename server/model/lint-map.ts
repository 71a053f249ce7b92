import { findPlugin } from './catalog.ts';
import { fileSchemas } from './file-schemas.ts';
import { flowTypes, mapSides } from './flow-types.ts';
import { isObject, pointerOf } from './json.ts';
import { checkAgainst, checkAnnotations } from './lint-settings.ts';
import { report, type LintContext } from './lint-world.ts';
import { checkMap, typedMap } from './map-check.ts';
import { readMapSettings } from './map-rules.ts';
import { fieldSchema } from './schema-walk.ts';

/** Checks a mapping file as far as it is one: its rules are those of the shape `map`, without a payload that an expression could ask. */
export function lintMap(context: LintContext, id: string, map: Readonly<Record<string, unknown>>): void {
  const { rules } = map;
  if (!Array.isArray(rules)) return;
  const shape = findPlugin(context.world.catalog, 'shape', 'map');
  if (shape) checkAgainst(context, fieldSchema(shape.settings, 'rules'), rules, { pointer: '/rules', names: { roots: [] } });
  checkAnnotations(context, fileSchemas.map, map, { pointer: '', names: { roots: [] } });
  checkTypes(context, map);
  for (const [index, name] of namesIn(rules).entries()) {
    const way = name === undefined ? undefined : wayTo(context, id, name, new Set());
    if (way) report(context, 'CONFIG_CYCLE', pointerOf(['rules', index, 'map']), `The mapping calls itself: ${[id, ...way].join(' → ')}.`, { fix: 'Take the rule out of one of them.' });
  }
}

/** What comes and what is wanted, where the file names their schemas; else the steps that use it say it, and only what a transform gives to the next stands here. */
function checkTypes({ world, findings }: LintContext, map: Readonly<Record<string, unknown>>): void {
  const { source, target } = mapSides('', { settings: map }, flowTypes({ steps: {} }, world), world);
  const settings = readMapSettings(map, world.maps);
  for (const { severity, code, place, message, fix, quickFixes } of checkMap(typedMap(settings, source, target, world))) {
    if (severity !== 'info') findings.push({ severity, code, pointer: pointerOf(place), message, fix, quickFixes });
  }
}

/** The mappings through which one leads back to `id`. `done`: those that do not. */
function wayTo({ world }: LintContext, id: string, from: string, done: Set<string>): readonly string[] | undefined {
  if (from === id) return [id];
  if (done.has(from)) return undefined;
  done.add(from);
  for (const name of namesIn(world.maps[from]?.rules ?? [])) {
    const way = name === undefined ? undefined : wayTo({ world, findings: [] }, id, name, done);
    if (way) return [from, ...way];
  }
  return undefined;
}

const namesIn = (rules: readonly unknown[]): (string | undefined)[] => rules.map((rule) => (isObject(rule) && typeof rule['map'] === 'string' ? rule['map'] : undefined));
