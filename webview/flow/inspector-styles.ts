import { css } from 'lit';

export const inspectorStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; overflow: hidden; --line: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  header { display: flex; align-items: flex-start; gap: 8px; padding: 10px 8px 8px 12px; flex: none; }
  .tile { display: flex; align-items: center; justify-content: center; width: 26px; height: 26px; border-radius: 5px; background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent); flex: none; }
  .names { flex: 1; min-width: 0; }
  .name { font-weight: 600; line-height: 26px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .name vscode-textfield { width: 100%; }
  .sub { display: flex; align-items: center; gap: 4px; font-size: 11px; min-height: 22px; min-width: 0; }
  .sub > * { flex: none; max-width: 100%; }
  .sub .mono { flex: 0 1 auto; font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .tools { display: flex; flex: none; margin-top: 2px; }
  .tab-panel, .content { flex: 1; min-height: 0; overflow: auto; }
  .tab-panel { border: 0; }
  .pad { padding: 12px 14px 24px; }
  .pad > .message { margin-bottom: 12px; }
  section { margin-bottom: 18px; }
  h3 { margin: 0 0 6px; font-size: 12px; font-weight: 600; }
  .plain { list-style: none; margin: 0 0 6px -6px; padding: 0; }
  .row-button { display: flex; align-items: center; gap: 6px; width: 100%; min-height: 24px; padding: 0 6px; border: 0; border-radius: 4px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
  .row-button:hover { background: var(--vscode-list-hoverBackground); }
  .row-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .row-button .quiet { font-size: 11px; }
  .member { display: flex; align-items: center; }
  .member .row-button { flex: 1; min-width: 0; }
  .pad > .field + section, .pad > .field + .actions-list { margin-top: 14px; }
  .adds { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; }
  .actions.mapping { margin: 0 0 14px; }
  .actions-list { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
  .json-tab { display: flex; flex-direction: column; height: 100%; }
  .pad-bar { padding: 8px 14px; border-bottom: 1px solid var(--line); font-size: 12px; }
  pre { flex: 1; margin: 0; padding: 10px 14px; overflow: auto; font-size: 12px; line-height: 1.5; tab-size: 2; }
  pre:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  p { margin: 0 0 6px; }
`;
