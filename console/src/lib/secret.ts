/**
 * A secret that is shown once. What is rendered, cached or remembered holds this and never the text, so
 * that nothing of the page has the text any more once it is forgotten.
 */
export class Secret {
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Empty once it is forgotten. */
  get text(): string {
    return this.#text;
  }

  forget(): void {
    this.#text = '';
  }
}

/** A response whose secret can be forgotten. It has none when the response that had it was lost. */
export function sealed<T extends { secret?: string }>(response: T) {
  const { secret, ...rest } = response;
  return { ...rest, secret: secret === undefined ? undefined : new Secret(secret) };
}
