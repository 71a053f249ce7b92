import { isVerb } from './endpoint-names.ts';
import { isSecretName } from '../model/secret-names.ts';
import { looksSecret } from '../model/secret-shapes.ts';

/** The secret in a part of a path: what looks like one, `token=…`, or what stands behind `/token/`. `before`: the part before it. */
export function secretIn(text: string, before: string): { readonly before: string; readonly name: string; readonly value: string } | undefined {
  const [, own = '', name = '', value = ''] = /^(.*?(?:^|;))([\w.-]+)=(.+)$/.exec(text) ?? [];
  if (value !== '' && isSecretName(name)) return { before: `${own}${name}=`, name, value };
  const isBehind = isSecretName(before) && !/auth|cookie|nonce/i.test(before) && !/^[:{]|^v?\d{1,3}$/.test(text) && !isVerb(text) && text !== '';
  if (!isBehind && (!looksSecret(text) || /[{}]/.test(text))) return undefined;
  // `/bot123456:ABC…`
  const [, word = '', rest = text] = /^([a-z]{2,10}?)(\d{6,}:.+)$/.exec(text) ?? [];
  return { before: word, name: isBehind ? before : word || before, value: rest };
}
