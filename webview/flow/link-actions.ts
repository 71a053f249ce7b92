import { add, placeBehind } from './add-actions.ts';
import { connectTo } from './changes.ts';
import { linkTargets, neighbour } from './navigate.ts';
import { currentOf, type Stage } from './stage.ts';

/** A link from the node with the focus; again: from its next port. */
export function startLink(stage: Stage): void {
  const { store } = stage;
  const node = store.scene.nodes.get(currentOf(stage));
  if (!node || store.readOnly) return;
  const used = stage.linking?.from.id === node.id ? node.ports.findIndex(({ name }) => name === stage.linking?.from.port) + 1 : Math.max(0, node.ports.findIndex(({ to }) => to === undefined));
  const port = node.ports[used % Math.max(1, node.ports.length)];
  const target = stage.linking?.target ?? port?.to ?? linkTargets(store.scene, node.id).find((id) => store.scene.nodes.get(id)!.x > node.x) ?? linkTargets(store.scene, node.id)[0];
  if (!port || target === undefined) return stage.announce('There is no other step to link to. Press Insert to add one.');
  stage.linking = { from: { id: node.id, port: port.name }, target };
  stage.announce(`Link from ${node.title}, port ${port.name}, to ${store.scene.nodes.get(target)?.title}. Arrow keys and the letters of a title choose another step, Tab another port, Enter links, Escape cancels.`);
}

/** Letters that are typed one soon after the other go to a step whose title or id begins with them, or else has them; one letter again and again goes through all. */
export function typeTarget(stage: Stage, letter: string, at: number): void {
  const { store, linking } = stage;
  if (!linking) return;
  const before = linking.typed && at - linking.typed.at < 1_000 ? linking.typed.text : '';
  const text = before + letter.toLowerCase();
  const wanted = [...text].every((one) => one === text[0]) ? text[0]! : text;
  const all = linkTargets(store.scene, linking.from.id);
  // A longer word may still mean the step where one is.
  const first = all.indexOf(linking.target) + (wanted.length === 1 ? 1 : 0);
  const order = [...all.slice(first), ...all.slice(0, first)];
  const names = (id: string): string[] => [store.scene.nodes.get(id)!.title.toLowerCase(), id];
  const target = order.find((id) => names(id).some((name) => name.startsWith(wanted))) ?? order.find((id) => names(id).some((name) => name.includes(wanted))) ?? linking.target;
  stage.linking = { ...linking, target, typed: { text, at } };
  stage.canvas?.reveal(target);
  stage.announce(names(target).some((name) => name.includes(wanted)) ? store.scene.nodes.get(target)!.title : `No step has ${text}.`);
}

/** While a link is made the keys mean something else. Says whether it was one of them. */
export async function linkCommand(stage: Stage, command: string): Promise<boolean> {
  const { store, linking } = stage;
  if (!linking) return false;
  const targets = linkTargets(store.scene, linking.from.id);
  switch (command) {
    case 'left': case 'right': case 'up': case 'down': {
      const next = neighbour(store.scene, linking.target, command);
      // Where no link leads on, the next one in reading order.
      const target = next !== linking.target && targets.includes(next) ? next : targets[(targets.indexOf(linking.target) + (command === 'left' || command === 'up' ? targets.length - 1 : 1)) % targets.length]!;
      stage.linking = { ...linking, target };
      stage.canvas?.reveal(target);
      stage.announce(store.scene.nodes.get(target)?.title ?? target);
      return true;
    }
    case 'open':
      stage.linking = undefined;
      if (await store.edit(connectTo(store.scene, linking.from, linking.target))) stage.announce('Linked.');
      return true;
    case 'connect':
      startLink(stage);
      return true;
    case 'cancel':
      stage.linking = undefined;
      stage.announce('No link was made.');
      return true;
    case 'add':
      stage.linking = undefined;
      await add(stage, placeBehind(stage, linking.from));
      return true;
    default:
      stage.linking = undefined;
      return false;
  }
}
