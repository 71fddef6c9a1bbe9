import { language } from '../i18n/language.ts';
import { THEMES, type Theme, theme } from '../state/theme.ts';
import { shellTexts } from './texts.ts';

const LANGUAGE_NAMES = { ko: '한국어', en: 'English' } as const;

/** Language and colour scheme. */
export function Choices() {
  const t = shellTexts();
  return (
    <div class="choices">
      <select
        aria-label={t.language}
        value={language.value}
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
  );
}
