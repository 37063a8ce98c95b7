import * as z from 'zod';

// Forms of what others send and may leave out or null: then as if it were empty.

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const list = <T extends z.ZodType>(item: T): List<T> =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

type List<T extends z.ZodType> = z.ZodPipe<
  z.ZodOptional<z.ZodNullable<z.ZodArray<T>>>,
  z.ZodTransform<z.output<T>[], z.output<T>[] | null | undefined>
>;
