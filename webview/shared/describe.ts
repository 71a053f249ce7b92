import { nothing, type ElementPart, type LitElement } from 'lit';
import { Directive, directive } from 'lit/directive.js';

/** Gives the control inside a component its description, its validity and, where the component shows no label, its name. The component has no property for them. */
class Describe extends Directive {
  private shown = '';

  override render(_description: string | undefined, _invalid: boolean | undefined, _name?: string): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [description, invalid, name]: [string | undefined, boolean | undefined, string?]): typeof nothing {
    const wanted = JSON.stringify([description, invalid, name]);
    if (wanted === this.shown) return nothing;
    this.shown = wanted;
    const element = part.element as LitElement;
    void apply(element, description, invalid, name);
    return nothing;
  }
}

export const describe = directive(Describe);

async function apply(element: LitElement, description: string | undefined, invalid: boolean | undefined, name: string | undefined): Promise<void> {
  // The component draws itself after this template; its shadow root is there then.
  await Promise.resolve();
  await element.updateComplete;
  const control = element.shadowRoot?.querySelector('input, textarea, [role="combobox"]');
  if (!control) return;
  set(control, 'aria-description', description);
  set(control, 'aria-invalid', invalid ? 'true' : undefined);
  if (name) control.setAttribute('aria-label', name);
}

function set(element: Element, attribute: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}
