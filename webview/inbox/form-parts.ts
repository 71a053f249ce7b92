import { css } from 'lit';

/** Forms of the inbox: fields one below the other, with their words above. */
export const formStyles = css`
  :host { display: block; height: 100%; overflow: auto; }
  .head { display: flex; align-items: center; gap: 8px; padding: 10px 12px 0; }
  .head h2 { flex: 1; }
  h2 { font-size: 1.15em; font-weight: 600; margin: 0; }
  .fields { display: flex; flex-direction: column; gap: 10px; padding: 8px 12px 16px; max-width: 760px; }
  label:not(.radio) { display: flex; flex-direction: column; gap: 3px; min-width: 0; flex: 1; }
  label:not(.radio) > span { color: var(--vscode-descriptionForeground); }
  label.narrow { flex: none; width: 130px; }
  .rules { margin: 0; padding: 0; list-style: none; }
  .rules li { display: flex; align-items: center; gap: 8px; overflow-wrap: anywhere; }
  .row { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; }
`;
