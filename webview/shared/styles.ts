import { css } from 'lit';

/** What every component needs: box model, icons, focus ring, scroll bars. Components put it first into their `static styles`. */
export const baseStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); font-weight: var(--vscode-font-weight, normal); }
  [hidden] { display: none !important; }

  .icon { font: normal normal normal 16px/1 codicon; display: inline-block; flex: none; width: 16px; height: 16px; text-align: center; text-rendering: auto; -webkit-font-smoothing: antialiased; user-select: none; vertical-align: -3px; }
  .icon.spin { animation: icon-spin calc(1.5s * var(--patchbay-motion, 1)) steps(30) infinite; }
  @keyframes icon-spin { to { transform: rotate(360deg); } }

  /* There the system replaces backgrounds and shadows: what is chosen has a frame, and what a background alone draws has a colour of the system. */
  @media (forced-colors: active) {
    [aria-selected='true'], [aria-current]:not([aria-current='false']), [aria-pressed='true'], .chosen { outline: 2px solid Highlight; outline-offset: -2px; }
    .measure { background: CanvasText !important; }
    vscode-checkbox[toggle] { forced-color-adjust: none; --vscode-foreground: CanvasText; --vscode-focusBorder: Highlight; --vscode-button-border: ButtonText; --vscode-button-background: Highlight; --vscode-button-foreground: HighlightText; --vscode-button-secondaryBackground: ButtonFace; --vscode-button-secondaryForeground: ButtonText; }
  }

  :focus { outline: none; }
  :focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }

  .ellipsis { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .quiet { color: var(--vscode-descriptionForeground); }
  .mono { font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); }
  .for-screen-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  * { scrollbar-color: var(--vscode-scrollbarSlider-background) transparent; }
`;

/** Icons and graphics of a tone. Text keeps its colour, or is `--patchbay-error-text`: the colours of tones alone have not the contrast that reading needs. */
export const toneStyles = css`
  .tone-good { color: var(--vscode-charts-green); }
  .tone-warn { color: var(--vscode-problemsWarningIcon-foreground); }
  .tone-bad { color: var(--vscode-problemsErrorIcon-foreground); }
  .tone-info { color: var(--vscode-charts-blue); }
  .tone-quiet { color: var(--vscode-descriptionForeground); }
`;

/** The page around the components. VS Code's own sheet gives a webview's body a padding and a transparent background. */
const pageRules = `
  html, body { height: 100%; }
  body { margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background); color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); --patchbay-motion: 1;
    --patchbay-error-text: color-mix(in srgb, var(--vscode-errorForeground) 60%, var(--vscode-foreground)); --patchbay-warning-text: color-mix(in srgb, var(--vscode-editorWarning-foreground) 55%, var(--vscode-foreground)); }
  body.vscode-reduce-motion { --patchbay-motion: 0; }
  @media (prefers-reduced-motion: reduce) { body { --patchbay-motion: 0; } }
`;

/** Applies the rules of the page. An entry point calls it once. */
export function stylePage(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(pageRules);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
