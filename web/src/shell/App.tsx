import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { language } from '../i18n/language.ts';
import { hrefOf, route } from '../state/router.ts';
import type { View } from '../views/table.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { LazyView } from './LazyView.tsx';
import { shellTexts } from './texts.ts';

interface AppProps {
  readonly views: readonly View[];
  /** Stands above every view. */
  readonly notice?: ComponentChildren;
}

/** The page: header with navigation, one view, footer. The first view is shown where the address names none. */
export function App({ views, notice }: AppProps) {
  const t = shellTexts();
  const lang = language.value;
  const id = route.value.view === '' ? views[0]?.id : route.value.view;
  const view = views.find((candidate) => candidate.id === id);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef<string | undefined>(undefined);

  useEffect(() => {
    document.title = view === undefined ? 'korex' : `${view.title[lang]} · korex`;
  }, [view, lang]);

  useEffect(() => {
    // A screen reader should hear where a click in the navigation led; the first view is announced by the page itself.
    if (shown.current !== undefined && shown.current !== id) heading.current?.focus();
    shown.current = id;
  }, [id]);

  return (
    <>
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        {t.skip}
      </button>
      <Header views={views} current={id} />
      <main id="main" class="page">
        <header class="page-head">
          <h1 ref={heading} tabIndex={-1}>
            {view?.title[lang] ?? t.notFound}
          </h1>
          {view && <p class="lead">{view.lead[lang]}</p>}
        </header>
        {notice}
        {view ? (
          <ErrorBoundary key={view.id}>
            <LazyView load={view.load} />
          </ErrorBoundary>
        ) : (
          <p>
            {views.map(({ id, title }) => (
              <a key={id} href={hrefOf(id)} class="link-list">
                {title[lang]}
              </a>
            ))}
          </p>
        )}
      </main>
      <Footer />
      <KeyDialog />
    </>
  );
}
