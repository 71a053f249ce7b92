import type { TemplateResult } from 'lit';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { Option } from '../shared/kit.ts';
import type { ValueChange } from './change.ts';
import type { Field, FieldSchema, Path } from './schema.ts';

/** What a reference may point to, and what belongs to it. */
export interface FormNames {
  /** The names to choose from; `root` is the whole value of the form, as an endpoint depends on the instance. */
  options(ref: string, root: unknown): readonly Option[];
  /** The file that a reference stands for, if there is one to open. */
  file(ref: string, value: string): string | undefined;
  transform(type: string): CatalogEntry | undefined;
  /** Where secrets can be kept from here. */
  readonly secrets?: SecretTools;
}

export interface SecretTools {
  /** Who has the value of a secret; `undefined`: nobody on this machine. */
  origin(name: string): string | undefined;
  /** A name for the secret of a field that has none yet. */
  suggest(path: Path): string;
  set(name: string): void;
  remove(name: string): void;
  /** Takes a value out of the file. */
  keep(path: Path, name: string): void;
}

/** What the parts of a form share. */
export interface FormContext {
  readonly schema: FieldSchema;
  /** The whole value. */
  readonly root: unknown;
  readonly readOnly: boolean;
  readonly names: FormNames;
  problems(path: Path): readonly Diagnostic[];
  /** Sets or removes a value: one undo unit. */
  set(path: Path, value: unknown): void;
  apply(changes: readonly ValueChange[]): void;
  /** Adds an item to a list; its first field gets the focus as soon as it is there. */
  add(list: Path, item: unknown): void;
  /** What is in a field: as it is being typed, else `printed`. */
  text(path: Path, printed: string): string;
  /** Keeps what is typed; `commit` is called when the user is through, or the form goes away. */
  typed(path: Path, text: string, commit: (text: string) => void): void;
  /** The user is through. */
  commit(path: Path, text: string, commit: (text: string) => void): void;
  /** Whether a part that can be folded is open. */
  isOpen(key: string, otherwise: boolean): boolean;
  setOpen(key: string, open: boolean): void;
  preview(text: string): TemplateResult | undefined;
  openFile(path: string): void;
  view(field: Field): TemplateResult;
  fields(schema: FieldSchema, value: unknown, path: Path, expression: boolean): TemplateResult;
}

export const fieldId = (path: Path): string => `f-${path.join('-').replaceAll(/[^\w-]/g, '_')}`;
