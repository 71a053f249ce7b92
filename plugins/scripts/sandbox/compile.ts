import type { Node, Program } from 'acorn';
import type { FlowError, Script, ScriptSource } from '../../sdk/index.ts';
import { scriptInvalid } from './invalid.ts';
import { packageOf } from './package-files.ts';
import { exportedFunction, returnsNothing } from './returns.ts';
import { bundlePackages, requiresIn, type Bundle, type Wanted } from './packages.ts';
import { parseScript } from './parser.ts';
import { stripTypes } from './strip.ts';

export interface CompiledScript {
  readonly id: number;
  readonly file: string;
  /** `input` for a module with a default export, `hosted` for `module.exports`. */
  readonly contract: 'input' | 'hosted';
  /** A function expression; each line of it is the same line of the user's file. */
  readonly code: string;
  /** Corrects the columns of the first line. */
  readonly columnOffset: number;
  readonly packages: Bundle;
  readonly at: NonNullable<Script['at']>;
  readonly warnings: NonNullable<Script['warnings']>;
}

const maxLength = 4 * 1024 * 1024;
let scripts = 0;

/** Makes of a JavaScript or TypeScript file a function that vm2 can run. Fails with `SCRIPT_INVALID`, naming file, line and column. */
export async function compileScript(given: ScriptSource): Promise<CompiledScript> {
  const { text, file } = given;
  if (text.length > maxLength) throw scriptInvalid(file, `The script is ${text.length} letters long; ${maxLength} are possible.`);
  // Same length, so that columns stay.
  const plain = text.replace(/^\u{FEFF}/u, ' ').replace(/^( ?)#!/, '$1//');
  const source = /\.[mc]?ts$/i.test(file) ? await stripTypes(plain, file) : plain;
  const program = parseModule(source, file);
  const found = { ...placedFunction(program, file), file };
  if (program.sourceType === 'script') {
    // What is not allowed is an error where it is reached: there may be a way around it.
    const wanted = [...requiresIn(program)].filter((specifier) => given.packages?.allowed.includes(packageOf(specifier))).map((specifier) => ({ specifier }));
    return { id: ++scripts, ...found, contract: 'hosted', packages: bundlePackages(wanted, given), ...wrap('(function (module, exports, require) { ', source) };
  }
  const holder = holderIn(source);
  const { wanted, declarations } = importsIn(program, file, holder);
  return { id: ++scripts, ...found, contract: 'input', packages: bundlePackages(wanted, given), ...wrap(`(async function (${holder}) { "use strict"; ${declarations}`, withoutModuleSyntax(source, program, holder)) };
}

function placedFunction(program: Program, file: string): Pick<CompiledScript, 'at' | 'warnings'> {
  const found = exportedFunction(program);
  const place = found && placeOf(found);
  const at = { file, ...(place && { line: place.line }) };
  return { at, warnings: place && returnsNothing(found) ? [{ ...place, message: 'The script never returns a value: a step gives nothing on, and a request or an answer stays as it is.', fix: 'Return what goes on; write `return null` where nothing is meant.' }] : [] };
}

const wrap = (prefix: string, code: string): { code: string; columnOffset: number } => ({ code: `${prefix}${code}\n})`, columnOffset: -prefix.length });

/** As a module where it imports or exports something, else as CommonJS. */
function parseModule(source: string, file: string): Program {
  try {
    const program = parseScript(source, { sourceType: 'module' });
    if (program.body.some(({ type }) => /^(Import|Export)/.test(type))) return program;
  } catch (error) {
    // The word of the module parser counts where the file means to be a module.
    if (/^[ \t]*(?:import|export)\b/m.test(source)) throw syntaxError(error, source, file);
  }
  try {
    return parseScript(source, { sourceType: 'script', allowReturnOutsideFunction: true });
  } catch (error) {
    throw syntaxError(error, source, file);
  }
}

function syntaxError(error: unknown, source: string, file: string): FlowError {
  const { message, loc, pos = 0, raisedAt = 0 } = error as Error & { loc?: { line: number; column: number }; pos?: number; raisedAt?: number };
  if (!loc) return scriptInvalid(file, `The script cannot be read: ${message}`);
  const said = message.replace(/ \(\d+:\d+\)$/, '');
  const flags = /regular expression flag$/i.test(said) ? /[\p{L}\d_$]*$/u.exec(source.slice(pos, raisedAt))![0] : undefined;
  return scriptInvalid(file, flags === undefined ? `${said}.` : `${said}: ${JSON.stringify(flags)}. Flags are d, g, i, m, s, u, v and y, each once, and not u and v together.`, { line: loc.line, column: loc.column + 1 });
}

/** A name of three letters that the script itself does not have, for what its module holds. */
function holderIn(source: string): string {
  if (!source.includes('$pb')) return '$pb';
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const first of letters) for (const second of letters) if (!source.includes(`$${first}${second}`)) return `$${first}${second}`;
  return '$pb';
}

