import { Parser, type Options, type Program } from 'acorn';

/** What a scope declares. Acorn searches lists, so that a script would take a time that grows with the square of its names. */
class Names extends Array<string> {
  readonly #known = new Set<string>();

  override push(name: string): number {
    this.#known.add(name);
    return super.push(name);
  }

  override indexOf(name: string): number {
    return this.#known.has(name) ? super.indexOf(name) : -1;
  }
}

interface Scoped {
  readonly scopeStack: Record<'var' | 'lexical' | 'functions', string[]>[];
  enterScope(flags: number): void;
}

// Of all parsers: vm2 makes its own.
const scoped = Parser.prototype as unknown as Scoped;
const { enterScope } = scoped;
scoped.enterScope = function (this: Scoped, flags) {
  enterScope.call(this, flags);
  Object.assign(this.scopeStack.at(-1)!, { var: new Names(), lexical: new Names(), functions: new Names() });
};

/** Fails as acorn does, with `loc`. */
export const parseScript = (source: string, options: Pick<Options, 'sourceType' | 'allowReturnOutsideFunction' | 'allowHashBang'>): Program => Parser.parse(source, { ecmaVersion: 'latest', locations: true, ...options });
