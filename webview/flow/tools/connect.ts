import { idle, isFar, turn, type PointerInput, type PortEnd, type Tool, type Turn } from './tool.ts';

export const startConnect = (input: PointerInput, from: PortEnd): Turn => turn({ name: 'connect', from: { id: from.id, port: from.port }, view: input.view, began: false });

/** A link drawn from a port: onto a step it connects, onto the empty canvas it asks for a new step there; a click on a port asks for the next step. */
export function connect(tool: Tool & { readonly name: 'connect' }, input: PointerInput): Turn {
  const gone = { kind: 'preview-link', from: undefined, to: input.scene } as const;
  switch (input.type) {
    case 'move': {
      if (!tool.began && !isFar(tool.view, input.view)) return turn(tool);
      return turn({ ...tool, began: true }, { kind: 'preview-link', from: tool.from, to: input.scene, target: targetOf(tool, input) });
    }
    case 'cancel':
      return turn(idle, gone);
    default: {
      if (!tool.began) return turn(idle, gone, { kind: 'add', after: tool.from });
      const target = targetOf(tool, input);
      if (target !== undefined) return turn(idle, gone, { kind: 'connect', from: tool.from, to: target });
      return input.hit.kind === 'canvas' || input.hit.kind === 'edge' || input.hit.kind === 'insert' ? turn(idle, gone, { kind: 'add', after: tool.from, at: input.scene }) : turn(idle, gone);
    }
  }
}

function targetOf(tool: Tool & { readonly name: 'connect' }, { hit }: PointerInput): string | undefined {
  const id = hit.kind === 'port' || (hit.kind === 'node' && hit.isStep) ? hit.id : undefined;
  return id === tool.from.id ? undefined : id;
}
