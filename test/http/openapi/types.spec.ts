import { describe, expect, it } from '@jest/globals';
import { Get } from '@nestjs/common';
import {
  Characters,
  Describes,
  Flag,
  IdOf,
  Instant,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
} from '../../../src/common/fields.js';
import { fieldsOf } from '../../../src/common/field.js';
import type { OrgId, UserId } from '../../../src/common/ids.js';
import { committed } from '../../../src/common/views.js';
import { Describe } from '../../../src/openapi/describe.decorator.js';

const view = { tag: 'Service', summary: 'x' } as const;

class Part {
  @Flag()
  isDone!: boolean;
}

@Describes({
  example: { id: 'org_1', name: null, letter: 'a', at: '2026-11-02T09:30:00Z', parts: [] },
})
class View {
  @IdOf('org')
  id!: OrgId;

  @Optional()
  @Nullable()
  @Text(100)
  name?: string | null;

  @OneOf(['a', 'b'])
  letter!: 'a' | 'b';

  @Instant()
  at!: Date;

  @ListOf(Nested(Part))
  parts!: Part[];
}

/** Each of these lines has to be wrong for this file to compile. */
class WrongFields {
  // @ts-expect-error text is no number
  @Text(100)
  age!: number;

  // @ts-expect-error it is a Date once it is read
  @Instant()
  at!: string;

  // @ts-expect-error of another type of ids
  @IdOf('org')
  userId!: UserId;

  // @ts-expect-error there may be others than a
  @OneOf(['a', 'b'])
  letter!: 'a';

  // @ts-expect-error a list of something else
  @ListOf(Nested(Part))
  parts!: string[];

  // @ts-expect-error the field cannot be left out
  @Optional()
  @Characters()
  missing!: string | null;

  // @ts-expect-error the field cannot be null
  @Nullable()
  @Characters()
  nothing?: string;
}

const valid: View = { id: 'org_1', name: null, letter: 'a', at: new Date(), parts: [] };

class WrongHandlers {
  // @ts-expect-error it returns a field of another type
  @Describe({ id: 'a', response: View, ...view })
  @Get()
  another() {
    return { ...valid, at: '2027-01-31' };
  }

  // @ts-expect-error it returns a field too few
  @Describe({ id: 'b', response: View, ...view })
  @Get()
  tooFew() {
    const { id, letter, at } = valid;
    return Promise.resolve({ id, letter, at });
  }

  // @ts-expect-error it returns null where there is none
  @Describe({ id: 'c', response: View, ...view })
  @Get()
  nothing() {
    return { ...valid, parts: null };
  }

  // @ts-expect-error what a list holds is something else
  @Describe({ id: 'd', response: View, ...view })
  @Get()
  entries() {
    return { ...valid, parts: [{ isDone: 'yes' }] };
  }

  // @ts-expect-error it returns what may be there or not
  @Describe({ id: 'e', response: View, ...view })
  @Get()
  perhaps(): View | undefined {
    return undefined;
  }

  // @ts-expect-error the number of the state is missing
  @Describe({ id: 'f', response: committed(View), ...view })
  @Get()
  state() {
    return valid;
  }

  @Describe({ id: 'g', response: View, ...view })
  @Get()
  right() {
    return Promise.resolve(valid);
  }
}

describe('the types of fields and of responses', () => {
  it('are what the decorators say, or this does not compile', () => {
    expect([...fieldsOf(View).keys()]).toEqual(['id', 'name', 'letter', 'at', 'parts']);
    expect(WrongFields).toBeDefined();
    expect(WrongHandlers).toBeDefined();
  });
});
