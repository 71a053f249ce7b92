import type { Point, Rect } from '../../server/model/picture/geometry.ts';

/** What of the scene is in view: the scene is drawn `zoom` times as large, its origin at (x, y) of the view. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const zoomLimits = { least: 0.01, most: 2.5 } as const;

/** Below this the scene is painted, not built of elements. */
export const farZoom = 0.45;

export const toScene = (camera: Camera, point: Point): Point => ({ x: (point.x - camera.x) / camera.zoom, y: (point.y - camera.y) / camera.zoom });

export const toView = (camera: Camera, point: Point): Point => ({ x: point.x * camera.zoom + camera.x, y: point.y * camera.zoom + camera.y });

export const pan = (camera: Camera, dx: number, dy: number): Camera => ({ ...camera, x: camera.x + dx, y: camera.y + dy });

/** Another zoom that keeps what is under `at` (a point of the view) where it is. */
export function zoomAt(camera: Camera, zoom: number, at: Point): Camera {
  const next = Math.max(zoomLimits.least, Math.min(zoomLimits.most, zoom));
  const scale = next / camera.zoom;
  return { x: at.x - (at.x - camera.x) * scale, y: at.y - (at.y - camera.y) * scale, zoom: next };
}

/** Shows a rectangle whole, in the middle, at most at 100 %. */
export function fit(rect: Rect, view: Size, margin = 48, least: number = zoomLimits.least): Camera {
  if (view.width <= 0 || view.height <= 0) return { x: margin, y: margin, zoom: 1 };
  const room = { width: Math.max(40, view.width - 2 * margin), height: Math.max(40, view.height - 2 * margin) };
  const zoom = Math.max(least, Math.min(1, room.width / Math.max(1, rect.width), room.height / Math.max(1, rect.height)));
  return { x: (view.width - rect.width * zoom) / 2 - rect.x * zoom, y: (view.height - rect.height * zoom) / 2 - rect.y * zoom, zoom };
}

/** Below this a step is no box any more. */
const leastFitted = 0.08;

/** Shows all of it where steps are boxes then; else what is around a place. */
export function fitAround(rect: Rect, view: Size, place: Rect | undefined): Camera {
  const camera = fit(rect, view);
  return place === undefined || camera.zoom >= leastFitted ? camera : zoomAt(fit(place, view), leastFitted, { x: view.width / 2, y: view.height / 2 });
}

/** Moves as little as needed to bring a rectangle into view; the same camera where it is. */
export function reveal(camera: Camera, rect: Rect, view: Size, margin = 32): Camera {
  const dx = shift(rect.x * camera.zoom + camera.x, rect.width * camera.zoom, view.width, margin);
  const dy = shift(rect.y * camera.zoom + camera.y, rect.height * camera.zoom, view.height, margin);
  return dx === 0 && dy === 0 ? camera : pan(camera, dx, dy);
}

/** Whether a rectangle is in view as a whole. */
export const isInView = (camera: Camera, rect: Rect, view: Size): boolean => reveal(camera, rect, view, 0) === camera && rect.width * camera.zoom <= view.width && rect.height * camera.zoom <= view.height;

/** The one whose middle is the nearest to a point. */
export function nearestTo({ x, y }: Point, rects: Iterable<Rect>): Rect | undefined {
  let best: { readonly rect: Rect; readonly distance: number } | undefined;
  for (const rect of rects) {
    const distance = Math.hypot(rect.x + rect.width / 2 - x, rect.y + rect.height / 2 - y);
    if (!best || distance < best.distance) best = { rect, distance };
  }
  return best?.rect;
}

/** The part of the scene that is in view. */
export const visible = (camera: Camera, view: Size): Rect => ({ x: -camera.x / camera.zoom, y: -camera.y / camera.zoom, width: view.width / camera.zoom, height: view.height / camera.zoom });

function shift(start: number, length: number, room: number, margin: number): number {
  const most = Math.min(margin, Math.max(0, (room - length) / 2));
  if (start < most) return most - start;
  return start + length > room - most ? Math.min(room - most - start - length, 0) : 0;
}
