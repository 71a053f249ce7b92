import { css } from 'lit';

export const rowHeight = 24;

export const sheetStyles = css`
  :host { display: block; position: relative; min-height: 0; min-width: 0; flex: 1; overflow: hidden; --line: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 14%, transparent)); }
  [role='grid'] { position: absolute; inset: 0; overflow: auto; outline: none; user-select: none; scroll-padding-left: var(--numbers); }
  .line { display: grid; grid-template-columns: var(--tracks); height: ${rowHeight}px; width: var(--width); }
  .line > * { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 0 6px; line-height: ${rowHeight - 1}px; height: ${rowHeight}px; min-width: 0; }
  .head { position: sticky; top: 0; z-index: 2; }
  .head > *, [role='rowheader'] { background: var(--vscode-editorWidget-background); color: var(--vscode-foreground); }
  .head > * { display: flex; align-items: center; gap: 4px; position: relative; font-weight: 600; padding-right: 2px; }
  /* Where there is no room for both, the name stays. */
  .head .name { flex: 1 1 auto; }
  .type { flex: 0 1000 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; font-weight: normal; font-size: 0.9em; }
  .head .icon-button { width: 18px; height: 18px; }
  .corner, [role='rowheader'] { position: sticky; left: 0; z-index: 1; text-align: right; font-variant-numeric: tabular-nums; }
  [role='rowheader'] .icon { vertical-align: -4px; }
  .marked { box-shadow: inset 0 -2px var(--vscode-focusBorder); }
  [role='rowheader'].marked { box-shadow: inset -2px 0 var(--vscode-focusBorder); }
  .edge { position: absolute; right: -3px; top: 0; bottom: 0; width: 6px; cursor: col-resize; z-index: 1; }
  .cell { white-space: pre; cursor: cell; }
  .cell .icon { margin-right: 4px; }
  .new .cell { color: var(--vscode-descriptionForeground); }
  .cell[aria-selected='true'] { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit); outline: 1px dotted var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
  .cell.wrong { text-decoration: underline wavy var(--vscode-editorWarning-foreground, var(--vscode-problemsWarningIcon-foreground)); text-decoration-skip-ink: none; text-underline-offset: 3px; }
  .cell.wrong.error { text-decoration-color: var(--vscode-editorError-foreground, var(--vscode-problemsErrorIcon-foreground)); }
  .cell.active[aria-selected='true'] { outline: 1px solid var(--vscode-focusBorder); }
  [role='grid']:focus .cell.active[aria-selected='true'] { outline-width: 2px; outline-offset: -2px; }
  .editing { padding: 0 !important; position: relative; z-index: 1; }
  textarea { position: absolute; inset: 0 auto auto 0; min-width: 100%; width: max-content; max-width: 480px; field-sizing: content; min-height: ${rowHeight}px; max-height: 200px; padding: 0 5px; line-height: ${rowHeight - 2}px; resize: none; border: 0; outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; background: var(--vscode-input-background); color: var(--vscode-input-foreground); font: inherit; line-height: ${rowHeight - 2}px; white-space: pre-wrap; }
  .message { margin: 8px 12px; }
`;
