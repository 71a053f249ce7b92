import { css } from 'lit';

export const inboxStyles = css`
  :host { display: block; height: 100%; min-height: 0; }
  .view { display: flex; flex-direction: column; height: 100%; min-height: 0; }
  .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 12px; padding: 6px 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
  .address { flex: 0 1 auto; }
  .count { margin-left: auto; }
  .outcome:not(:empty) { padding: 0 12px; }
  .outcome { overflow-wrap: anywhere; }
  .problem { padding: 4px 12px; }
  patchbay-split { flex: 1; min-height: 0; }
  .pane { height: 100%; min-height: 0; min-width: 0; display: flex; flex-direction: column; overflow: hidden; }
  .pane > * { flex: 1; min-height: 0; }
  .pane > .diff-head { flex: none; padding: 8px 12px; }
  .curl { text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--vscode-editor-font-family, monospace); }
  code { font-family: var(--vscode-editor-font-family, monospace); overflow-wrap: anywhere; }
  .none { overflow: auto; }
  .none .quiet { max-width: 100%; overflow-wrap: anywhere; }
`;
