import { findPlugin } from './catalog.ts';
import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';

type Json = Readonly<Record<string, unknown>>;

// Settings of strategies that count, each of which ends paging; and what ends it beside any strategy.
const ends = ['totalPath', 'totalPagesPath', 'hasMorePath', 'donePath', 'maxPages', 'maxRecords', 'maxPage', 'maxOffset'];
const endsBeside = ['stopWhen', 'olderThan', 'stopStatuses'];

/** A strategy that counts goes on for ever where neither an empty nor a short page ends it, and the server is not asked where the end is. */
export function lintPaging(context: LintContext, use: Json, keys: readonly string[]): void {
  const entry = findPlugin(context.world.catalog, 'pagination', String(use['type']));
  const fields = entry && isObject(entry.settings) && isObject(entry.settings['properties']) ? entry.settings['properties'] : {};
  const settings = isObject(use['settings']) ? use['settings'] : {};
  const valueOf = (name: string): unknown => settings[name] ?? (isObject(fields[name]) ? fields[name]['default'] : undefined);
  // Where the last record or a value of the answer leads on, there is an end without it.
  const isCounted = fields['stopOnShortPage'] !== undefined && fields['key'] === undefined && settings['value'] === undefined;
  const isEnded = valueOf('stopOnEmptyPage') === true || (valueOf('stopOnShortPage') === true && valueOf('size') !== undefined);
  if (!isCounted || isEnded || ends.some((name) => settings[name] !== undefined) || endsBeside.some((name) => use[name] !== undefined)) return;
  report(context, 'CONFIG_INVALID', pointerOf([...keys, 'settings', 'stopOnEmptyPage']), 'Nothing ends this paging.', { severity: 'warning', key: true, fix: 'Give the path of a total or of a flag, a limit, or "stopWhen"; or let an empty page end it.' });
}
