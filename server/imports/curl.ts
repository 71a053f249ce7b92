import { FlowError } from '../../plugins/sdk/index.ts';
import type { PluginUse } from '../model/connector.ts';
import { connectorOfRequests, decoded, templatePath, type Captured } from './captured.ts';
import { headerOf, objectOf, readBodyText } from './captured-body.ts';
import { hasOtherValue, noFiles, oneAddress, whyLeft } from './curl-options.ts';
import { createReport, type ImportResult, type Report } from './import-result.ts';
import { secretsAreNamed, type Pair } from './secret-values.ts';
import { hideNamed, hideShapes } from '../model/secret-shapes.ts';
import { shellCommands } from './shell-words.ts';

/** A connector out of cURL commands, one endpoint each. Files that a command names are not read, and nothing is run. */
export function importCurl(text: string): ImportResult {
  const report = createReport();
  const left = createLeft();
  const commands = shellCommands(withoutCarets(text.replace(/^\u{FEFF}/u, '')), (part) => left.add('part of the shell', part, shellRunsNothing)).map((words) => words.slice(firstOf(words)));
  const requests = commands.flatMap((words) => {
    if (/(^|[/\\])curl(\.exe)?$/i.test(words[0] ?? '')) return [captured(optionsOf(words.slice(1), report, left), report)];
    report.skip(`The command ${JSON.stringify((words[0] ?? '').split('=', 1)[0])}`, 'Only cURL commands are read.');
    return [];
  });
  if (requests.length === 0 && /\bInvoke-(WebRequest|RestMethod)\b/i.test(text)) throw new FlowError('DATA_INVALID', 'The text is a command of PowerShell.', { place: { line: 1, column: 1 }, remedy: 'In the browser choose "Copy as cURL", of either kind, and import that.' });
  if (requests.length === 0 && /\bfetch\(\s*["'`]https?:/i.test(text)) throw new FlowError('DATA_INVALID', 'The text is a call of fetch.', { place: { line: 1, column: 1 }, remedy: 'In the browser choose "Copy as cURL", of either kind, and import that.' });
  if (requests.length === 0) throw new FlowError('DATA_INVALID', 'There is no cURL command in the text.', { place: { line: 1, column: 1 }, remedy: 'Give a command that begins with curl.' });
  left.tell(report);
  return connectorOfRequests({ title: undefined, source: 'cURL', report, isMerged: false }, requests);
}

const shellRunsNothing = 'Nothing of a shell is run: what it would put there is not known. Put the value in its place, or a parameter.';

/** What is left out of commands, each of it by its name. */
interface Left {
  add(what: string, name: string, why: string): void;
  tell(report: Report): void;
}

function createLeft(): Left {
  const byReason = new Map<string, { readonly what: string; readonly names: Set<string> }>();
  return {
    add(what, name, why) {
      const known = byReason.get(why) ?? { what, names: new Set() };
      byReason.set(why, known);
      known.names.add(name);
    },
    tell(report) {
      for (const [why, { what, names }] of byReason) report.skip(`The ${names.size === 1 ? what : what.replace(/^\w+/, '$&s')} ${[...names].join(', ')}`, why);
    },
  };
}

/** The command as a shell has it, where a browser has written it for the command prompt of Windows: a caret goes before each sign that is special there, and before the end of a line that goes on. */
function withoutCarets(text: string): string {
  // There the command itself begins its first word so, or its lines end so; within the quotes of a shell, a caret is one.
  if (!/(^|\s)curl(\.exe)?\s+(-{1,2}[\w-]+\s+)*\^"/i.test(text) && !/^\s*curl(\.exe)?\s[^\r\n']*[^\\\r\n']\s\^\r?\n/i.test(text)) return text;
  return text.replaceAll(/\^\r?\n\r?\n/g, '\n').replaceAll(/[ \t]*\^\r?\n/g, ' ').replaceAll(/\^([\s\S])/g, '$1').replaceAll('$', '\\$').replaceAll('`', '\\`');
}

/** Where the command begins: behind a prompt and variables that are set for it. */
function firstOf(words: readonly string[]): number {
  const first = words.findIndex((word) => !/^(\$|[A-Za-z_]\w*=[\s\S]*)$/.test(word));
  return first < 0 ? 0 : first;
}

interface Options {
  method?: string;
  url?: string;
  readonly headers: Pair[];
  /** Texts of `--data` and its like. */
  readonly data: string[];
  readonly form: (readonly [name: string, value: unknown])[];
  /** Types of fields of the form. */
  readonly fieldTypes: Record<string, string>;
  readonly query: string[];
  isJson?: boolean;
  isGet?: boolean;
  timeoutMs?: number;
  auth?: Readonly<Record<string, PluginUse>>;
}

type Take = (options: Options, value: string, report: Report) => void;

const takeMethod: Take = (options, value) => void (options.method = value.toUpperCase());
const takeUrl: Take = (options, value) => void (options.url = value);
const takeFile = (value: string, report: Report): boolean => {
  if (!value.startsWith('@')) return false;
  report.skip(`The file ${value.slice(1)}`, noFiles);
  return true;
};
const takeData: Take = (options, value, report) => void options.data.push(takeFile(value, report) ? '' : value);
const takeForm: Take = (options, value) => {
  const [, name = '', given = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  const isFile = /^[@<]/.test(given);
  const { content, about } = partOf(isFile ? given.slice(1) : given);
  if (isFile) options.form.push([name, { fileName: (about['filename'] ?? content).split(/[/\\]/).at(-1)!, mediaType: about['type'] ?? 'application/octet-stream', text: 'content' }]);
  else {
    options.form.push([name, content]);
    if (about['type'] !== undefined) options.fieldTypes[name] = about['type'];
  }
};
/** A part of a form as curl reads it: `text;type=text/plain`, `"text; in quotes";filename="a.txt"`. */
function partOf(text: string): { readonly content: string; readonly about: Readonly<Record<string, string>> } {
  const word = String.raw`"((?:[^"\\]|\\.)*)"|([^;]*)`;
  const valueOf = ([, quoted, plain]: RegExpMatchArray): string => quoted?.replaceAll(/\\(["\\])/g, '$1') ?? plain!;
  const first = new RegExp(`^(?:${word})`, 's').exec(text)!;
  const about: Record<string, string> = {};
  let rest = text.slice(first[0].length);
  let content = valueOf(first);
  for (let next; (next = new RegExp(`^;\\s*(type|filename|headers|encoder)=(?:${word})`, 's').exec(rest)); rest = rest.slice(next[0].length)) about[next[1]!] = valueOf([next[0], next[2]!, next[3]!]);
  // What is none of these belongs to the text.
  if (first[1] === undefined) content += rest;
  return { content, about };
}

const takeHeader: Take = (options, value, report) => {
  if (takeFile(value, report)) return;
  const [, name, text] = /^([^:;]+)[:;]\s*(.*)$/s.exec(value) ?? [];
  if (name !== undefined) options.headers.push([name.trim(), text!.trim()]);
  else report.skip('A header without a colon', 'It has no value, and cURL does not send it either.');
};

/** Options that take a value and mean something here. */
const options: Readonly<Record<string, Take>> = {
  '-X': takeMethod, '--request': takeMethod, '--url': takeUrl, '-H': takeHeader, '--header': takeHeader,
  '-d': takeData, '--data': takeData, '--data-ascii': takeData, '--data-binary': takeData,
  '--data-raw': (given, value) => void given.data.push(value),
  '--data-urlencode': (given, value, report) => {
    const [, file] = /^[^=@]*(@.+)$/s.exec(value) ?? [];
    if (file !== undefined) return takeData(given, file, report);
    const [, name, text] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
    given.data.push(name ? `${name}=${encodeURIComponent(text!)}` : encodeURIComponent(text ?? value));
  },
  '--json': (given, value, report) => {
    given.isJson = true;
    takeData(given, value, report);
  },
  '-F': takeForm, '--form': takeForm, '--form-string': (given, value) => void given.form.push([value.split('=', 1)[0]!, value.slice(value.indexOf('=') + 1)]),
  '-u': (given, value, report) => { given.auth ??= { basic: { type: 'basic' } }; report.hide(value.slice(value.indexOf(':') + 1)); report.skip('User name and password', secretsAreNamed); },
  '--oauth2-bearer': (given, value, report) => { report.hide(value); given.auth = { bearer: { type: 'bearer' } }; report.skip('The bearer token', secretsAreNamed); },
  '-b': (given, value) => void given.headers.push(['cookie', value]), '--cookie': (given, value) => void given.headers.push(['cookie', value]),
  '--url-query': (given, value) => void given.query.push(value),
};
const longNames: Readonly<Record<string, string>> = { '--user': '-u', '--get': '-G', '--head': '-I', '--max-time': '-m' };
function optionsOf(words: readonly string[], report: Report, left: Left): Options {
  const given: Options = { headers: [], data: [], form: [], fieldTypes: {}, query: [] };
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (/^\d?[<>]/.test(word)) {
      // Where the answer goes to; the name of the file may be the next word.
      if (/^\d?[<>]+$/.test(word)) index++;
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      if (given.url === undefined) given.url = word;
      else left.add('address', shownAddress(word), oneAddress);
      continue;
    }
    for (const [name, joined] of namesOf(word)) {
      const take = options[name];
      const value = take || hasOtherValue(name) ? joined ?? words[++index] ?? '' : '';
      if (take) take(given, value, report);
      else if (name === '-m') {
        const limitMs = Math.ceil(Number(value) * 1_000);
        if (limitMs > 0) given.timeoutMs = limitMs;
        else if (limitMs !== 0) left.add('option', name, 'Its value is no number of seconds.');
      } else if (name === '-G') given.isGet = true;
      else if (name === '-I') given.method ??= 'HEAD';
      else if (name === '--digest') given.auth = { digest: { type: 'digest' } };
      else {
        const why = whyLeft(name);
        if (why !== undefined) left.add('option', name, why);
      }
    }
  }
  return given;
}

/** Without what may be a secret in it. */
function shownAddress(word: string): string {
  if (!URL.canParse(word)) return hideNamed(hideShapes(word.split(/[?#@]/, 1)[0]!.slice(0, 100)));
  const { origin, pathname } = new URL(word);
  return `${origin}${templatePath(pathname).path}`;
}

/** The options of a word, as curl reads it: `-sSXPOST` is `-s`, `-S` and `-X` with `POST`; the value may also be the next word. `--request=POST` has its value, too. */
function namesOf(word: string): (readonly [name: string, value?: string])[] {
  if (word.startsWith('--')) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const known = longNames[name] ?? name;
    return [at < 0 ? [known] : [known, word.slice(at + 1)]];
  }
  const names: (readonly [string, string?])[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at]!}`;
    if (!(name in options) && !hasOtherValue(name)) names.push([name]);
    else return [...names, at + 1 < word.length ? [name, word.slice(at + 1)] : [name]];
  }
  return names;
}

function captured(given: Options, report: Report): Captured {
  if (given.url === undefined) throw new FlowError('DATA_INVALID', 'A cURL command has no address.', { remedy: 'Give the address as a word of the command.' });
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given.url) ? given.url : `http://${given.url}`;
  if (!URL.canParse(address)) {
    // What is no address may be anything, a password too.
    const shown = /^(https?:\/\/|\$|\w[\w.-]*(\/|$))/i.test(given.url) && !given.url.includes('@') ? ` ${JSON.stringify(hideNamed(hideShapes(given.url.split(/[?#]/, 1)[0]!.slice(0, 100))))}` : '';
    throw new FlowError('DATA_INVALID', `The address${shown} of a cURL command cannot be read.`, { remedy: 'Replace variables of the shell by their values.' });
  }
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) throw new FlowError('DATA_INVALID', `A cURL command asks over ${url.protocol.slice(0, -1)}, and an import makes connectors of HTTP.`, { remedy: /^(s?ftps?):$/.test(url.protocol) ? `Write a connector with "protocol": ${JSON.stringify(url.protocol.startsWith('sftp') ? 'sftp' : 'ftp')}.` : 'Give commands whose addresses begin with http:// or https://.' });
  const text = given.data.join('&');
  const type = headerOf(given.headers, 'content-type') ?? (given.isJson ? 'application/json' : /^\s*[[{]/.test(text) ? '' : 'application/x-www-form-urlencoded');
  const hasForm = given.form.length > 0;
  const body = given.isGet || (!hasForm && given.data.length === 0) ? undefined : hasForm ? { mediaType: 'multipart/form-data', value: objectOf(given.form), fieldTypes: given.fieldTypes } : (readBodyText(type, text) ?? { mediaType: type || 'text/plain', value: '' });
  const inQuery = [...(given.isGet && text ? [text] : []), ...given.query].flatMap((part) => [...new URLSearchParams(part)]);
  if (url.username || url.password) for (const word of [url.password, url.username]) report.hide(decoded(word));
  if (url.username) report.skip('User name and password', secretsAreNamed);
  const auth = given.auth ?? (url.username ? { basic: { type: 'basic' } } : undefined);
  const { path, values } = templatePath(url.pathname);
  return {
    method: given.method ?? (body ? 'POST' : 'GET'), origin: url.origin, path, values, query: [...pairsOf(url.search), ...inQuery], headers: given.headers, ...(body && { body }), ...(auth && { auth }), ...(given.timeoutMs !== undefined && { timeoutMs: given.timeoutMs }),
  };
}

/** The pairs of a query as they stand in an address; `+` is a space. */
const pairsOf = (search: string): Pair[] => search.replace(/^\?/, '').split('&').filter((part) => part !== '').map((part) => [decoded(part.split('=', 1)[0]!.replaceAll('+', ' ')), decoded((part.includes('=') ? part.slice(part.indexOf('=') + 1) : '').replaceAll('+', ' '))]);
