import { SetMetadata } from '@nestjs/common';
import type { Lane } from '../database/lanes.js';

export const DENIES = Symbol('denies');

/** Decides from a body that is not checked yet whether a change denies something. */
export type Denies = (body: unknown) => boolean;

/** A route that takes something away, so it must not have to wait for a connection. */
export const Denying = (denies: Denies = () => true) => SetMetadata<symbol, Denies>(DENIES, denies);

const labels = new Set(['name', 'description', 'tags']);

/** Any change besides what people call a key narrows it. */
export const changesMoreThanLabels: Denies = (body) =>
  typeof body === 'object' &&
  body !== null &&
  Object.keys(body).some((field) => !labels.has(field));

/** Another address of a user ends what was sent to the old one. */
export const changesEmail: Denies = (body) =>
  typeof body === 'object' && body !== null && 'email' in body;

export const laneOf = (denies: Denies | undefined, body: unknown): Lane =>
  denies?.(body) === true ? 'denying' : 'ordinary';
