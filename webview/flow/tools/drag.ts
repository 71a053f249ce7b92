import { snap, type Point } from '../../../server/model/picture/geometry.ts';
import { idle, isFar, turn, type PointerInput, type Tool, type ToolScene, type Turn } from './tool.ts';

export function press(tool: Tool & { readonly name: 'press' }, input: PointerInput, scene: ToolScene): Turn {
  switch (input.type) {
    case 'move': {
      if (!isFar(tool.from, input.view)) return turn(tool);
      if (scene.readOnly) return turn(idle);
      const starts = new Map<string, Point>([...scene.selected].flatMap((id) => scene.movedWith(id)));
      return starts.size === 0 ? turn(idle) : drag({ name: 'drag', scene: tool.scene, starts }, input);
    }
    case 'up':
      if (!tool.wasSelected) return turn(idle);
      if (tool.shift) return turn(idle, { kind: 'select', ids: [...scene.selected].filter((id) => id !== tool.id), current: tool.id });
      return turn(idle, { kind: 'select', ids: [tool.id], current: tool.id });
    default:
      return turn(idle);
  }
}

export function drag(tool: Tool & { readonly name: 'drag' }, input: PointerInput): Turn {
  if (input.type === 'cancel') return turn(idle, { kind: 'preview-move', positions: undefined });
  const positions = movedBy(tool.starts, input.scene.x - tool.scene.x, input.scene.y - tool.scene.y);
  if (input.type === 'move') return turn(tool, { kind: 'preview-move', positions });
  const changed = [...positions].filter(([id, { x, y }]) => x !== tool.starts.get(id)!.x || y !== tool.starts.get(id)!.y);
  const end: Turn['effects'] = changed.length > 0 ? [{ kind: 'move', positions: new Map(changed) }] : [];
  return turn(idle, { kind: 'preview-move', positions: undefined }, ...end);
}

// All move by the same: the first snaps to the grid, the others keep their places beside it.
function movedBy(starts: ReadonlyMap<string, Point>, dx: number, dy: number): Map<string, Point> {
  const [first] = starts.values();
  const by = { x: snap(first!.x + dx) - first!.x, y: snap(first!.y + dy) - first!.y };
  return new Map([...starts].map(([id, start]) => [id, { x: snap(start.x + by.x), y: snap(start.y + by.y) }]));
}
