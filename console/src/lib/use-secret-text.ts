import { useCallback } from 'react';

/**
 * For the `ref` of the element that shows a text with a secret: the page alone has the text, not what React
 * remembers of this rendering and the one before it.
 *
 * @param text tells the text when it is put on the page
 */
export const useSecretText = (text: () => string) =>
  useCallback(
    (element: HTMLElement | null) => {
      if (element === null) return undefined;
      element.textContent = text();
      return () => {
        element.textContent = '';
      };
    },
    [text],
  );
