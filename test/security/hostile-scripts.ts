/**
 * Scripts that try to leave vm2, one per technique. Each is the body of an async function that returns whatever it could get hold of; `dig` looks whether
 * the way on from there leads to the outer realm. They know nothing of Patchbay but the contract of scripts.
 */
export const escapes: Readonly<Record<string, string>> = {
  'globals': 'return [typeof process, typeof require, typeof module, typeof global, globalThis].map((x) => x === "undefined" ? undefined : x)',
  'constructor of this': 'return (function () { return this })()?.constructor',
  'constructor of the global object': 'return globalThis.constructor.constructor',
  'constructor of the input': 'return [input, input.constructor, input.payload?.constructor]',
  'constructor of the context': 'return [context, context.log, context.log.info, context.log.info.constructor]',
  'constructor of console': 'return [console, console.log, console.log.constructor]',
  'constructors of special functions': 'return [(async () => {}).constructor, (function* () {}).constructor, (async function* () {}).constructor]',
  'caller and arguments of functions': 'const f = function () { return [f.caller, f.arguments, arguments.callee?.caller] }; try { return f() } catch (e) { return e }',
  'walk of Buffer': 'return [Buffer, Buffer.from, Buffer.from.constructor, Buffer.from("x").buffer, Buffer.prototype, Buffer.alloc(1).constructor, Buffer.from("x").parent]',
  'Buffer inspect': 'return Buffer.from("x").inspect?.constructor ?? Buffer.from("x")[Symbol.for("nodejs.util.inspect.custom")]',
  'Buffer with a hostile length': 'try { return Buffer.from({ length: { valueOf() { throw this } }, get 0() { throw globalThis } }) } catch (e) { return e }',
  'Buffer from an iterator that throws': 'try { return Buffer.from({ [Symbol.toPrimitive]() { return new Proxy({}, { get(t, k, r) { return r } }) } }) } catch (e) { return e }',
  'species of Buffer': 'const b = Buffer.from("abc"); b.constructor = { [Symbol.species]: function (x) { return this } }; return [b.slice(0), b.map((x) => x), b.subarray(0, 1)]',
  'error of the outer realm by stack overflow': 'const f = () => { try { f() } catch (e) { found ??= e; throw e } }; let found; try { f() } catch (e) { found = [found, e] } return found',
  'error of the outer realm by Buffer': 'const all = []; for (const size of [-1, 2 ** 53, NaN, {}, Symbol.iterator]) try { Buffer.alloc(size) } catch (e) { all.push(e, e.constructor) } return all',
  'stack overflow inside Buffer': 'let got; const f = (n) => { try { Buffer.from("x").toString(); f(n + 1) } catch (e) { got ??= e } }; f(0); return got',
  'prepareStackTrace': 'Error.prepareStackTrace = (e, sites) => sites; const sites = new Error().stack; return [sites, ...[...sites].flatMap((s) => [s, s.getThis?.(), s.getFunction?.(), s.getEvalOrigin?.(), s.constructor])]',
  'prepareStackTrace with an inherited error': 'class E extends Error { static prepareStackTrace(e, s) { return s } } Error.prepareStackTrace = E.prepareStackTrace; try { null.x } catch (e) { return e.stack }',
  'prepareStackTrace taken away': 'delete Error.prepareStackTrace; Object.defineProperty(Error, "prepareStackTrace", { value: (e, s) => s, configurable: true }); return new Error().stack',
  'stack with a symbol as name': 'const e = new Error(); e.name = Symbol(); try { return e.stack } catch (x) { return [x, x.constructor] }',
  'stack with a name that is a proxy': 'const e = new Error(); e.name = new Proxy({}, { get() { throw null } }); try { return e.stack } catch (x) { return x }',
  'stackTraceLimit getter': 'Object.defineProperty(Error, "stackTraceLimit", { get() { return new Proxy(() => 1, { apply(t, self) { return self } }) } }); try { null.f() } catch (e) { return [e, e.stack] }',
  'captureStackTrace': 'const o = {}; Error.captureStackTrace?.(o, () => {}); Error.prepareStackTrace = (e, s) => s.map((x) => x.getThis()); Error.captureStackTrace?.(o); return o.stack',
  'proxy whose traps hand out their arguments': 'const got = []; const p = new Proxy(function () {}, new Proxy({}, { get: (t, k) => (...a) => { got.push(...a); return Reflect[k](...a) } })); try { Buffer.from(p); console.log(p); context.log.info(p); JSON.stringify(p) } catch (e) { got.push(e) } return got',
  'proxy of a host function': 'const got = []; const p = new Proxy(Buffer.from, { apply(t, self, args) { got.push(self, args, args.constructor); return t(...args) } }); try { got.push(p("x")) } catch (e) { got.push(e) } return got',
  'proxy with getPrototypeOf': 'const p = new Proxy({}, { getPrototypeOf() { return Buffer.prototype } }); try { return [Buffer.from(p), p instanceof Buffer, Object.getPrototypeOf(p)] } catch (e) { return e }',
  'proxy thrown through a host call': 'const trap = new Proxy({}, { get(t, k, r) { return k === Symbol.toPrimitive ? () => { throw r } : r } }); try { return Buffer.concat([trap]) } catch (e) { return e }',
  'revoked proxy through a host call': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); const all = []; for (const f of [() => Buffer.from(proxy), () => Buffer.isBuffer(proxy), () => console.log(proxy)]) try { all.push(f()) } catch (e) { all.push(e, e.constructor) } return all',
  'species of promises': 'class P extends Promise { static get [Symbol.species]() { return function (run) { run((x) => { got = [this, x] }, (x) => { got = x }) } } } let got; P.resolve(1).then((x) => x); await 0; return got',
  'promise constructor swapped': 'const p = (async () => {})(); p.constructor = { [Symbol.species]: class { constructor(run) { run((v) => { got = v }, (e) => { got = e }) } } }; let got; p.then(() => Buffer.alloc(-1)); await 0; await 0; await 0; return got',
  'rejection with a host error': 'return await (async () => { Buffer.alloc(-1) })().catch((e) => [e, e.constructor])',
  'rejection through finally and species': 'async function f() { Buffer.alloc(Symbol()) } class Q extends Promise {} f.prototype; const p = f(); Object.setPrototypeOf(p, Q.prototype); return await p.then(() => 1, (e) => [e, e.constructor]).finally(() => {})',
  'async generator return with a thenable': 'async function* g() { yield 1 } const it = g(); return await it.return({ then(a, b) { return a([a, b, this]) } }).then((x) => x.value, (e) => e)',
  'thenable that keeps its resolvers': 'let got; await { then(a, b) { got = [a, b, a.constructor, arguments, arguments.callee?.caller]; a(1) } }; return got',
  'Promise.withResolvers and try': 'const r = Promise.withResolvers?.(); return [r, r?.resolve?.constructor, Promise.try?.(() => Buffer.alloc(-1)).catch((e) => e)].concat(await Promise.try?.(() => Buffer.alloc(-1)).catch((e) => e))',
  'Promise.all with a hostile resolve': 'let got; try { Promise.all.call(class { constructor(run) { run((x) => { got = x }, (x) => { got = x }) } static resolve(x) { return { then(a) { a([a, this]) } } } }, [1]) } catch (e) { got = e } await 0; return got',
  'Symbol.for of Node': 'const s = Symbol.for("nodejs.util.inspect.custom"); let got; const o = { [s](d, o, inspect) { got = [d, o, inspect, inspect?.constructor]; return "" } }; console.log(o); try { Buffer.from(o) } catch (e) { got ??= e } return got',
  'well-known symbols through host calls': 'const got = []; const o = {}; for (const k of Object.getOwnPropertyNames(Symbol)) if (typeof Symbol[k] === "symbol") o[Symbol[k]] = function (...a) { got.push(this, ...a); return o }; for (const f of [() => Buffer.from(o), () => Buffer.concat(o), () => Buffer.alloc(1, o)]) try { f() } catch (e) { got.push(e) } return got',
  'Symbol.hasInstance of Buffer': 'try { Object.defineProperty(Buffer, Symbol.hasInstance, { value(x) { got = [this, x] } }) } catch (e) { return e } let got; try { Buffer.isBuffer({}); Buffer.from("x") instanceof Buffer } catch (e) { return e } return got',
  'Function.prototype.call swapped': 'const got = []; const { call, apply, bind } = Function.prototype; for (const k of ["call", "apply", "bind"]) Function.prototype[k] = function (...a) { got.push(this, ...a); return Reflect.apply({ call, apply, bind }[k], this, a) }; try { Buffer.from("x").toString("hex"); console.log(1); context.log.info({}) } catch (e) { got.push(e) } Object.assign(Function.prototype, { call, apply, bind }); return got',
  'Reflect swapped': 'const { apply, construct, get } = Reflect; const got = []; Reflect.apply = (f, self, a) => { got.push(f, self, a); return apply(f, self, a) }; Reflect.construct = (...a) => { got.push(...a); return construct(...a) }; Reflect.get = (...a) => { got.push(...a); return get(...a) }; try { Buffer.from("x"); new Error().stack } catch (e) { got.push(e) } Object.assign(Reflect, { apply, construct, get }); return got',
  'setters on Array.prototype': 'const got = []; for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { set(v) { got.push?.call ? Reflect.defineProperty(got, got.length, { value: v, configurable: true, enumerable: true, writable: true }) : 0; Reflect.defineProperty(this, i, { value: v, configurable: true, enumerable: true, writable: true }) }, configurable: true }); try { Buffer.from([1, 2]); Buffer.concat([Buffer.from("a")]); new Error().stack } catch (e) { Reflect.defineProperty(got, got.length, { value: e }) } for (const i of [0, 1, 2]) delete Array.prototype[i]; return got',
  'getters on Object.prototype': 'const got = []; for (const k of ["get", "set", "value", "writable", "filename", "then", "__proto__x"]) Object.defineProperty(Object.prototype, k, { get() { got.push(this); return undefined }, configurable: true }); try { Buffer.from("x").toString(); Object.getOwnPropertyDescriptor(Buffer, "from") } catch (e) { got.push(e) } for (const k of ["get", "set", "value", "writable", "filename", "then", "__proto__x"]) delete Object.prototype[k]; return got',
  'descriptors of the host': 'return Object.values(Object.getOwnPropertyDescriptors(Buffer)).flatMap((d) => [d, d.value, d.get, d.set, d.value?.constructor])',
  'prototype chain of a host object': 'const all = []; for (let o = Buffer.from("x"); o; o = Object.getPrototypeOf(o)) all.push(o, o.constructor, ...Reflect.ownKeys(o).slice(0, 20).map((k) => { try { return o[k] } catch (e) { return e } })); return all',
  'legacy accessors': 'const b = Buffer.from("x"); return [b.__proto__, b.__lookupGetter__?.("parent"), b.__lookupGetter__?.call(b, "__proto__"), ({}).__lookupGetter__?.call(Buffer, "__proto__")?.constructor, b.__defineGetter__?.constructor]',
  'import()': 'return await import("node:fs").catch((e) => [e, e.constructor])',
  'import() built from a text': 'try { return await eval("im" + "port(\'fs\')") } catch (e) { return [e, e.constructor] }',
  'eval and Function': 'const all = []; for (const f of [() => eval("this"), () => (0, eval)("process"), () => new Function("return this")(), () => Function("return process")(), () => setTimeout("1")]) try { all.push(f()) } catch (e) { all.push(e, e.constructor) } return all',
  'with and the state of vm2': 'try { return [typeof VM2_INTERNAL, globalThis["VM2_INTERNAL_STATE_DO_NOT_USE_OR_PROGRAM_WILL_FAIL"]] } catch (e) { return e }',
  'VMError': 'return [typeof VMError === "undefined" ? undefined : VMError, globalThis.VMError?.constructor]',
  'WebAssembly': 'return [globalThis.WebAssembly, globalThis.WebAssembly?.Module, globalThis.WebAssembly?.compileStreaming?.constructor]',
  'SharedArrayBuffer and Atomics': 'return [globalThis.SharedArrayBuffer, globalThis.Atomics, globalThis.Atomics?.wait]',
  'WeakRef, FinalizationRegistry, Iterator': 'return [globalThis.WeakRef, globalThis.FinalizationRegistry, Iterator?.from?.({ next() { return this } }).constructor, Iterator?.prototype?.map?.constructor]',
  'disposal': 'const s = new DisposableStack(); const got = []; s.defer(function () { got.push(this, arguments) }); s.adopt(Buffer.from("x"), (x) => got.push(x, x.constructor)); try { s.dispose() } catch (e) { got.push(e) } return got',
  'suppressed errors': 'try { const s = new DisposableStack(); s.defer(() => Buffer.alloc(-1)); s.defer(() => Buffer.alloc(Symbol())); s.dispose() } catch (e) { return [e, e.error, e.suppressed, e.error?.constructor, e.suppressed?.constructor] }',
  'errors with a cause': 'try { throw new AggregateError([(() => { try { Buffer.alloc(-1) } catch (e) { return e } })()], "x", { cause: Buffer }) } catch (e) { return [e.errors, e.cause, e.errors[0]?.constructor, e.cause?.constructor] }',
  'sort, replace and JSON callbacks': 'const got = []; [2, 1].sort(function (...a) { got.push(this, a); return 0 }); "x".replace(/x/, function (...a) { got.push(this, a) }); JSON.stringify({ a: 1 }, function (k, v) { got.push(this); return v }); JSON.parse("[1]", function (k, v, s) { got.push(this, s) }); return got',
  'toJSON of the result': 'return { toJSON() { throw { message: { toString() { return Buffer.constructor("return process")().pid } } } } }',
  'getter of a thrown error': 'let left = 3; const once = (x) => (left-- > 0 ? dig(x) : undefined); throw { get message() { return once([this, Buffer]) }, get stack() { return once(arguments) }, get name() { return once([arguments.callee?.caller]) } }',
  'structuredClone and timers': 'return [typeof structuredClone, typeof setTimeout, typeof setImmediate, typeof queueMicrotask, typeof fetch].map((x) => x === "undefined" ? undefined : globalThis)',
  'Intl and Date': 'const got = []; try { new Intl.DateTimeFormat("en", new Proxy({}, { get(t, k, r) { got.push(r); throw r } })) } catch (e) { got.push(e) } return got',
  'class with a hostile new.target': 'try { return Reflect.construct(Buffer, [1], new Proxy(function () {}, { get(t, k, r) { return k === "prototype" ? r : undefined } })) } catch (e) { return [e, e.constructor] }',
  'extends a host class': 'try { class B extends Buffer { constructor() { return super(1) } } return [new B(), new B().constructor, Object.getPrototypeOf(B)] } catch (e) { return [e, e.constructor] }',
};

