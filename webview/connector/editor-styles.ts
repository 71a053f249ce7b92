import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar .field { width: 110px; }
  .report { flex: none; max-height: 40%; overflow: auto; border-bottom: 1px solid var(--divider); }
  .report .message { border-width: 0 0 0 3px; border-radius: 0; }
  .report p, .report ul { margin: 4px 0; }
  .report ul { padding-left: 18px; }
  .report summary { cursor: pointer; }
  .start { margin: auto; max-width: 560px; }
  main { flex: 1; display: flex; min-height: 0; }
  .side { width: 250px; flex: none; display: flex; flex-direction: column; min-height: 0; border-right: 1px solid var(--divider); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .sections { flex: none; display: flex; flex-direction: column; padding: 6px 0; }
  .section { display: flex; align-items: center; gap: 8px; height: 24px; padding: 0 10px 0 12px; border: 1px solid transparent; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
  .section:hover { background: var(--vscode-list-hoverBackground); }
  .section[aria-selected='true'] { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit); border-color: var(--vscode-contrastActiveBorder, transparent); }
  .section:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .section .label { flex: 1; min-width: 0; }
  .section .count { font-size: 11px; font-variant-numeric: tabular-nums; }
  .section[aria-selected='true'] .count { color: inherit; }
  .side patchbay-endpoint-list { flex: 1; border-top: 1px solid var(--divider); padding-top: 4px; }
  .work { flex: 1; min-width: 0; min-height: 0; display: flex; }
  .work > * { flex: 1; min-width: 0; min-height: 0; }
  .pane { display: flex; flex-direction: column; min-height: 0; }
  .pane > .content { flex: 1; }
  .content { display: flex; flex-direction: column; min-height: 0; overflow: auto; }
  .page { width: 100%; max-width: 760px; padding: 16px 20px 32px; }
  .page h2 { font-size: 15px; font-weight: 600; margin: 0 0 14px; }
  .page > .message { margin-bottom: 14px; }
  .compact .side { width: 210px; }
  .narrow main { flex-direction: column; }
  .narrow .side { width: auto; max-height: 38%; border-right: 0; border-bottom: 1px solid var(--divider); }
  .narrow .sections { flex-flow: row wrap; padding: 4px 6px; }
  .narrow .section { padding: 0 8px; border-radius: 4px; }
  .narrow .section .icon { display: none; }
  .narrow .page { padding: 12px 14px 24px; }
`;
