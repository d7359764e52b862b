import { ValidateBy } from 'class-validator';

/**
 * Validates a property that is a JSON object by its values, and by its names when they are given: all of them, and no other.
 * @param what for the message: `a whole number for each`
 */
export function IsMap(what: string, holds: (value: unknown) => boolean, names?: readonly string[]): PropertyDecorator {
  return ValidateBy({
    name: 'isMap',
    validator: {
      validate: (map: unknown) => {
        if (typeof map !== 'object' || map === null || Array.isArray(map)) return false;
        if (names && Object.keys(map).toSorted().join() !== names.toSorted().join()) return false;
        return Object.values(map).every(holds);
      },
      defaultMessage: () => `must be a JSON object with ${what}${names ? `: ${names.join(', ')}` : ''}`,
    },
  });
}
