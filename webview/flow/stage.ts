import type { FlowHost } from '../protocol/flow.ts';
import type { Api } from '../protocol/rpc.ts';
import type { FlowCanvas } from './canvas.ts';
import type { NoteEditing } from './mark-view.ts';
import type { FlowStore } from './store.ts';
import type { PortEnd } from './tools/tool.ts';

/** A link that is being made by keyboard. */
export interface Linking {
  readonly from: PortEnd;
  readonly target: string;
  /** What was typed to find the target, and when. */
  readonly typed?: { readonly text: string; readonly at: number };
}

/** What the actions work on. */
export interface Stage {
  readonly store: FlowStore;
  readonly host: Api<FlowHost>;
  readonly canvas: FlowCanvas | undefined;
  linking: Linking | undefined;
  /** The note that is being written. */
  editing: NoteEditing | undefined;
  announce(text: string): void;
  openInspector(tab?: 'setup' | 'data'): void;
  openMap(step?: string): void;
  openFind(): void;
  findNext(step: 1 | -1): void;
  toggleHelp(): void;
  toggleMinimap(): void;
  /** Closes what lies on top; says whether there was anything. */
  closeTop(): boolean;
}

/** What a command is for: the selection, or the node with the focus. */
export function chosen({ store }: Stage): readonly string[] {
  if (store.selected.size > 0) return [...store.selected];
  return store.current === undefined ? [] : [store.current];
}

/** The node with the focus; the empty text where there is none. */
export const currentOf = ({ store }: Stage): string => store.current ?? store.only ?? '';
