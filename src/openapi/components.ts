import { modelOf, type JsonObject } from '../common/field.js';
import { Alternatives, schemaOf, type Shape } from '../common/json-schema.js';

export type { JsonObject };

/** Collects the schemas of named classes, so that others can refer to them. */
export class Components {
  readonly schemas: Record<string, JsonObject> = {};
  private readonly named = new Map<string, Shape>();

  /**
   * A shape as JSON Schema (draft 2020-12): a reference if it has a name.
   *
   * @throws Error for two shapes with the same name
   */
  add(shape: Shape): JsonObject {
    const { id } = shape instanceof Alternatives ? shape : modelOf(shape);
    if (id === undefined) return this.describe(shape);
    const known = this.named.get(id);
    if (known === undefined) {
      this.named.set(id, shape);
      // It comes before those that it refers to.
      this.schemas[id] = {};
      this.schemas[id] = this.describe(shape);
    } else if (known !== shape) throw new Error(`two classes are called ${id}`);
    return { $ref: `#/components/schemas/${id}` };
  }

  private describe(shape: Shape): JsonObject {
    const add = (type: Shape) => this.add(type);
    return shape instanceof Alternatives ? { oneOf: shape.types.map(add) } : schemaOf(shape, add);
  }
}
