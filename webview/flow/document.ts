import { parse, type ParseError } from 'jsonc-parser';
import type { Flow, FlowNote, FlowTrigger, Step } from '../../server/model/flow.ts';
import { isObject } from '../../server/model/json.ts';
import { syntaxProblem, type TextProblem } from '../shared/syntax.ts';

/** A flow as far as it can be shown. */
export interface ReadFlow {
  /** Missing where the text cannot be understood at all. */
  readonly flow?: Flow;
  /** `flow` is what could be made of a text with errors: better than nothing, worse than the last good one. */
  readonly guessed?: boolean;
  /** Why the text cannot be edited by hand gestures. */
  readonly problem?: FlowProblem;
}

export type FlowProblem = TextProblem;

/** Reads a flow for the canvas: wrong parts are left out of the picture (the diagnostics name them), the text is never changed by it. */
export function readFlowText(text: string): ReadFlow {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [error] = errors;
  if (error && text.trim() !== '') return { ...(isObject(value) && { flow: shape(value), guessed: true }), problem: syntaxProblem(text, error) };
  if (value === undefined) return { flow: { version: 1, steps: {} } };
  if (!isObject(value)) return { problem: { message: 'The file holds no flow: it must be a JSON object.', line: 1 } };
  const version = value['version'];
  const newer = typeof version === 'number' && version > 1 ? { problem: { message: `The file has format version ${version}, which is newer than this editor. It can be looked at, not edited.` } } : {};
  return { flow: shape(value), ...newer };
}

function shape(value: Readonly<Record<string, unknown>>): Flow {
  const steps = Object.fromEntries(objects(value['steps']).map(([id, step]) => [id, readStep(step)]));
  const triggers = Object.fromEntries(objects(value['triggers']).map(([id, trigger]) => [id, { ...trigger, trigger: text(trigger['trigger']), settings: object(trigger['settings']) } as FlowTrigger]));
  const start = value['start'];
  return {
    ...(value as unknown as Flow), version: 1, steps, triggers, layout: readLayout(value['layout']),
    notes: Object.fromEntries(objects(value['notes']).map(([id, note]) => [id, readNote(note)])),
    groups: Object.fromEntries(objects(value['groups']).map(([id, group]) => [id, { ...group, title: text(group['title']), steps: Array.isArray(group['steps']) ? group['steps'].filter((step) => typeof step === 'string') : [] }])),
    variables: Object.fromEntries(objects(value['variables'])), settings: object(value['settings']),
    ...(typeof start === 'string' ? {} : { start: undefined }),
  } as Flow;
}

function readStep(step: Readonly<Record<string, unknown>>): Step {
  const next = Object.fromEntries(Object.entries(object(step['next'])).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const title = step['title'];
  return { ...step, shape: text(step['shape']), settings: object(step['settings']), next, ...(typeof title === 'string' ? { title } : { title: undefined }) } as Step;
}

function readNote({ text: given, place }: Readonly<Record<string, unknown>>): FlowNote {
  const isPlace = Array.isArray(place) && place.length === 4 && place.every(Number.isFinite);
  return { text: text(given), ...(isPlace && { place: place as unknown as NonNullable<FlowNote['place']> }) };
}

const readLayout = (value: unknown): Record<string, readonly [number, number]> =>
  Object.fromEntries(Object.entries(object(value)).filter((entry): entry is [string, [number, number]] => Array.isArray(entry[1]) && Number.isFinite(entry[1][0]) && Number.isFinite(entry[1][1])));

const object = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
const objects = (value: unknown): [string, Readonly<Record<string, unknown>>][] => Object.entries(object(value)).filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isObject(entry[1]));
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
