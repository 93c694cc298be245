import { append } from '../../core/append';

/** An expression of any of these, those with the same letter together: each letter of a text is compared with few of them. */
export function byFirstLetter(expressions: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const expression of expressions) {
    append(groups, /^\w(?![?*+{])/.test(expression) ? expression[0] : '', expression);
  }
  const { '': others, ...letters } = Object.fromEntries(groups);
  return [...Object.entries(letters).map(([letter, of]) => `${letter}(?:${of.map((each) => each.slice(1)).join('|')})`), ...others].join('|');
}
