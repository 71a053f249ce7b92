/** Type of rows of a tree that become steps on a canvas. What they are says `FlowHost.dragged`. */
export const droppedStepType = 'application/vnd.patchbay.step+json';

/** What a step is made of that is dropped on a canvas, or added to it. */
export type DroppedStep =
  /** A request. `instance`: where the connector has one only, or where the row of an instance was dragged. */
  | { readonly kind: 'endpoint'; readonly connector: string; readonly endpoint: string; readonly instance?: string }
  | { readonly kind: 'instance'; readonly connector: string; readonly instance: string }
  /** The flow is called. */
  | { readonly kind: 'flow'; readonly flow: string }
  | { readonly kind: 'map'; readonly map: string }
  /** Path below the root. */
  | { readonly kind: 'script'; readonly script: string }
  | { readonly kind: 'shape'; readonly shape: string };
