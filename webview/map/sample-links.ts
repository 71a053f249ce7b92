import { html, nothing, type TemplateResult } from 'lit';
import { linkButton } from '../shared/kit.ts';

interface Ways {
  /** Runs the flow around the mapping, where there is one. */
  readonly onRun: (() => void) | undefined;
  /** Calls an endpoint, where something may be called. */
  readonly onCall: (() => void) | undefined;
  readonly onPaste: () => void;
  readonly onFile: () => void;
}

/** From where a sample may come while there is none. */
export const sampleLinks = ({ onRun, onCall, onPaste, onFile }: Ways): TemplateResult => html`
  ${onRun ? linkButton({ label: 'Run the flow', icon: 'play', title: 'Its last payload is the sample', onClick: onRun }) : nothing}
  ${onCall ? linkButton({ label: 'Call an endpoint once', icon: 'plug', title: 'Its first records are the sample', onClick: onCall }) : nothing}
  ${linkButton({ label: 'Paste JSON', icon: 'clippy', onClick: onPaste })}${linkButton({ label: 'Choose a file', icon: 'folder-opened', onClick: onFile })}`;
