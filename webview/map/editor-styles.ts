import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; flex: 1; min-width: 0; min-height: 0; height: 100%; overflow: hidden; container: map / size; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar .toolbar { min-width: 0; }
  .sample { font-size: 12px; max-width: 240px; }
  .record { font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .hint { display: flex; gap: 6px; padding: 4px 12px; font-size: 12px; border-bottom: 1px solid var(--divider); color: var(--vscode-descriptionForeground); }
  .hint .icon { margin-top: 1px; }
  main { flex: 1; display: flex; min-height: 0; position: relative; }
  .table { flex: 1; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
  .table patchbay-grid { flex: 1; min-height: 0; }
  .table-filter { display: flex; align-items: center; gap: 10px; padding: 4px 8px; font-size: 12px; flex: none; }
  .table-filter .field { flex: 0 1 280px; min-width: 90px; }
  .table-filter .quiet { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  patchbay-map-panel { flex: none; width: var(--panel-width, 340px); max-width: 60%; border-left: 1px solid var(--divider); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
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
