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
  readonly options: { ecmaVersion: number };
  enterScope(flags: number): void;
  readRegexp(): unknown;
}

// Of all parsers: vm2 makes its own.
const scoped = Parser.prototype as unknown as Scoped;
const { enterScope, readRegexp } = scoped;
scoped.enterScope = function (this: Scoped, flags) {
  enterScope.call(this, flags);
  Object.assign(this.scopeStack.at(-1)!, { var: new Names(), lexical: new Names(), functions: new Names() });
};

// Vm2 reads the language of 2022, which it goes through for what is not allowed. In a regular expression there is nothing of that kind: V8 knows more of them.
const newest = 2025;
scoped.readRegexp = function (this: Scoped) {
  const { options } = this;
  const { ecmaVersion } = options;
  options.ecmaVersion = Math.max(ecmaVersion, newest - 2009);
  try {
    return readRegexp.call(this);
  } finally {
    options.ecmaVersion = ecmaVersion;
  }
};

/** Fails as acorn does, with `loc`. */
export const parseScript = (source: string, options: Pick<Options, 'sourceType' | 'allowReturnOutsideFunction' | 'allowHashBang'>): Program => Parser.parse(source, { ecmaVersion: 'latest', locations: true, ...options });
