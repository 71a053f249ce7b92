import { connect, startConnect } from './connect.ts';
import { drag, press } from './drag.ts';
import { marquee } from './marquee.ts';
import { resize } from './resize.ts';
import { idle, turn, type Effect, type Hit, type PointerInput, type Tool, type ToolScene, type Turn } from './tool.ts';

/** The next state of the pointer and what it does to the canvas. Pure. */
export function handlePointer(tool: Tool, input: PointerInput, scene: ToolScene): Turn {
  switch (tool.name) {
    case 'idle':
      return input.type === 'down' ? begin(input, scene) : turn(tool);
    case 'pan':
      if (input.type !== 'move') return turn(idle);
      return turn({ name: 'pan', last: input.view }, { kind: 'pan', dx: input.view.x - tool.last.x, dy: input.view.y - tool.last.y });
    case 'press':
      return press(tool, input, scene);
    case 'drag':
      return drag(tool, input);
    case 'marquee':
      return marquee(tool, input, scene);
    case 'connect':
      return connect(tool, input);
    case 'resize':
      return resize(tool, input);
  }
}

function begin(input: PointerInput, scene: ToolScene): Turn {
  const { hit } = input;
  if (input.button === 1 || (input.button === 0 && input.space)) return turn({ name: 'pan', last: input.view });
  if (input.button === 2) return turn(idle, ...selectForMenu(hit, scene));
  if (input.button !== 0) return turn(idle);
  switch (hit.kind) {
    case 'node': {
      const wasSelected = scene.selected.has(hit.id);
      const pressed: Tool = { name: 'press', id: hit.id, from: input.view, scene: input.scene, shift: input.shift || input.mod, wasSelected };
      // Selected at once, so that a drag takes what one sees selected; a click on one of several selects it alone on release.
      if (wasSelected) return turn(pressed);
      return turn(pressed, { kind: 'select', ids: pressed.shift ? [...scene.selected, hit.id] : [hit.id], current: hit.id });
    }
    case 'port':
      return scene.readOnly ? turn(idle) : startConnect(input, hit);
    case 'corner':
      return turn(scene.readOnly ? idle : { name: 'resize', id: hit.id, view: input.view, scene: input.scene, from: hit.size, began: false }, { kind: 'select', ids: [hit.id], current: hit.id });
    case 'edge':
      return turn(idle, { kind: 'select', ids: [hit.key] });
    case 'insert':
      return scene.readOnly ? turn(idle) : turn(idle, { kind: 'insert', key: hit.key });
    case 'canvas':
      return turn({ name: 'marquee', from: input.scene, view: input.view, base: input.shift || input.mod ? [...scene.selected] : [], began: false });
  }
}

/** What a menu is opened on is selected, unless it is so already, perhaps with others. */
function selectForMenu(hit: Hit, { selected }: ToolScene): readonly Effect[] {
  const id = hit.kind === 'node' || hit.kind === 'corner' ? hit.id : hit.kind === 'edge' || hit.kind === 'insert' ? hit.key : undefined;
  if (id === undefined || selected.has(id)) return [];
  return [{ kind: 'select', ids: [id], ...((hit.kind === 'node' || hit.kind === 'corner') && { current: id }) }];
}
