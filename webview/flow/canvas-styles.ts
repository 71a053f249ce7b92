import { css } from 'lit';

export const canvasStyles = css`
  :host { display: block; position: relative; overflow: clip; min-width: 0; min-height: 0; --edge: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 60%, var(--vscode-editor-background))); }
  .view { position: absolute; inset: 0; overflow: clip; background: var(--vscode-editor-background); outline: none; touch-action: none; cursor: default; }
  .view.panning { cursor: grabbing; }
  .view.space { cursor: grab; }
  .view.linking { cursor: crosshair; }
  .view.taking::after { content: ''; position: absolute; inset: 0; pointer-events: none; background: var(--vscode-editorGroup-dropBackground); outline: 2px dashed var(--vscode-focusBorder); outline-offset: -2px; }
  .grid { position: absolute; inset: 0; pointer-events: none; background-image: radial-gradient(circle, color-mix(in srgb, var(--vscode-foreground) 14%, transparent) 1px, transparent 1.4px); }
  .far { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
  .world { position: absolute; left: 0; top: 0; width: 0; height: 0; transform-origin: 0 0; }
  svg { position: absolute; left: 0; top: 0; width: 1px; height: 1px; overflow: visible; pointer-events: none; }
  .edge { fill: none; stroke: var(--edge); stroke-width: 1.5; }
  .edge.error { stroke: var(--vscode-problemsErrorIcon-foreground); stroke-dasharray: 5 4; }
  .edge.ran { stroke: color-mix(in srgb, var(--vscode-foreground) 85%, var(--vscode-editor-background)); }
  .edge.ran.error { stroke: var(--vscode-problemsErrorIcon-foreground); }
  .edge.hover { stroke: var(--vscode-foreground); }
  .taking .edge.hover { stroke: var(--vscode-focusBorder); stroke-width: 3; }
  .edge.selected { stroke: var(--vscode-focusBorder); stroke-width: 2.5; }
  .edge.active { stroke: var(--vscode-charts-blue); stroke-dasharray: 6 5; animation: edge-flow calc(0.7s * var(--patchbay-motion, 1)) linear infinite; }
  @keyframes edge-flow { to { stroke-dashoffset: -22; } }
  .arrow { fill: none; stroke: var(--edge); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  .link { fill: none; stroke: var(--vscode-focusBorder); stroke-width: 2; stroke-dasharray: 5 4; }
  .count { font: 11px var(--vscode-font-family); fill: var(--vscode-foreground); text-anchor: middle; paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 5px; stroke-linejoin: round; font-variant-numeric: tabular-nums; }
  .plus circle { fill: var(--vscode-button-background); stroke: var(--vscode-contrastBorder, transparent); }
  .plus path { stroke: var(--vscode-button-foreground); stroke-width: 1.5; }

  .node { position: absolute; left: 0; top: 0; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 20%, transparent)); border-radius: 6px; --tint: var(--vscode-foreground); color: var(--vscode-foreground); }
  .node:hover { border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 45%, transparent)); }
  .node::before { content: ''; position: absolute; left: -4px; top: 26px; width: 7px; height: 7px; border-radius: 50%; background: var(--edge); display: none; }
  .node.trigger, .node.start { border-radius: 20px; }
  .group-trigger { --tint: var(--vscode-charts-green); }
  .group-connect { --tint: var(--vscode-charts-blue); }
  .group-logic { --tint: var(--vscode-charts-orange); }
  .group-data { --tint: var(--vscode-charts-purple); }
  .group-script { --tint: var(--vscode-charts-yellow); }
  .tile { position: absolute; left: 11px; top: 13px; width: 32px; height: 32px; line-height: 32px; border-radius: 6px; font-size: 18px; color: color-mix(in srgb, var(--tint) 70%, var(--vscode-foreground)); background: color-mix(in srgb, var(--tint) 15%, transparent); }
  .trigger .tile, .start .tile { left: 7px; top: 6px; width: 26px; height: 26px; line-height: 26px; border-radius: 50%; font-size: 15px; }
  .title, .summary { position: absolute; left: 53px; right: 14px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .title { top: 11px; font-size: 13px; line-height: 18px; font-weight: 600; }
  .summary { top: 30px; font-size: 11px; line-height: 16px; color: var(--vscode-descriptionForeground); }
  .trigger .title, .trigger .summary, .start .title, .start .summary { left: 42px; }
  .trigger .title, .start .title { top: 4px; font-size: 12px; line-height: 16px; }
  .trigger .summary, .start .summary { top: 19px; line-height: 15px; }
  .row { position: absolute; right: 0; left: 0; height: 20px; line-height: 20px; padding: 0 14px 0 53px; font-size: 11px; display: flex; gap: 8px; justify-content: flex-end; color: var(--vscode-foreground); }
  .row > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .row b { font-weight: 400; order: -1; margin-right: auto; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
  .row::after, .port { content: ''; position: absolute; right: -5px; top: 5px; width: 9px; height: 9px; border-radius: 50%; background: var(--vscode-editorWidget-background); border: 1.5px solid var(--edge); }
  .port { top: 24.5px; }
  .trigger .port, .start .port { top: 14.5px; }
  .row.error::after, .port.error { border-color: var(--vscode-problemsErrorIcon-foreground); }
  .node:hover .port, .node:hover .row::after, .row.free::after, .port.free { border-color: var(--vscode-focusBorder); }
  .row:not(.free)::after, .port:not(.free) { background: var(--edge); }
  .row.error:not(.free)::after { background: var(--vscode-problemsErrorIcon-foreground); }
  .badge { position: absolute; top: -8px; right: -8px; width: 18px; height: 18px; line-height: 18px; border-radius: 50%; background: var(--vscode-editor-background); color: var(--vscode-problemsWarningIcon-foreground); }
  .badge.error { color: var(--vscode-problemsErrorIcon-foreground); }
  .dot { position: absolute; left: -8px; top: -8px; width: 16px; height: 16px; border-radius: 50%; box-sizing: border-box; font: 9px/16px var(--vscode-font-family); text-align: center; color: var(--vscode-button-foreground); cursor: pointer; opacity: 0; }
  .node:hover .dot.none { opacity: 0.5; background: radial-gradient(circle, var(--vscode-debugIcon-breakpointForeground) 4px, transparent 5px); }
  .dot.on, .dot.condition { opacity: 1; background: radial-gradient(circle, var(--vscode-debugIcon-breakpointForeground) 6px, transparent 7px); }
  .dot.off { opacity: 1; border: 2px solid var(--vscode-debugIcon-breakpointDisabledForeground); }
  .dot.unverified { opacity: 1; background: radial-gradient(circle, var(--vscode-debugIcon-breakpointUnverifiedForeground) 6px, transparent 7px); }
  .dot.log { opacity: 1; border-radius: 0; transform: rotate(45deg) scale(0.7); background: var(--vscode-debugIcon-breakpointForeground); }
  .dot.condition:empty::after { content: '='; }
  .stopped, .stopped:hover { border-color: var(--vscode-debugIcon-breakpointCurrentStackframeForeground, var(--vscode-focusBorder)); box-shadow: 0 0 0 2px var(--vscode-debugIcon-breakpointCurrentStackframeForeground, var(--vscode-focusBorder)); }
  .arrow-here { position: absolute; left: -24px; top: 18px; color: var(--vscode-debugIcon-breakpointCurrentStackframeForeground, var(--vscode-focusBorder)); font-style: normal; }
  .covered { position: absolute; right: 4px; bottom: -8px; height: 16px; padding: 0 5px; border-radius: 8px; font-size: 10px; line-height: 15px; box-sizing: border-box; font-variant-numeric: tabular-nums; color: var(--vscode-foreground); background: var(--vscode-editor-background); border: 1px solid var(--vscode-testing-iconPassed); }
  .covered.part { border-style: dashed; border-color: var(--vscode-problemsWarningIcon-foreground); }
  .covered.none { border-style: dotted; border-color: var(--vscode-testing-iconFailed); }
  .caption { position: absolute; top: 100%; left: 2px; right: 2px; margin-top: 3px; height: 16px; font-size: 11px; line-height: 16px; color: var(--vscode-descriptionForeground); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .caption .icon { font-size: 13px; width: 14px; height: 14px; margin-right: 4px; vertical-align: -2px; }
  .caption .good { color: var(--vscode-charts-green); }
  .caption.bad { color: var(--patchbay-error-text); }

  .disabled { border-style: dashed; background-image: repeating-linear-gradient(135deg, transparent 0 6px, color-mix(in srgb, var(--vscode-foreground) 9%, transparent) 6px 7px); }
  .disabled .title { font-weight: 400; }
  .disabled .tile { color: var(--vscode-descriptionForeground); background: none; }
  .unknown { border-style: dashed; }
  .unknown .tile { color: var(--vscode-descriptionForeground); background: color-mix(in srgb, var(--vscode-foreground) 10%, transparent); }
  .failed, .failed:hover { border-color: var(--vscode-problemsErrorIcon-foreground); }
  .found { background-color: color-mix(in srgb, var(--vscode-editor-findMatchBackground, var(--vscode-focusBorder)) 45%, var(--vscode-editorWidget-background)); }
  .selected, .selected:hover { border-color: var(--vscode-focusBorder); box-shadow: 0 0 0 1px var(--vscode-focusBorder); }
  .target, .target:hover { border-color: var(--vscode-focusBorder); border-style: dashed; box-shadow: 0 0 0 2px var(--vscode-focusBorder); }
  .node:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 3px; }
  .flash { animation: node-flash calc(1s * var(--patchbay-motion, 1)) ease-out; }
  @keyframes node-flash { from { background-color: color-mix(in srgb, var(--vscode-focusBorder) 40%, var(--vscode-editorWidget-background)); } }
  .ghost, .ghost:hover { background: none; border-color: transparent; }
  .ghost.selected { border-color: transparent; box-shadow: none; }
  .mark::before { display: none; }
  .note { border-radius: 2px; color: var(--vscode-foreground); background: color-mix(in srgb, var(--vscode-charts-yellow) 16%, var(--vscode-editor-background)); border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-charts-yellow) 55%, var(--vscode-editor-background))); }
  .note .text { position: absolute; inset: 0; padding: 7px 10px; overflow: hidden; font-size: 12px; line-height: 17px; white-space: pre-wrap; overflow-wrap: anywhere; }
  .note .text > div { min-height: 17px; }
  .note .heading { font-size: 13px; font-weight: 600; }
  .note .item { padding-left: 12px; text-indent: -10px; }
  .note .item::before { content: '•  '; }
  .note code { font-family: var(--vscode-editor-font-family); font-size: 11px; }
  .note .quiet { color: var(--vscode-descriptionForeground); font-style: italic; }
  textarea { position: absolute; left: 0; top: 0; box-sizing: border-box; margin: 0; padding: 8px 11px; border: 0; outline: 2px solid var(--vscode-focusBorder); resize: none; background: var(--vscode-input-background); color: var(--vscode-input-foreground); font: 12px/17px var(--vscode-font-family); user-select: text; }
  textarea::placeholder { color: var(--vscode-input-placeholderForeground); }
  .corner { position: absolute; right: 0; bottom: 0; width: 14px; height: 14px; cursor: nwse-resize; opacity: 0; background: linear-gradient(135deg, transparent 50%, var(--vscode-descriptionForeground) 50% 58%, transparent 58% 70%, var(--vscode-descriptionForeground) 70% 78%, transparent 78%); }
  .note:hover .corner, .note.selected .corner { opacity: 1; }
  .node.group { z-index: -1; border-radius: 8px; border-style: dashed; border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 35%, transparent)); background: color-mix(in srgb, var(--vscode-foreground) 4%, transparent); pointer-events: none; }
  .node.group.selected { border-color: var(--vscode-focusBorder); border-style: solid; }
  .node.group.found, .note.found { background-color: color-mix(in srgb, var(--vscode-editor-findMatchBackground, var(--vscode-focusBorder)) 45%, var(--vscode-editorWidget-background)); }
  .group .name { position: absolute; left: 0; right: 0; top: 0; padding: 0 12px; height: 26px; line-height: 28px; font-size: 12px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; pointer-events: auto; }
  .marquee { position: absolute; border: 1px solid var(--vscode-focusBorder); background: color-mix(in srgb, var(--vscode-focusBorder) 12%, transparent); pointer-events: none; }
  .minimap { position: absolute; right: 12px; bottom: 12px; width: 190px; height: 120px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 4px; cursor: pointer; }
`;
