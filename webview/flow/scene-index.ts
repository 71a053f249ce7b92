import { overlaps, type Rect } from '../../server/model/picture/geometry.ts';

const cell = 512;

/** Finds what lies in a rectangle without looking at everything: a hash of grid cells, each with the ids that touch it. */
export class SceneIndex {
  private readonly cells = new Map<string, string[]>();
  private readonly rects = new Map<string, Rect>();

  add(id: string, rect: Rect): void {
    this.rects.set(id, rect);
    for (const key of keysOf(rect)) {
      const ids = this.cells.get(key);
      if (ids) ids.push(id);
      else this.cells.set(key, [id]);
    }
  }

  /** The ids whose rectangles overlap this one, in the order in which they were added. */
  find(area: Rect): string[] {
    const found = new Set<string>();
    // A view that is larger than the scene would ask for more cells than there are.
    const keys = (area.width / cell) * (area.height / cell) > this.cells.size * 2 ? this.cells.keys() : keysOf(area);
    for (const key of keys) for (const id of this.cells.get(key) ?? []) if (!found.has(id) && overlaps(this.rects.get(id)!, area)) found.add(id);
    return found.size < 2 ? [...found] : this.inOrder(found);
  }

  private inOrder(found: ReadonlySet<string>): string[] {
    this.places ??= new Map([...this.rects.keys()].map((id, place) => [id, place]));
    const { places } = this;
    return [...found].sort((a, b) => places.get(a)! - places.get(b)!);
  }

  private places: Map<string, number> | undefined;
}

function* keysOf(rect: Rect): Iterable<string> {
  for (let x = Math.floor(rect.x / cell); x <= Math.floor((rect.x + rect.width) / cell); x++) {
    for (let y = Math.floor(rect.y / cell); y <= Math.floor((rect.y + rect.height) / cell); y++) yield `${x}:${y}`;
  }
}
