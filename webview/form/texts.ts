import { html } from 'lit';
import type { FormContext } from './context.ts';
import type { Field } from './schema.ts';

/** Descriptions are Markdown; what matters in them here is code. */
export const plain = (markdown: string): unknown => markdown.split('`').map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : part));

/** Read out with the control. */
export const descriptionOf = (form: FormContext, field: Field): string =>
  [...form.problems(field.path).map(({ message }) => message), field.schema.description?.replaceAll('`', '') ?? ''].filter((part) => part !== '').join(' ');

/** `starts-with` reads `starts with`. */
export const words = (value: string): string => (/^[a-z]+(-[a-z]+)+$/.test(value) ? value.replaceAll('-', ' ') : value);
