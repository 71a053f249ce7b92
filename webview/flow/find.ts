import { readingOrder, type Scene } from '../../server/model/picture/scene.ts';


/** Nodes in whose title, id, kind, summary, notes or settings the text occurs, in reading order. */
export function findNodes(scene: Scene, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return readingOrder(scene).filter((id) => {
    const node = scene.nodes.get(id)!;
    const settings = node.step?.settings ?? node.trigger?.settings;
    return [id, node.title, node.type, node.summary, node.step?.shape, node.step?.notes, settings && JSON.stringify(settings)].some((part) => part?.toLowerCase().includes(wanted));
  });
}

/** The one after or before the current, around the end. */
export function nextFound(found: readonly string[], current: string | undefined, step: 1 | -1): string | undefined {
  if (found.length === 0) return undefined;
  const at = current === undefined ? -1 : found.indexOf(current);
  if (at < 0) return step === 1 ? found[0] : found.at(-1);
  return found[(at + step + found.length) % found.length];
}
