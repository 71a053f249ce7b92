import { css } from 'lit';

export const panelStyles = css`
  :host { display: flex; flex-direction: column; min-width: 0; min-height: 0; overflow: hidden; --line: color-mix(in srgb, var(--vscode-foreground) 16%, transparent); }
  .head { display: flex; align-items: center; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); padding-right: 6px; flex: none; }
  .head .tabs { flex: 1; border-bottom: 0; min-width: 0; }
  .tab-panel { flex: 1; min-height: 0; overflow-y: auto; padding: 10px 14px 20px; display: flex; flex-direction: column; gap: 12px; }
  header { display: flex; align-items: flex-start; gap: 8px; }
  .title { flex: 1; min-width: 0; }
  .tools { display: flex; flex: none; }
  h3 { margin: 0; font-size: 13px; font-weight: 600; }
  p { margin: 0; overflow-wrap: anywhere; }
  .label { font-size: 12px; font-weight: 600; }
  .lineage { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; padding: 6px 8px; border: 1px solid var(--vscode-contrastBorder, var(--line)); border-radius: 5px; font-size: 12px; overflow-wrap: anywhere; }
  .lineage .link-button { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; min-width: 0; }
  .step { padding: 0 6px; border-radius: 8px; line-height: 16px; border: 1px solid var(--vscode-contrastBorder, transparent); background: color-mix(in srgb, var(--vscode-charts-purple) 16%, transparent); }
  .result { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; font-size: 12px; }
  .result output { overflow-wrap: anywhere; min-width: 0; }
  .feeds ul, .suggestions { list-style: none; margin: 4px 0 0; padding: 0; }
  .bar { display: flex; align-items: center; justify-content: space-between; gap: 8px; flex-wrap: wrap; }
  .suggestions li { padding: 6px 0; border-top: 1px solid var(--line); }
  .line { display: flex; align-items: center; gap: 6px; min-width: 0; }
  .path { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; font-size: 12px; }
  .why { flex: 1; font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .score { font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
  meter { width: 44px; height: 10px; flex: none; }
`;
