import { fileSchemas } from './file-schemas.ts';
import { isObject, pointerOf } from './json.ts';
import { checkAnnotations } from './lint-settings.ts';
import { report, type LintContext } from './lint-world.ts';
import { fieldSchema } from './schema-walk.ts';

/** Groups that are named, secrets that are written out, and e-mail that nobody could send. */
export function lintNotifications(context: LintContext, given: unknown): void {
  if (!isObject(given)) return;
  checkAnnotations(context, fieldSchema(fileSchemas.workspace, 'notifications'), given, { pointer: '/notifications', names: { roots: [] } });
  for (const [name, group] of Object.entries(isObject(given['groups']) ? given['groups'] : {})) {
    if (!isObject(group) || !Array.isArray(group['email']) || group['email'].length === 0 || given['smtp'] !== undefined) continue;
    report(context, 'CONFIG_INVALID', pointerOf(['notifications', 'groups', name, 'email']), `Nothing says how e-mail to ${JSON.stringify(name)} is sent.`, { key: true, fix: 'Add "smtp" to "notifications", with "host" and "from".' });
  }
}
