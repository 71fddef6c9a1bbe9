import { useEffect, useRef } from 'preact/hooks';
import { language } from '../i18n/language.ts';
import '../state/theme.ts';
import { inLanguage, sayInKorean } from './apiWords.ts';
import { Choices } from './Choices.tsx';
import { Mark } from './Mark.tsx';
import { shellTexts } from './texts.ts';

declare global {
  /** Swagger UI, from its own script. */
  var SwaggerUIBundle: (options: {
    readonly spec: unknown;
    readonly domNode: HTMLElement;
    readonly deepLinking: boolean;
    /** None: it would send the document's address to another site. */
    readonly validatorUrl: null;
    readonly defaultModelsExpandDepth: number;
  }) => void;
}

/** The REST API's own document, to read and to try, in the page's language and colours. */
export function ApiDocs() {
  const t = shellTexts();
  const lang = language.value;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const fresh = document.createElement('div');
    const stop = lang === 'ko' ? sayInKorean(fresh) : () => {};
    let isWanted = true;
    fetch('openapi.json')
      .then((response) => response.json())
      .then((document: unknown) => {
        if (!isWanted) return;
        place.current!.replaceChildren(fresh);
        SwaggerUIBundle({
          spec: inLanguage(document, lang),
          domNode: fresh,
          deepLinking: true,
          validatorUrl: null,
          defaultModelsExpandDepth: 0,
        });
      });
    return () => {
      isWanted = false;
      stop();
    };
  }, [lang]);
  return (
    <>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="./">
            <Mark />
            <span class="brand-name">korex</span>
            <span class="back">← {t.backToPage}</span>
          </a>
          <span />
          <Choices />
        </div>
      </header>
      <main ref={place} class="docs" />
    </>
  );
}
