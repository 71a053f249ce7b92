import { FlowError } from './errors.ts';

/**
 * A language as a setting `language` names it, for `Intl`, and English behind it: where there are no data of a language, that of the machine would count.
 * Fails with `CONFIG_INVALID` where none of that name is known.
 */
export function languageOf(language: string): readonly string[] {
  if (isKnown(language)) return [language, 'en'];
  throw new FlowError('CONFIG_INVALID', `${JSON.stringify(language)} is no language that is known here: write it like en or pt-BR.`, { place: { pointer: '/language' } });
}

/** Also one without data of its own, such as Latin. */
function isKnown(language: string): boolean {
  try {
    return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(new Intl.Locale(language).language) !== undefined;
  } catch {
    return false;
  }
}
