import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; flex: 1; min-width: 0; min-height: 0; height: 100%; overflow: hidden; container: map / size; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar { display: flex; align-items: center; gap: 2px 4px; min-height: 35px; padding: 3px 10px; border-bottom: 1px solid var(--divider); flex: none; flex-wrap: wrap; }
  .bar .gap { flex: 1; }
  .bar .toolbar { min-width: 0; }
  .sep { width: 1px; height: 16px; margin: 0 4px; background: var(--divider); flex: none; }
  .text-button { display: inline-flex; align-items: center; gap: 5px; height: 22px; padding: 0 7px 0 5px; border: 1px solid transparent; border-radius: 5px; background: none; color: var(--vscode-foreground); font: inherit; font-size: 12px; white-space: nowrap; cursor: pointer; }
  .text-button:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent); outline-offset: -1px; }
  .text-button:disabled { opacity: 0.5; cursor: default; }
  .text-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .sample { font-size: 12px; max-width: 240px; }
  .record { font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .banners { flex: none; display: flex; flex-direction: column; }
  .banners .message { border-radius: 0; border-width: 0 0 1px 3px; padding: 6px 12px; }
  .banners .actions { margin-top: 4px; }
  .hint { display: flex; gap: 6px; padding: 4px 12px; font-size: 12px; border-bottom: 1px solid var(--divider); color: var(--vscode-descriptionForeground); }
  .hint .icon { margin-top: 1px; }
  main { flex: 1; display: flex; min-height: 0; position: relative; }
  .table { flex: 1; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
  .table patchbay-grid { flex: 1; min-height: 0; }
  .table-filter { display: flex; align-items: center; gap: 10px; padding: 4px 8px; font-size: 12px; flex: none; }
  .table-filter .field { flex: 0 1 280px; min-width: 90px; }
  .table-filter .quiet { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .sash { width: 5px; margin: 0 -2px; z-index: 1; cursor: col-resize; flex: none; touch-action: none; }
  .sash:hover, .sash:focus-visible { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); outline: none; }
  patchbay-map-panel { flex: none; width: var(--panel-width, 340px); max-width: 60%; border-left: 1px solid var(--divider); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .sheet { position: absolute; right: 16px; top: 12px; width: min(400px, calc(100% - 32px)); overflow: auto; padding: 12px 16px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 8px; max-height: calc(100% - 24px); z-index: 3; }
  .sheet header { display: flex; align-items: center; justify-content: space-between; margin-bottom: 8px; font-weight: 600; }
  .sheet dl { display: grid; grid-template-columns: auto 1fr; gap: 5px 14px; margin: 0; font-size: 12px; }
  .sheet dt { font-family: var(--vscode-editor-font-family); white-space: nowrap; }
  .sheet dd { margin: 0; color: var(--vscode-descriptionForeground); }
  @container map (max-width: 899px) {
    main { flex-direction: column; }
    .sash { display: none; }
    patchbay-map-panel { width: 100%; max-width: none; height: 44%; border-left: 0; border-top: 1px solid var(--divider); }
  }
  @container map (max-width: 520px) {
    .sample { max-width: 120px; }
    patchbay-map-panel { height: 55%; }
  }
`;
