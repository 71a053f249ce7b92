import { css } from 'lit';

/** What the screens of the page have in common: filters above, a line with the count, a list that fills the rest, or two panes. */
export const screenStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; height: 100%; container-type: inline-size; }
  :host > * { flex: none; }
  .toolbar { gap: 8px; }
  :host > .toolbar, .pane > .toolbar { padding: 8px 12px 0; flex: none; }
  .filter { width: 134px; }
  .filter.flow { width: 210px; }
  .filter.text { width: 170px; }
  .filter.day { width: 130px; }
  .line { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 14px; min-height: 34px; padding: 4px 12px; flex: none; }
  .line .toolbar { gap: 4px 14px; }
  .outer { padding: 4px 12px 8px; flex: none; }
  :host > patchbay-grid, :host > patchbay-split, .pane > patchbay-grid, .pane > patchbay-split { flex: 1; min-height: 0; }
  .pane { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
  .pane > * { flex: none; }
  .head { display: flex; align-items: baseline; flex-wrap: wrap; gap: 2px 10px; padding: 10px 12px 0; }
  h2 { font-size: 1.15em; font-weight: 600; margin: 0; min-width: 0; overflow-wrap: anywhere; }
  h3 { font-size: inherit; font-weight: 600; margin: 0; }
  .gap { flex: 1; }
  code { font-family: var(--vscode-editor-font-family, monospace); color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); padding: 1px 4px; border-radius: 3px; overflow-wrap: anywhere; }
  a { color: var(--vscode-textLink-foreground); }
  a:hover { color: var(--vscode-textLink-activeForeground); }
`;
