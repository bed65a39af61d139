/** A pattern for LIKE: everything that contains the text. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;

/**
 * A text as it is compared in searches: letter case makes no difference, nor do the forms in which the
 * same letters can be written. The database does it with `search_fold`, for what older nodes and SQL write.
 * The two forms of the small sigma depend on what follows them, which a part of a text does not know.
 */
export const foldText = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
