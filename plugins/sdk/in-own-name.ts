import type { CompiledTransform, OpenContext } from './context.ts';
import { FlowError } from './errors.ts';

export interface OtherTransform {
  readonly type: string;
  readonly settings: object;
  /** What its settings are called in the own ones, where that is otherwise. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Has another transform do the work of `own`. What that fails with names the transform that people have chosen, and its settings. */
export async function inOwnName(own: string, { type, settings, names = {} }: OtherTransform, context: Pick<OpenContext, 'transform'>): Promise<CompiledTransform> {
  const renamed = (error: unknown): unknown => {
    if (!FlowError.is(error)) return error;
    const { code, message, details, place, remedy } = error;
    const [, setting, rest = ''] = /^\/([^/]+)(.*)$/.exec(place?.pointer ?? '') ?? [];
    const name = setting === undefined ? undefined : (names[setting] ?? setting);
    return new FlowError(code, message.replaceAll(`"${type}"`, `"${own}"`).replace(`in "${setting}"`, `in "${name}"`), {
      cause: error, details: { ...details, ...(details['transform'] !== undefined && { transform: own }) }, remedy, ...(place && { place: { ...place, ...(name !== undefined && { pointer: `/${name}${rest}` }) } }),
    });
  };
  const compiled = await context.transform(type, settings).catch((error: unknown) => { throw renamed(error); });
  return (value, values) => {
    try {
      return compiled(value, values);
    } catch (error) {
      throw renamed(error);
    }
  };
}
