import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .gap { flex: 1; }
  .hint { display: flex; align-items: flex-start; gap: 8px; padding: 4px 12px; border-bottom: 1px solid var(--divider); }
  .hint span:not(.icon) { flex: 1; overflow-wrap: anywhere; }
  .filters { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding: 4px 10px; flex: none; border-bottom: 1px solid var(--divider); }
  .filter { width: 240px; max-width: 100%; }
  .chip { display: inline-flex; align-items: center; gap: 4px; max-width: 320px; padding: 0 2px 0 8px; border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 11px; background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); }
  .chip .icon-button { color: inherit; }
  main { flex: 1; display: flex; min-height: 0; min-width: 0; }
  main > * { flex: 1; min-width: 0; }
  .pane { display: flex; flex-direction: column; height: 100%; min-height: 0; min-width: 0; }
  .start { margin: auto; max-width: 620px; }
  .paste { width: 300px; max-width: 100%; }
`;
