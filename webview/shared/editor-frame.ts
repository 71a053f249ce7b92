import { css, html, type TemplateResult } from 'lit';
import { iconButton } from './kit.ts';

interface KeySheet {
  readonly title: string;
  readonly keys: readonly { readonly keys: string; readonly what: string }[];
  readonly onClose: () => void;
}

/** The keys of an editor, over it. */
export const keySheetView = ({ title, keys: all, onClose }: KeySheet): TemplateResult => html`<div class="sheet" role="dialog" aria-label=${title}>
    <header>${title} ${iconButton({ label: 'Close (Escape)', icon: 'close', onClick: onClose })}</header>
    <dl>${all.map(({ keys, what }) => html`<dt>${keys}</dt><dd>${what}</dd>`)}</dl>
  </div>`;

/** What all editors have around their content: the bar on top, banners, the bar beside a panel, sheets over it. After `kitStyles`; lines between parts are `--divider`. */
export const frameStyles = css`
  .bar { display: flex; align-items: center; gap: 2px 6px; min-height: 35px; padding: 3px 10px; border-bottom: 1px solid var(--divider); flex: none; flex-wrap: wrap; }
  .bar h1 { font-size: 13px; font-weight: 600; margin: 0; }
  .bar .gap { flex: 1; }
  .bar .sep { width: 1px; height: 16px; margin: 0 4px; background: var(--divider); flex: none; }
  .text-button { display: inline-flex; align-items: center; gap: 5px; height: 22px; padding: 0 7px 0 5px; border: 1px solid transparent; border-radius: 5px; background: none; color: var(--vscode-foreground); font: inherit; font-size: 12px; white-space: nowrap; cursor: pointer; }
  .text-button:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent); outline-offset: -1px; }
  .text-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .text-button:disabled { opacity: 0.5; cursor: default; }
  .text-button[aria-pressed='true'] { background: var(--vscode-inputOption-activeBackground); color: var(--vscode-inputOption-activeForeground); border-color: var(--vscode-inputOption-activeBorder); }
  .banners { flex: none; display: flex; flex-direction: column; }
  .banners .message { border-radius: 0; border-width: 0 0 1px 3px; padding: 6px 12px; }
  .banners .actions { margin-top: 4px; }
  .sash { width: 5px; margin: 0 -2px; z-index: 1; cursor: col-resize; flex: none; touch-action: none; }
  .sash:hover, .sash:focus-visible, .sash.dragging { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); outline: none; }
  .sheet { position: absolute; right: 16px; top: 12px; width: min(400px, calc(100% - 32px)); overflow: auto; padding: 12px 16px; background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border)); border-radius: 8px; max-height: calc(100% - 24px); z-index: 3; }
  .sheet header { display: flex; align-items: center; justify-content: space-between; margin-bottom: 8px; font-weight: 600; }
  .sheet dl { display: grid; grid-template-columns: auto 1fr; gap: 5px 14px; margin: 0; font-size: 12px; }
  .sheet dt { font-family: var(--vscode-editor-font-family); white-space: nowrap; }
  .sheet dd { margin: 0; color: var(--vscode-descriptionForeground); }
`;
