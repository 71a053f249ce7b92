import { css } from 'lit';

export const formStyles = css`
  :host { display: block; --line: color-mix(in srgb, var(--vscode-foreground) 16%, transparent); }
  .form { display: flex; flex-direction: column; gap: 14px; }
  .field-box { display: flex; flex-direction: column; gap: 3px; min-width: 0; }
  .label-row { display: flex; align-items: center; gap: 6px; min-height: 18px; }
  .label { font-size: 12px; font-weight: 600; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .required { color: var(--patchbay-error-text); font-weight: 400; }
  .label-row .end { margin-left: auto; display: flex; align-items: center; gap: 2px; }
  .help { font-size: 11px; line-height: 1.4; color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
  .problem { font-size: 11px; line-height: 1.4; color: var(--patchbay-error-text); overflow-wrap: anywhere; }
  .problem.warning { color: var(--patchbay-warning-text); }
  .problem .icon { font-size: 12px; width: 13px; height: 13px; vertical-align: -2px; }
  .preview { font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .preview.problem { white-space: normal; color: var(--vscode-descriptionForeground); }
  .suggestions { position: fixed; inset: auto; margin: 0; padding: 2px; width: min(420px, calc(100vw - 8px)); max-height: 260px; overflow: hidden; flex-direction: column; color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorSuggestWidget-background, var(--vscode-editorWidget-background)); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorSuggestWidget-border, var(--vscode-widget-border, var(--line)))); border-radius: 3px; font-size: 12px; }
  .suggestions:popover-open { display: flex; }
  .suggestions [role='listbox'] { overflow-y: auto; min-height: 0; }
  .suggestions .none { padding: 4px 8px; }
  .suggestion { display: flex; align-items: baseline; gap: 12px; padding: 1px 6px; border: 1px solid transparent; border-radius: 3px; line-height: 20px; white-space: nowrap; cursor: pointer; }
  .suggestion .ellipsis { flex: 1; text-align: right; }
  .suggestion:hover { background: var(--vscode-list-hoverBackground); }
  .suggestion.at { background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground)); color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground)); border-color: var(--vscode-contrastActiveBorder, transparent); }
  .suggestion.at .quiet { color: inherit; }
  .suggestions .about { padding: 3px 8px; border-top: 1px solid var(--line); flex: none; line-height: 1.4; }
  .chip { height: 18px; padding: 0 6px; border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 9px; background: transparent; color: var(--vscode-descriptionForeground); font: 11px var(--vscode-editor-font-family); cursor: pointer; }
  .chip:hover { background: var(--vscode-toolbar-hoverBackground); color: var(--vscode-foreground); }
  .chip[aria-pressed='true'] { background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); }
  .chip:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .nested { display: flex; flex-direction: column; gap: 12px; padding-left: 10px; border-left: 2px solid var(--line); }
  .group summary { cursor: pointer; font-size: 12px; font-weight: 600; padding: 2px 0; }
  .group[open] { display: flex; flex-direction: column; gap: 14px; }
  .items { display: flex; flex-direction: column; gap: 6px; }
  .item { border: 1px solid var(--vscode-contrastBorder, var(--line)); border-radius: 5px; }
  .item-head { display: flex; align-items: center; gap: 2px; padding: 2px 3px 2px 4px; min-height: 28px; }
  .item-head .fold { flex: 1; min-width: 0; display: flex; align-items: center; gap: 4px; height: 22px; padding: 0 2px; border: 0; background: none; color: inherit; font: inherit; font-size: 12px; text-align: left; cursor: pointer; }
  .item-head .fold:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .item-body { display: flex; flex-direction: column; gap: 12px; padding: 6px 10px 10px; border-top: 1px solid var(--line); }
  .line { display: flex; align-items: center; gap: 4px; min-width: 0; }
  .line > .grow, .line > vscode-textfield, .line > vscode-single-select { flex: 1; min-width: 0; }
  .line .arrow { flex: none; color: var(--vscode-descriptionForeground); }
  .adds { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; }
  .conditions { display: flex; flex-direction: column; gap: 6px; }
  .condition { display: grid; grid-template-columns: minmax(0, 1fr) minmax(96px, 0.8fr) 22px; gap: 4px; align-items: center; padding: 6px; border: 1px solid var(--vscode-contrastBorder, var(--line)); border-radius: 5px; }
  .condition .second { grid-column: 1 / 3; display: flex; gap: 4px; }
  .condition .second > * { flex: 1; min-width: 0; }
  .condition .second > .narrow { flex: 0 0 82px; }
  .any { display: flex; flex-direction: column; gap: 6px; padding: 6px; border: 1px dashed var(--line); border-radius: 5px; }
  .any > .line { font-size: 12px; font-weight: 600; }
  .and { font-size: 11px; color: var(--vscode-descriptionForeground); text-align: center; margin: -2px 0; }
  .rules { display: flex; flex-direction: column; gap: 4px; }
  .rule { border: 1px solid transparent; border-radius: 5px; padding: 1px 0; }
  .rule.open { border-color: var(--vscode-contrastBorder, var(--line)); padding: 3px; }
  .rule .chain { display: flex; flex-wrap: wrap; gap: 3px; padding: 2px 0 0 26px; }
  .rule > .problem { padding-left: 26px; }
  .rule .tag { font-size: 11px; line-height: 16px; padding: 0 6px; border-radius: 8px; background: color-mix(in srgb, var(--vscode-charts-purple) 16%, transparent); border: 1px solid var(--vscode-contrastBorder, transparent); color: var(--vscode-foreground); }
  .rule .tag.plain { background: color-mix(in srgb, var(--vscode-foreground) 10%, transparent); }
  .json { font-family: var(--vscode-editor-font-family); }
  vscode-textarea { width: 100%; }
  .switch { display: flex; align-items: center; gap: 6px; }
  .secret { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; margin-top: 4px; }
`;
