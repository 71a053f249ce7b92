import { complete, type Candidate } from './complete.ts';
import { isInExpression, pathCursor, templateCursor } from './expression-cursor.ts';
import { placeInFlow, placeOfSetting, type FlowPlace, type LastOf, type LastPayload, type SettingText } from './flow-place.ts';
import { hoverExpression, hoverPath, type Hover } from './hover.ts';
import type { LintWorld } from './lint-world.ts';

/** POST /flows/{flow}/completions */
export interface Completions {
  readonly candidates: readonly Candidate[];
}

/** POST /flows/{flow}/hover — `{}` where nothing is known. */
export interface HoverAnswer {
  readonly hover?: Hover;
}

/** GET /flows/{flow}/steps/{step}/payload — `{}` where there is none that can be shown. */
export interface LastPayloadAnswer {
  readonly payload?: LastPayload;
}

/** What may be written at an offset in the text of a flow; their places and texts are those of the file. The text may be one that is just being written. Never fails but as `lastOf` does. */
export async function completeFlow(file: string, offset: number, world: LintWorld, lastOf: LastOf): Promise<readonly Candidate[]> {
  const place = placeInFlow(file, offset, world);
  return place ? (await candidatesAt(place, world, lastOf)).map((candidate) => inFile(candidate, place)) : [];
}

/** The same for a text that a form holds: what may be written at its cursor, with places in that text. Outside of expressions whole ones are offered. */
export async function completeSetting(file: string, setting: SettingText, world: LintWorld, lastOf: LastOf): Promise<readonly Candidate[]> {
  const { text, offset } = setting;
  const place = placeOfSetting(file, setting, world);
  if (!place || place.kind === 'path' || isInExpression(text, offset)) return place ? candidatesAt(place, world, lastOf) : [];
  const [open, close] = ['{{ ', ' }}'];
  const begun = placeOfSetting(file, { ...setting, text: `${text.slice(0, offset)}${open}`, offset: offset + open.length }, world)!;
  return (await candidatesAt(begun, world, lastOf)).filter(({ kind }) => kind === 'root').map((candidate) => ({ ...candidate, insert: `${open}${candidate.insert}${close}`, start: offset, end: offset, caret: open.length + candidate.insert.length }));
}

async function candidatesAt(place: FlowPlace, world: LintWorld, lastOf: LastOf): Promise<readonly Candidate[]> {
  const cursor = (place.kind === 'template' ? templateCursor : pathCursor)(place.text, place.offset);
  if (!cursor) return [];
  const values = place.values(cursor.kind === 'setting' ? undefined : await place.last(lastOf));
  return complete(cursor, { catalog: world.catalog, values, roots: place.roots });
}

/** What stands at an offset in the text of a flow. As `completeFlow`. */
export async function hoverFlow(file: string, offset: number, world: LintWorld, lastOf: LastOf): Promise<Hover | undefined> {
  const place = placeInFlow(file, offset, world);
  if (!place) return undefined;
  const look = place.kind === 'template' ? hoverExpression : hoverPath;
  // Without values first: most places have nothing to show, and need no payload.
  if (!look(place.text, place.offset, { catalog: world.catalog, values: place.values(undefined) })) return undefined;
  const hover = look(place.text, place.offset, { catalog: world.catalog, values: place.values(await place.last(lastOf)) });
  return hover && { ...hover, start: place.fileOffset(hover.start), end: place.fileOffset(hover.end) };
}

function inFile(candidate: Candidate, place: FlowPlace): Candidate {
  const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
  const { insert, start, end, caret } = candidate;
  return { ...candidate, insert: escaped(insert), start: place.fileOffset(start), end: place.fileOffset(end), ...(caret !== undefined && { caret: escaped(insert.slice(0, caret)).length }) };
}
