/** What tells recipes apart: the fields whose values are not the same in all of them. */

/** A field by its path (`stages.0.settings.epochs`), with each recipe's value; undefined where one has no such field. */
export interface Difference {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** Deep comparison of JSON values, field by field, in the order in which the fields first appear. */
export function differences(values: readonly unknown[], path = ''): Difference[] {
  const parts = values.filter(isObject);
  if (parts.length > 0 && parts.length === values.length) {
    const keys = [...new Set(parts.flatMap(Object.keys))];
    return keys.flatMap((key) =>
      differences(
        parts.map((part) => part[key]),
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  const texts = values.map((value) => JSON.stringify(value));
  return texts.every((text) => text === texts[0]) ? [] : [{ path, values }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
