/**
 * The possible fields of an input, a response, a job or a setting. Each of these decorators sets how
 * the field is checked, converted and described at once.
 */
export { Describes, NotBoth, NotEmpty, Nullable, Optional, Preset } from './field.js';
export * from './label-fields.js';
export * from './text-fields.js';
export * from './value-fields.js';
