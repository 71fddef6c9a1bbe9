import { language } from '../i18n/language.ts';
import { hrefOf } from '../state/router.ts';
import type { View } from '../views/table.ts';
import { Choices } from './Choices.tsx';
import { Mark } from './Mark.tsx';
import { shellTexts } from './texts.ts';

export function Header({ views, current }: { views: readonly View[]; current: string | undefined }) {
  const t = shellTexts();
  const lang = language.value;
  return (
    <header class="top">
      <div class="top-inner">
        <a class="brand" href={hrefOf(views[0]?.id ?? '')}>
          <Mark />
          <span class="brand-name">korex</span>
          <span class="brand-line">{t.tagline}</span>
        </a>
        <nav class="views" aria-label={t.views}>
          {views.map(({ id, title }) => (
            <a key={id} href={hrefOf(id)} aria-current={id === current ? 'page' : undefined}>
              {title[lang]}
            </a>
          ))}
        </nav>
        <Choices />
      </div>
    </header>
  );
}
