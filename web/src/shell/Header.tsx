import { language } from '../i18n/language.ts';
import { hrefOf } from '../state/router.ts';
import { THEMES, type Theme, theme } from '../state/theme.ts';
import type { View } from '../views/table.ts';
import { shellTexts } from './texts.ts';

const LANGUAGE_NAMES = { ko: '한국어', en: 'English' } as const;

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
        <div class="choices">
          <select
            aria-label={t.language}
            value={lang}
            onChange={({ currentTarget }) => {
              language.value = currentTarget.value as keyof typeof LANGUAGE_NAMES;
            }}
          >
            {Object.entries(LANGUAGE_NAMES).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
          <select
            aria-label={t.theme}
            value={theme.value}
            onChange={({ currentTarget }) => {
              theme.value = currentTarget.value as Theme;
            }}
          >
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {t[name]}
              </option>
            ))}
          </select>
        </div>
      </div>
    </header>
  );
}

/** Two entities and the arc between them. */
const Mark = () => (
  <svg class="brand-mark" viewBox="0 0 32 24" aria-hidden="true">
    <path d="M6 17v-3a10 10 0 0 1 20 0v3" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" />
    <circle cx="6" cy="19" r="4" class="mark-from" />
    <circle cx="26" cy="19" r="4" class="mark-to" />
  </svg>
);
