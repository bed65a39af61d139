import {
  Characters,
  Count,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Preset,
  Text,
} from '../../src/common/fields.js';

/*
 * Is outside the test file, to which Jest gives built-in objects of its own: lists that it makes are no
 * `Array` to class-validator.
 */

export class Part {
  @Count()
  count!: number;

  @Nullable()
  @Characters()
  note!: string | null;
}

/** Has a field of each kind. */
export class Whole {
  @Optional()
  @Text(10)
  name?: string;

  @Preset()
  @OneOf(['a', 'b'])
  letter: 'a' | 'b' = 'a';

  @ListOf(Nested(Part), { max: 3 })
  parts!: Part[];

  @Optional()
  @ListOf(Characters('', 3))
  words?: string[];
}

/** What a program reads from JSON that it was sent. */
export const received = (json: string): unknown => JSON.parse(json);
