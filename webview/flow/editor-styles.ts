import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; position: relative; overflow: hidden; container: flow / size; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar { display: flex; align-items: center; gap: 2px 4px; min-height: 35px; padding: 3px 10px; border-bottom: 1px solid var(--divider); flex: none; flex-wrap: wrap; }
  .bar .gap { flex: 1; }
  .bar .sep { width: 1px; height: 16px; margin: 0 4px; background: var(--divider); flex: none; }
  .bar .zoom { min-width: 44px; height: 22px; padding: 0 4px; border: 0; border-radius: 5px; background: none; color: inherit; font: inherit; font-size: 12px; font-variant-numeric: tabular-nums; cursor: pointer; }
  .bar .zoom:hover { background: var(--vscode-toolbar-hoverBackground); }
  .text-button { display: inline-flex; align-items: center; gap: 5px; height: 22px; padding: 0 7px 0 5px; border: 1px solid transparent; border-radius: 5px; background: none; color: var(--vscode-foreground); font: inherit; font-size: 12px; white-space: nowrap; cursor: pointer; }
  .text-button:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent); outline-offset: -1px; }
  .text-button:focus-visible, .zoom:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .text-button:disabled { opacity: 0.5; cursor: default; }
  .text-button.run .icon { color: var(--vscode-debugIcon-startForeground, var(--vscode-charts-green)); }
  .text-button.stop .icon { color: var(--vscode-debugIcon-stopForeground, var(--vscode-charts-red)); }
  .banners { flex: none; display: flex; flex-direction: column; }
  .banners .message { border-radius: 0; border-width: 0 0 1px 3px; padding: 6px 12px; }
  .banners .actions { margin-top: 4px; }
  .flow { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .flow.covered { visibility: hidden; }
  .map-layer { position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--vscode-editor-background); }
  main { flex: 1; display: flex; min-height: 0; position: relative; }
  .stage { flex: 1; min-width: 0; min-height: 0; position: relative; display: flex; }
  patchbay-flow-canvas { flex: 1; }
  .sash { width: 5px; margin: 0 -2px; z-index: 1; cursor: col-resize; flex: none; touch-action: none; }
  .sash:hover, .sash:focus-visible, .sash.dragging { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); outline: none; }
  patchbay-inspector { flex: none; width: var(--inspector-width, 360px); max-width: 70%; border-left: 1px solid var(--divider); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .card { position: absolute; left: 50%; top: 50%; transform: translate(-50%, -50%); width: min(420px, calc(100% - 32px)); max-height: calc(100% - 16px); overflow: auto; padding: 20px 24px 22px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 8px; text-align: center; }
  .card h2 { margin: 0 0 4px; font-size: 15px; font-weight: 600; }
  .card p { margin: 0 0 14px; color: var(--vscode-descriptionForeground); }
  .choices { display: flex; gap: 8px; flex-wrap: wrap; justify-content: center; margin-bottom: 16px; }
  .choice { display: flex; flex-direction: column; align-items: center; gap: 6px; flex: 1 1 90px; padding: 12px 8px 10px; border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 22%, transparent)); border-radius: 6px; background: var(--vscode-editor-background); color: inherit; font: inherit; cursor: pointer; }
  .choice:hover { border-color: var(--vscode-focusBorder); background: var(--vscode-list-hoverBackground); }
  .choice[aria-pressed='true'] { border-color: var(--vscode-focusBorder); }
  .choice .icon { font-size: 20px; width: 20px; height: 20px; color: var(--vscode-charts-green); }
  .sheet { position: absolute; right: 16px; top: 12px; bottom: 12px; width: min(380px, calc(100% - 32px)); overflow: auto; padding: 12px 16px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 8px; height: fit-content; max-height: calc(100% - 24px); z-index: 2; }
  .sheet header { display: flex; align-items: center; justify-content: space-between; margin-bottom: 8px; font-weight: 600; }
  .sheet dl { display: grid; grid-template-columns: auto 1fr; gap: 5px 14px; margin: 0; font-size: 12px; }
  .sheet dt { font-family: var(--vscode-editor-font-family); white-space: nowrap; }
  .sheet dd { margin: 0; color: var(--vscode-descriptionForeground); }
  .find { display: flex; align-items: center; gap: 2px; width: auto; max-width: calc(100% - 32px); padding: 5px 6px; border-radius: 6px; }
  .find .field { width: 200px; min-width: 60px; }
  .find .quiet { font-size: 12px; white-space: nowrap; min-width: 44px; padding-left: 6px; }
  @container flow (max-width: 899px) {
    main { flex-direction: column; }
    .sash { display: none; }
    patchbay-inspector { width: 100%; max-width: none; height: 46%; border-left: 0; border-top: 1px solid var(--divider); }
  }
  @container flow (max-width: 520px) {
    .wide { display: none !important; }
    patchbay-inspector { height: 60%; }
  }
`;
