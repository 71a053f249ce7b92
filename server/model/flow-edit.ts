import type { Step } from './flow.ts';

/** One change to a flow file, addressed by ids so that it can be applied to a newer text than the one it was made for. */
export type FlowChange =
  /** Adds a step. `after`: it is put between that port and the step the port led to (which then follows its first port). `start`: it becomes the first step. */
  | { readonly op: 'add-step'; readonly id: string; readonly step: Step; readonly after?: PortRef; readonly start?: boolean; readonly position?: Position }
  /** Removes steps; what led to a removed step leads to the step after its first port, where there is one. */
  | { readonly op: 'remove-steps'; readonly ids: readonly string[] }
  /** Changes an id and all references to it. */
  | { readonly op: 'rename-step'; readonly from: string; readonly to: string }
  | { readonly op: 'connect'; readonly from: PortRef; readonly to: string }
  | { readonly op: 'disconnect'; readonly from: PortRef }
  | { readonly op: 'set-start'; readonly step: string }
  /** Sets a value below a step (`['settings', 'routes', 0, 'name']`); `undefined` removes it. */
  | { readonly op: 'set'; readonly step: string; readonly path: readonly (string | number)[]; readonly value: unknown }
  /** Sets a value below the flow itself (`['triggers', 'hourly', 'settings', 'cron']`). */
  | { readonly op: 'set-flow'; readonly path: readonly (string | number)[]; readonly value: unknown }
  /** Pins steps at a place; `null` gives one back to the automatic layout. */
  | { readonly op: 'move'; readonly positions: Readonly<Record<string, Position | null>> }
  /** Adds steps with the links among them (clipboard, template); ids that are taken get a number. */
  | { readonly op: 'paste'; readonly steps: Readonly<Record<string, Step>>; readonly positions?: Readonly<Record<string, Position>>; readonly after?: PortRef };

export interface PortRef {
  readonly step: string;
  readonly port: string;
}

export type Position = readonly [x: number, y: number];

/** Replacement of `length` characters at `offset`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}
