import { css } from 'lit';

export const canvasStyles = css`
  :host { display: block; flex: 1; min-width: 0; min-height: 0; position: relative; --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); --wire: color-mix(in srgb, var(--vscode-foreground) 55%, transparent); }
  .stage { position: absolute; inset: 0; display: grid; grid-template-columns: minmax(0, 35fr) minmax(0, 30fr) minmax(0, 35fr); }
  .side { display: flex; flex-direction: column; min-width: 0; min-height: 0; position: relative; }
  .side header { display: flex; align-items: center; gap: 8px; height: 30px; padding: 3px 10px 0; flex: none; font-size: 12px; }
  .side h2 { margin: 0; font-size: 12px; font-weight: 600; }
  .side header .ellipsis { flex: 1; }
  .count { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .filter { height: 32px; padding: 2px 8px 4px; flex: none; }
  .rows { flex: 1; min-height: 0; overflow-y: auto; overflow-x: hidden; border-top: 1px solid var(--divider); outline: none; }
  .source .rows { border-right: 1px solid var(--divider); }
  .target .rows { border-left: 1px solid var(--divider); }
  .row { display: flex; align-items: center; gap: 4px; height: 24px; padding: 0 8px; cursor: default; border: 1px solid transparent; position: relative; user-select: none; }
  .source .row { padding-right: 14px; touch-action: none; }
  .target .row { padding-left: 14px; }
  .row:hover { background: var(--vscode-list-hoverBackground); }
  .row.linked { background: color-mix(in srgb, var(--vscode-focusBorder) 14%, transparent); border-color: var(--vscode-contrastActiveBorder, transparent); border-style: dashed; }
  .row.chosen { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit); border-color: var(--vscode-contrastActiveBorder, transparent); }
  .rows:focus .row.chosen { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground, inherit); }
  .row.chosen .quiet, .row.chosen .value, .row.chosen .icon { color: inherit; }
  .rows:focus-visible .row.active { outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
  .rows:focus-visible { outline: none; box-shadow: inset 0 1px var(--vscode-focusBorder); }
  .row.over { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; }
  .indent { flex: none; }
  .twisty { width: 16px; height: 22px; flex: none; display: inline-flex; align-items: center; cursor: pointer; }
  .type { flex: none; color: var(--vscode-descriptionForeground); }
  .type .icon { font-size: 14px; }
  .name { flex: 0 1 auto; }
  .required { color: var(--patchbay-error-text); margin-left: 2px; }
  .chosen .required { color: inherit; }
  .row.used .name { font-weight: 600; }
  .row.gone .name { text-decoration: line-through; }
  .gone-mark { flex: none; }
  .value { padding-left: 10px; flex: 1 1 0; min-width: 24%; text-align: right; font-size: 12px; color: var(--vscode-descriptionForeground); }
  .value .icon { font-size: 13px; margin-right: 4px; }
  .dot { position: absolute; top: 8px; width: 7px; height: 7px; border-radius: 50%; border: 1px solid var(--vscode-descriptionForeground); background: var(--vscode-editor-background); }
  .source .dot { right: 3px; }
  .target .dot { left: 3px; }
  .row.used .dot { background: var(--vscode-foreground); border-color: var(--vscode-foreground); }
  .row.tone-row-bad .dot { background: var(--vscode-problemsErrorIcon-foreground); border-color: var(--vscode-problemsErrorIcon-foreground); }
  .row.tone-row-warn .dot { background: var(--vscode-problemsWarningIcon-foreground); border-color: var(--vscode-problemsWarningIcon-foreground); }
  .none { position: absolute; top: 66px; left: 0; right: 0; padding: 16px; text-align: center; }
  .none p { margin: 0; }
  .none .actions { justify-content: center; }
  .stub { position: absolute; z-index: 1; padding: 0 5px; border-radius: 8px; font-size: 11px; line-height: 16px; background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); border: 1px solid var(--vscode-contrastBorder, transparent); pointer-events: none; }
  .stub .icon { font-size: 11px; width: 12px; height: 12px; vertical-align: -1px; }
  .source .stub { right: 14px; }
  .target .stub { left: 14px; }
  .stub.above { top: 66px; }
  .stub.below { bottom: 4px; }
  .middle { position: relative; margin-top: 63px; min-width: 0; overflow: hidden; }
  .middle svg { position: absolute; inset: 0; display: block; }
  .wire { fill: none; stroke: var(--wire); stroke-width: 1.25; cursor: pointer; pointer-events: stroke; }
  .wire.list { stroke-width: 2.25; }
  .wire.of-file { stroke-dasharray: 1 4; }
  .wire.warn { stroke: var(--vscode-problemsWarningIcon-foreground); stroke-dasharray: 7 3; }
  .wire.bad { stroke: var(--vscode-problemsErrorIcon-foreground); stroke-dasharray: 2 3; }
  .wire.dim { opacity: 0.3; }
  .wire.on { stroke-width: 2.5; }
  .wire.on.good { stroke: var(--vscode-focusBorder); }
  .wire.drag { stroke: var(--vscode-focusBorder); pointer-events: none; }
  .chips { position: absolute; right: 8px; left: 12px; height: 24px; display: flex; align-items: center; justify-content: flex-end; gap: 3px; pointer-events: none; }
  .chips > * { pointer-events: auto; }
  .chip { display: inline-flex; align-items: center; gap: 3px; min-width: 0; max-width: 150px; height: 18px; padding: 0 7px; border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-charts-purple) 45%, var(--vscode-editor-background))); border-radius: 9px; background: color-mix(in srgb, var(--vscode-charts-purple) 16%, var(--vscode-editor-background)); color: var(--vscode-foreground); font: inherit; font-size: 11px; line-height: 16px; white-space: nowrap; }
  button.chip { cursor: pointer; }
  .chip .icon { font-size: 11px; width: 11px; height: 11px; vertical-align: -1px; }
  .chip.note, .chip.made { flex: none; background: color-mix(in srgb, var(--vscode-foreground) 10%, var(--vscode-editor-background)); border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 30%, var(--vscode-editor-background))); }
  .chip.map { background: color-mix(in srgb, var(--vscode-charts-blue) 16%, var(--vscode-editor-background)); border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-charts-blue) 45%, var(--vscode-editor-background))); }
  .chip.unknown { background: var(--vscode-editor-background); border: 1px dashed var(--vscode-problemsWarningIcon-foreground); }
  .chips.chosen .chip { border-color: var(--vscode-focusBorder); }
  .chips .icon-button { width: 18px; height: 18px; background: var(--vscode-editor-background); }
`;
