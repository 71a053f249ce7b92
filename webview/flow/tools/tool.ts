import type { Point, Rect } from '../../../server/model/picture/geometry.ts';

/** What lies under the pointer. */
export type Hit =
  | { readonly kind: 'canvas' }
  | { readonly kind: 'node'; readonly id: string; readonly isStep: boolean }
  | { readonly kind: 'port'; readonly id: string; readonly port: string }
  | { readonly kind: 'edge'; readonly key: string }
  /** The corner of a note. */
  | { readonly kind: 'corner'; readonly id: string; readonly size: Extent }
  /** The plus in the middle of a link. */
  | { readonly kind: 'insert'; readonly key: string };

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A pointer event without the browser. */
export interface PointerInput {
  readonly type: 'down' | 'move' | 'up' | 'cancel';
  /** In pixels of the view. */
  readonly view: Point;
  /** In pixels of the scene. */
  readonly scene: Point;
  readonly hit: Hit;
  /** 0 left, 1 middle, 2 right. */
  readonly button: number;
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
  /** The space bar is held. */
  readonly space: boolean;
}

/** What a tool may ask about the scene. */
export interface ToolScene {
  readonly readOnly: boolean;
  readonly selected: ReadonlySet<string>;
  /** What a node takes along when it is moved, with its place. */
  movedWith(id: string): readonly (readonly [id: string, place: Point])[];
  nodesIn(area: Rect): readonly string[];
}

export interface PortEnd {
  readonly id: string;
  readonly port: string;
}

/** What the canvas has to do. */
export type Effect =
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  /** `current` gets the focus. */
  | { readonly kind: 'select'; readonly ids: readonly string[]; readonly current?: string | undefined }
  /** Shows nodes at other places for as long as the pointer is down; `undefined`: back to where they were. */
  | { readonly kind: 'preview-move'; readonly positions: ReadonlyMap<string, Point> | undefined }
  | { readonly kind: 'move'; readonly positions: ReadonlyMap<string, Point> }
  /** Shows a note at another size; `undefined`: as it was. */
  | { readonly kind: 'preview-size'; readonly id: string; readonly size: Extent | undefined }
  | { readonly kind: 'resize'; readonly id: string; readonly size: Extent }
  | { readonly kind: 'marquee'; readonly area: Rect | undefined }
  | { readonly kind: 'preview-link'; readonly from: PortEnd | undefined; readonly to: Point; readonly target?: string | undefined }
  | { readonly kind: 'connect'; readonly from: PortEnd; readonly to: string }
  /** A new step is wanted behind a port, at a place. */
  | { readonly kind: 'add'; readonly after: PortEnd; readonly at?: Point }
  | { readonly kind: 'insert'; readonly key: string }
  /** Rows of a tree were dropped. */
  | { readonly kind: 'drop'; readonly hit: Hit; readonly at: Point }
  | { readonly kind: 'breakpoint'; readonly id: string };

/** What the pointer is doing. */
export type Tool =
  | { readonly name: 'idle' }
  | { readonly name: 'pan'; readonly last: Point }
  /** Down on a node: a click or the beginning of a drag. */
  | { readonly name: 'press'; readonly id: string; readonly from: Point; readonly scene: Point; readonly shift: boolean; readonly wasSelected: boolean }
  | { readonly name: 'drag'; readonly scene: Point; readonly starts: ReadonlyMap<string, Point> }
  | { readonly name: 'resize'; readonly id: string; readonly view: Point; readonly scene: Point; readonly from: Extent; readonly began: boolean }
  | { readonly name: 'marquee'; readonly from: Point; readonly view: Point; readonly base: readonly string[]; readonly began: boolean }
  | { readonly name: 'connect'; readonly from: PortEnd; readonly view: Point; readonly began: boolean };

export interface Turn {
  readonly tool: Tool;
  readonly effects: readonly Effect[];
}

export const idle: Tool = { name: 'idle' };

/** Pixels that the pointer must move before a press becomes a drag. */
export const dragThreshold = 4;

export const isFar = (a: Point, b: Point): boolean => Math.hypot(a.x - b.x, a.y - b.y) >= dragThreshold;

export const turn = (tool: Tool, ...effects: readonly Effect[]): Turn => ({ tool, effects });
