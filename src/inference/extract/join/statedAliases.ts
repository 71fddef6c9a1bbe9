import { bareName, nameKey } from './nameForms.ts';

/** Another name that a text gives right behind a name. */
export interface StatedAlias {
  readonly alias: string;
  /** The words that say so. */
  readonly evidence: string;
}

const MARKS = `["'“”‘’「」『』《》〈〉]`;
/** Words that say that another name follows. */
const SAYS =
  '이하|약칭|약자|줄여서|일명|이른바|본명|예명|필명|아명|호|영어|영문|한자|옛|구|舊|옛 이름|옛 명칭|별칭|또는';
const BRACKETED = new RegExp(`^${MARKS}?\\s?[(（]([^()（）]{1,60})[)）]`, 'u');
const HEREAFTER = new RegExp(`^${MARKS}?\\s?,?\\s?(?:은|는|을|를|이|가)?\\s?이하\\s?${MARKS}(.{1,30}?)${MARKS}`, 'u');
const SAID = new RegExp(`^(?:${SAYS})(?:\\s?[:：]\\s?|\\s?(?=${MARKS})|\\s)`, 'u');

/** Code units behind a name in which its other names are looked for. */
export const ALIAS_REACH = 80;

/**
 * The other names that stand behind a name: `한국은행(이하 한은)`, `한국은행 이하 '한은'`, and in brackets alone what is plainly the same
 * name: in other letters (`서울(Seoul)`), or with letters left out in their order (`한국은행(한은)`; Schwartz and Hearst 2003).
 */
export function statedAliases(name: string, behind: string): StatedAlias[] {
  const hereafter = HEREAFTER.exec(behind);
  if (hereafter) return [{ alias: bareName(hereafter[1]!), evidence: name + hereafter[0] }];
  const bracketed = BRACKETED.exec(behind);
  if (!bracketed) return [];
  const evidence = name + bracketed[0];
  return bracketed[1]!
    .split(/[,·;/、]/u)
    .map((part) => part.trim())
    .flatMap((part) => {
      const said = SAID.exec(part);
      const alias = bareName(part.slice(said?.[0].length ?? 0));
      if (alias === '' || nameKey(alias) === nameKey(name)) return [];
      return said !== null || isSameName(name, alias) ? [{ alias, evidence }] : [];
    });
}

const isLatin = (name: string): boolean => /^[A-Z][\p{Script=Latin}\d\s.&'-]*$/u.test(name);
const isHan = (name: string): boolean => /^\p{Script=Han}+$/u.test(name);

/** Whether two names, one in brackets behind the other, are the same by their letters. */
function isSameName(name: string, alias: string): boolean {
  const hangul = /[가-힣]/u;
  if (hangul.test(name) && isHan(alias)) return true;
  if (hangul.test(name) && isLatin(alias)) return !/\d/.test(alias);
  if (isLatin(name) && isLatin(alias)) return isAcronym(name, alias) || isAcronym(alias, name);
  if (isLatin(name) && hangul.test(alias)) return !/\s(?:대표|회장|기자|씨)$/u.test(alias) && !/\d/.test(alias);
  return isAbbreviation(name, alias) || isAbbreviation(alias, name);
}

/** The first letters of words. */
const isAcronym = (full: string, short: string): boolean =>
  short.length >= 2 &&
  full
    .split(/[\s-]+/)
    .map(([letter]) => letter?.toUpperCase() ?? '')
    .join('')
    .includes(short.toUpperCase().replace(/\./g, ''));

/** Fewer letters of the same name in their order, beginning with its first or with that of a later word. */
function isAbbreviation(full: string, short: string): boolean {
  const letters = [...short.replace(/\s/g, '')];
  if (letters.length < 2 || letters.length >= full.replace(/\s/g, '').length) return false;
  const words = full.split(/\s+/);
  return words.some((_, from) => {
    const rest = [...words.slice(from).join('')];
    if (rest[0] !== letters[0] && !full.endsWith(short)) return false;
    let at = 0;
    for (const letter of rest) if (letter === letters[at]) at++;
    return at === letters.length;
  });
}
