import { type Plugin } from '../../plugins/sdk/index.ts';
/**
 * Validates what a file gives as settings and fills in the defaults, in a copy. A text with `{{` stands for a value of any type where the schema allows
 * expressions. Settings of an older version are migrated. Fails with `CONFIG_INVALID`, whose pointer is relative to the settings.
 */
export declare function completeSettings(plugin: Plugin, given: unknown, schema?: object): unknown;
export declare const trustSchemas: (plugin: Plugin) => void;