/**
 * Makes the module a function body: `export default X` becomes `$pb.default = X`, which has as many letters; other `export`s become blanks.
 * So lines and columns stay.
 */
function withoutModuleSyntax(source: string, program: Program, holder: string): string {
  const parts: string[] = [];
  let at = 0;
  let end = '';
  const keep = (to: number): void => {
    parts.push(source.slice(at, to));
    at = to;
  };
  const replace = (from: number, to: number, text = ''): void => {
    keep(from);
    parts.push(text, source.slice(from + text.length, to).replace(/[^\n\r\u2028\u2029]/g, ' '));
    at = to;
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') replace(node.start, node.end);
    else if (node.type === 'ExportDefaultDeclaration') {
      const { declaration } = node;
      const isDeclaration = declaration.type.endsWith('Declaration');
      if (isDeclaration && 'id' in declaration && declaration.id) {
        replace(node.start, declaration.start);
        end += `${holder}.default = ${declaration.id.name};`;
      } else {
        // A bracket around the expression is no part of it.
        replace(node.start, node.start + exportDefault.exec(source.slice(node.start))![0].length, `${holder}.default = `);
        if (!isDeclaration) continue;
        // A declaration needs no semicolon; an assignment does, where the next line starts with a bracket.
        keep(declaration.end);
        parts.push(';');
      }
    } else if (node.type === 'ExportNamedDeclaration') {
      replace(node.start, node.declaration ? node.declaration.start : node.end);
      for (const { local, exported } of node.specifiers) if (nameOf(exported) === 'default') end += `${holder}.default = ${nameOf(local)};`;
    }
  }
  keep(source.length);
  return `${parts.join('')}${end === '' ? '' : `\n;${end}`}`;
}

const exportDefault = /^export(?:\s|\/\*[^]*?\*\/|\/\/.*)*default/;

const nameOf = (name: { type: string; name?: string; value?: unknown }): string => String(name.name ?? name.value);

/** What a module imports, and the declarations that stand for it. They come first, as imports do wherever they stand. */
function importsIn(program: Program, file: string, holder: string): { readonly wanted: readonly Wanted[]; readonly declarations: string } {
  const wanted: Wanted[] = [];
  let declarations = '';
  for (const node of program.body) {
    if (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source)) throw scriptInvalid(file, 'Scripts cannot pass on what others export.', placeOf(node));
    if (node.type !== 'ImportDeclaration') continue;
    const specifier = String(node.source.value);
    if (/^[./]|^[a-z]+:/i.test(specifier)) throw scriptInvalid(file, 'Scripts cannot import other files or modules of Node.js: a script is one file, and packages that `scripts.packages` of patchbay.json names.', placeOf(node));
    wanted.push({ specifier, at: placeOf(node) });
    const from = `${holder}.require(${JSON.stringify(specifier)})`;
    if (node.specifiers.length === 0) declarations += `${from}; `;
    for (const one of node.specifiers) {
      const name = one.type === 'ImportSpecifier' ? nameOf(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*';
      const { line, column } = placeOf(one) ?? { line: 1, column: 1 };
      declarations += `const ${one.local.name} = ${name === '*' ? from : `${holder}.named(${from}, ${JSON.stringify(name)}, ${JSON.stringify(specifier)}, ${line}, ${column})`}; `;
    }
  }
  return { wanted, declarations };
}

const placeOf = ({ loc }: Node): { line: number; column: number } | undefined => (loc ? { line: loc.start.line, column: loc.start.column + 1 } : undefined);
