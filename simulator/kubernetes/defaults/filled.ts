import { isObject } from '../../json';
import type { Json, JsonObject } from '../../json';

/** An object with what it lacks of others, member by member; lists and values that are there stay. */
export function filled(object: JsonObject, defaults: JsonObject): JsonObject {
  const lacking = Object.entries(defaults).flatMap(
    ([name, value]): readonly (readonly [string, Json])[] => {
      const own = object[name];
      if (value === undefined) return [];
      if (own === undefined || own === null) return [[name, value]];
      return isObject(own) && isObject(value) ? [[name, filled(own, value)]] : [];
    },
  );
  return lacking.length === 0 ? object : { ...object, ...Object.fromEntries(lacking) };
}
