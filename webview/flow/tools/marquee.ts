import { rectOf } from '../../../server/model/picture/geometry.ts';
import { idle, isFar, turn, type PointerInput, type Tool, type ToolScene, type Turn } from './tool.ts';

/** A rectangle drawn on the empty canvas selects what it touches; a click there selects nothing. */
export function marquee(tool: Tool & { readonly name: 'marquee' }, input: PointerInput, scene: ToolScene): Turn {
  switch (input.type) {
    case 'move': {
      if (!tool.began && !isFar(tool.view, input.view)) return turn(tool);
      const area = rectOf(tool.from, input.scene);
      const ids = [...new Set([...tool.base, ...scene.nodesIn(area)])];
      const isNew = ids.length !== scene.selected.size || ids.some((id) => !scene.selected.has(id));
      return turn({ ...tool, began: true }, { kind: 'marquee', area }, ...(isNew ? [{ kind: 'select', ids } as const] : []));
    }
    case 'cancel':
      return turn(idle, { kind: 'marquee', area: undefined }, { kind: 'select', ids: tool.base });
    default:
      return tool.began ? turn(idle, { kind: 'marquee', area: undefined }) : turn(idle, { kind: 'select', ids: tool.base });
  }
}
