import { FlowError } from './errors.ts';

/** A language as a setting `language` names it. Fails with `CONFIG_INVALID` where there is none of that name: in its place that of the machine would count. */
export function languageOf(language: string): string {
  if (isKnown(language)) return language;
  throw new FlowError('CONFIG_INVALID', `${JSON.stringify(language)} is no language: write it like en or pt-BR.`, { place: { pointer: '/language' } });
}

function isKnown(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0;
  } catch {
    return false;
  }
}
