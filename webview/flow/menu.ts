import { snap } from '../../server/model/picture/geometry.ts';
import type { MenuContext } from '../protocol/flow.ts';
import type { MapLayer } from './map-layer.ts';
import type { Stage } from './stage.ts';

/** What a menu is about that is opened in the flow editor: what lies under the mouse, or has the focus. */
export function menuContext(editor: Stage & { readonly map: MapLayer }, event: MouseEvent): MenuContext {
  const { canvas, store } = editor;
  const path = event.composedPath();
  // A text field has its own: cut, copy, paste.
  const isField = path.some((target) => target instanceof HTMLElement && ['input', 'textarea'].includes(target.localName));
  if (!canvas || !path.includes(canvas) || isField) return { preventDefaultContextMenuItems: !isField };
  const { hit, at } = canvas.under(event);
  const id = path.map((target) => (target instanceof HTMLElement ? target.dataset['id'] : undefined)).find((own) => own !== undefined) ?? (hit.kind === 'node' || hit.kind === 'corner' ? hit.id : undefined);
  const kind = store.scene.nodes.get(id ?? '')?.kind;
  const isLink = kind === undefined && (hit.kind === 'edge' || hit.kind === 'insert');
  return {
    preventDefaultContextMenuItems: true, webviewSection: isLink ? 'link' : kind === 'start' ? 'trigger' : kind ?? 'canvas', canEdit: !store.readOnly,
    ...(kind === 'step' && { step: id!, hasMapping: editor.map.canOpen(id) }), ...(kind === undefined && !isLink && { at: { x: snap(at.x), y: snap(at.y) } }),
  };
}
