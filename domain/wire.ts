/**
 * The type of `T` after a trip through JSON, which is what a history holds: a `Date` comes back as
 * text. Inputs and results of activities are written so that `Wire<T>` is `T`.
 */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Date
    ? string
    : { readonly [K in keyof T]: Wire<T[K]> };
