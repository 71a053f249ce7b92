import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .gap { flex: 1; }
  main { flex: 1; display: flex; min-height: 0; min-width: 0; }
  main > * { flex: 1; min-width: 0; }
  .pane { height: 100%; min-height: 0; overflow: auto; }
  .content { padding: 12px 16px 24px; max-width: 760px; }
  h2 { font-size: 1.1em; font-weight: 600; margin: 16px 0 4px; }
  p { margin: 0 0 8px; }
  .part { border: 1px solid var(--divider); border-radius: 4px; padding: 6px 12px; margin-bottom: 8px; }
  .part-head { display: flex; gap: 8px; align-items: center; min-height: 28px; }
  .part-head .ellipsis { font-weight: 600; }
  .part-head .mono { flex: 1; overflow-wrap: anywhere; }
`;
