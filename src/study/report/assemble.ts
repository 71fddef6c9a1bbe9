import { lexer } from 'marked';
import type { Frame } from './frame.ts';
import { plainText, uniqueSlugs } from './headings.ts';

/** The report's text: title, summary, the sections, conclusion. */
export const reportBody = ({ title, summary, conclusion }: Frame, sections: readonly string[]): string =>
  `${[`# ${title}`, summary, ...sections, conclusion].map((part) => part.trim()).join('\n\n')}\n`;

/** REPORT.md: the text with a table of contents below its title. A page makes its own from the headings. */
export function withContents(body: string, contents: string): string {
  const slugs = uniqueSlugs();
  const links = lexer(body).flatMap((token) => {
    if (token.type !== 'heading') return [];
    const text = plainText(token.tokens ?? []);
    const slug = slugs(text);
    return token.depth === 2 ? [`- [${text}](#${slug})`] : [];
  });
  return body.replace(/\n\n/, () => `\n\n**${contents}**\n\n${links.join('\n')}\n\n`);
}
