import { snap, type Point } from '../../../server/model/picture/geometry.ts';
import { noteSize } from '../../../server/model/picture/marks.ts';
import { idle, isFar, turn, type PointerInput, type Tool, type Turn } from './tool.ts';

/** The corner of a note is drawn elsewhere. */
export function resize(tool: Tool & { readonly name: 'resize' }, input: PointerInput): Turn {
  const { id, from } = tool;
  if (input.type === 'move' && !tool.began && !isFar(tool.view, input.view)) return turn(tool);
  const gone = { kind: 'preview-size', id, size: undefined } as const;
  if (input.type === 'cancel' || !(tool.began || input.type === 'move')) return turn(idle, gone);
  const size = sizeAt(tool, input.scene);
  if (input.type === 'move') return turn({ ...tool, began: true }, { kind: 'preview-size', id, size });
  return size.width === from.width && size.height === from.height ? turn(idle, gone) : turn(idle, { kind: 'resize', id, size });
}

const sizeAt = ({ from, scene }: Tool & { readonly name: 'resize' }, { x, y }: Point) => ({
  width: Math.max(noteSize.least, snap(from.width + x - scene.x)), height: Math.max(noteSize.least / 2, snap(from.height + y - scene.y)),
});
