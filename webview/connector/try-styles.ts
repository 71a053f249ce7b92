import { css } from 'lit';

export const tryStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; min-width: 0; overflow: hidden; --line: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  header { display: flex; align-items: center; padding: 8px 14px 6px; flex: none; }
  h2 { font-size: 13px; font-weight: 600; margin: 0; flex: 1; }
  .all { flex: 1; min-height: 0; overflow: auto; display: flex; flex-direction: column; }
  h3 { font-size: 12px; font-weight: 600; margin: 0 0 4px; }
  p { margin: 0 0 4px; font-size: 12px; overflow-wrap: anywhere; }
  .order { display: flex; flex-direction: column; gap: 8px; padding: 4px 14px 12px; border-bottom: 1px solid var(--line); flex: none; }
  .target { display: flex; flex-wrap: wrap; gap: 8px; }
  label { font-size: 11px; color: var(--vscode-descriptionForeground); display: flex; flex-direction: column; gap: 2px; min-width: 0; }
  .grow { flex: 1 1 140px; }
  .line { flex-direction: row; align-items: center; gap: 8px; }
  .line .field { width: 160px; }
  .line .number-field { width: 80px; }
  .mock { display: flex; align-items: center; gap: 8px; min-width: 0; font-size: 12px; }
  .mock .mono { font-size: 11px; }
  .note { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; font-size: 12px; }
  .note > span:not(.icon) { flex: 1 1 160px; min-width: 0; overflow-wrap: anywhere; }
  .part > summary { cursor: pointer; font-size: 12px; font-weight: 600; padding: 2px 0 6px; }
  .part > .line { margin-top: 8px; }
  .actions { margin-top: 0; gap: 6px 14px; font-size: 12px; }
  .outcome { flex: 1 0 380px; min-height: 0; display: flex; flex-direction: column; }
  .outcome > .actions { padding: 8px 14px 4px; }
  .tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; overflow: auto; }
  .pad { padding: 12px 14px; overflow: auto; }
  .found { display: flex; flex-direction: column; padding: 4px 14px; }
  .found > section { padding: 8px 0; }
  section + section { border-top: 1px dashed var(--line); }
  .plain { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px; }
  .proposal { display: flex; gap: 10px; align-items: flex-start; font-size: 12px; }
  .proposal .what { flex: 1; min-width: 0; overflow-wrap: anywhere; }
  .proposal .mono { font-size: 12px; }
  .score { display: flex; align-items: center; gap: 6px; width: 84px; flex: none; font-variant-numeric: tabular-nums; }
  .bar { width: 40px; height: 6px; border-radius: 3px; border: 1px solid var(--vscode-contrastBorder, transparent); background: color-mix(in srgb, var(--vscode-foreground) 14%, transparent); overflow: hidden; }
  .bar span { display: block; height: 100%; background: var(--vscode-charts-blue); }
  patchbay-trial { flex: 1; }
`;
