import { css } from 'lit';

export const editorStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; position: relative; overflow: hidden; container: flow / size; background: var(--vscode-editor-background); --divider: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar .zoom { min-width: 44px; height: 22px; padding: 0 4px; border: 0; border-radius: 5px; background: none; color: inherit; font: inherit; font-size: 12px; font-variant-numeric: tabular-nums; cursor: pointer; }
  .bar .zoom:hover { background: var(--vscode-toolbar-hoverBackground); }
  .zoom:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .text-button.run .icon { color: var(--vscode-debugIcon-startForeground, var(--vscode-charts-green)); }
  .text-button.stop .icon { color: var(--vscode-debugIcon-stopForeground, var(--vscode-charts-red)); }
  .flow { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .flow.covered { visibility: hidden; }
  .map-layer { position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--vscode-editor-background); }
  main { flex: 1; display: flex; min-height: 0; position: relative; }
  .stage { flex: 1; min-width: 0; min-height: 0; position: relative; display: flex; }
  patchbay-flow-canvas { flex: 1; }
  patchbay-inspector { flex: none; width: var(--inspector-width, 360px); max-width: 70%; border-left: 1px solid var(--divider); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .card { position: absolute; left: 50%; top: 50%; transform: translate(-50%, -50%); width: min(420px, calc(100% - 32px)); max-height: calc(100% - 16px); overflow: auto; padding: 20px 24px 22px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 8px; text-align: center; }
  .card h2 { margin: 0 0 4px; font-size: 15px; font-weight: 600; }
  .card p { margin: 0 0 14px; color: var(--vscode-descriptionForeground); }
  .choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(80px, 1fr)); gap: 8px; margin-bottom: 16px; }
  .choice { display: flex; flex-direction: column; align-items: center; gap: 6px; min-width: 0; padding: 12px 4px 10px; border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 22%, transparent)); border-radius: 6px; background: var(--vscode-editor-background); color: inherit; font: inherit; cursor: pointer; }
  .choice:hover { border-color: var(--vscode-focusBorder); background: var(--vscode-list-hoverBackground); }
  .choice[aria-pressed='true'] { border-color: var(--vscode-focusBorder); }
  .choice .icon { font-size: 20px; width: 20px; height: 20px; color: var(--vscode-charts-green); }
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
