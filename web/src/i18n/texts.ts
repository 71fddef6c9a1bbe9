import { type Language, language } from './language.ts';

/** A sentence of the page, or how to make one. */
type Text = string | ((...args: never[]) => string);
type Texts = Readonly<Record<string, Text>>;
/** The same keys and the same arguments as the Korean table. */
type Twin<T extends Texts> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string ? (...args: A) => string : string;
};

/**
 * A view's strings in both languages. Korean comes first and decides the keys: a missing or superfluous English one
 * does not compile. The returned function reads the language signal, so a component that calls it is drawn anew when
 * the language changes.
 *
 * @example
 * export const tryTexts = texts({ ko: { sentence: '문장' }, en: { sentence: 'Sentence' } });
 * const t = tryTexts(); // in a component
 */
export function texts<const T extends Texts>(table: {
  readonly ko: T & Twin<NoInfer<T>>;
  readonly en: Twin<NoInfer<T>>;
}): (lang?: Language) => Twin<T> {
  return (lang = language.value) => table[lang];
}