/** Scripts that do not escape but carry out whatever they can read, for the canary test. */
export const dumps: Readonly<Record<string, string>> = {
  'all globals as text': 'return Reflect.ownKeys(globalThis).map((k) => { try { return String(k) + ":" + String(globalThis[k]) } catch (e) { return String(e.stack) } })',
  'all globals, deep': 'const seen = new Set(); const walk = (o, d) => { if (d > 4 || o === null || !/object|function/.test(typeof o) || seen.has(o)) return String(o); seen.add(o); return Reflect.ownKeys(o).map((k) => { try { return String(k) + "=" + walk(o[k], d + 1) } catch (e) { return String(e && e.stack) } }).join(";") }; return walk(globalThis, 0).slice(0, 1e6)',
  'uninitialised memory': 'return Array.from({ length: 20 }, () => [Buffer.allocUnsafe(8192).toString("latin1"), Buffer.allocUnsafe(40).toString("latin1")])',
  'the pool of Buffer': 'return [Buffer.from("a").buffer, Buffer.from("b").parent].map((b) => b && Buffer.from(b).toString("latin1"))',
  'unsafe slow': 'return Array.from({ length: 20 }, () => Buffer.allocUnsafeSlow(65536).toString("latin1"))',
  'stacks': 'Error.stackTraceLimit = 1000; const all = []; for (const f of [() => null.x, () => Buffer.alloc(-1), () => { throw new Error("x") }, () => decodeURIComponent("%"), () => new RegExp("[")]) try { f() } catch (e) { all.push(e.stack, String(e), e.toString()) } return all',
  'stack sites': 'Error.prepareStackTrace = (e, s) => s; return new Error().stack.map((s) => Object.getOwnPropertyNames(Object.getPrototypeOf(s)).map((k) => { try { return k + "=" + String(s[k]()) } catch (e) { return String(e) } }).join())',
  'function sources': 'return [context.log.info, console.log, Buffer.from, Promise.prototype.then, eval, Error.prepareStackTrace].map((f) => Function.prototype.toString.call(f))',
  'own input and meta': 'return [JSON.stringify(input), Object.keys(input), Reflect.ownKeys(context)]',
  'environment': 'return [globalThis.process?.env, globalThis.process?.argv, globalThis.process?.execPath].map(String)',
  'legacy static properties': '/(secret)/.test("secret"); return Reflect.ownKeys(RegExp).map((k) => { try { return String(RegExp[k]) } catch (e) { return String(e) } })',
  'an error as long as possible': 'throw new Error(Reflect.ownKeys(globalThis).join().repeat(1e4))',
};

/** Looks for a way from a value to the outer realm: gives "ESCAPED" and what it found, or nothing. */
export const dig = String.raw`
const win = { pid: 1, exit() {} };
const dig = (start) => {
  const isOut = (x) => { try { return x !== null && typeof x === 'object' && typeof x.pid === 'number' && typeof x.exit === 'function' } catch { return false } };
  const ask = (f) => { try { const x = f('return typeof process === "object" ? process : undefined')(); return isOut(x) } catch { return false } };
  const seen = new Set();
  const queue = [[start, 0]];
  for (let at = 0; at < queue.length && at < 3000; at++) {
    const [x, depth] = queue[at];
    if (x === null || (typeof x !== 'object' && typeof x !== 'function') || seen.has(x)) continue;
    seen.add(x);
    if (isOut(x)) return 'ESCAPED: process';
    if (typeof x === 'function' && ask(x)) return 'ESCAPED: a constructor of functions';
    try { if (typeof x.process === 'object' && isOut(x.process)) return 'ESCAPED: a global object' } catch {}
    if (depth > 5) continue;
    for (const next of [() => x.constructor, () => Object.getPrototypeOf(x), () => x.__proto__]) try { queue[queue.length] = [next(), depth + 1] } catch (e) { queue[queue.length] = [e, depth + 1] }
    let keys = [];
    try { keys = Reflect.ownKeys(x) } catch (e) { queue[queue.length] = [e, depth + 1] }
    for (let i = 0; i < keys.length && i < 60; i++) try { queue[queue.length] = [x[keys[i]], depth + 1] } catch (e) { queue[queue.length] = [e, depth + 1] }
  }
  return undefined;
};`;
