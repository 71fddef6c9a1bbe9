import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { hrefOf } from '../../state/router.ts';
import { sectionId } from './RunSection.tsx';
import { formatState, type RunsState, type SectionId } from './runsAddress.ts';
import { runTexts } from './texts.ts';

interface ContentsProps {
  readonly sections: readonly SectionId[];
  readonly state: RunsState;
  readonly onChange: (changes: Partial<RunsState>) => void;
}

/** The table of contents; the section in sight stands out, and in the address. */
export function Contents({ sections, state, onChange }: ContentsProps) {
  const t = runTexts();
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.find(({ isIntersecting }) => isIntersecting)?.target as HTMLElement | undefined;
        if (seen) onChange({ at: seen.dataset.section as SectionId });
      },
      // The line below the sticky rows: a section is in sight while it crosses it.
      { rootMargin: '-20% 0px -79% 0px' },
    );
    for (const id of sections) {
      const section = document.getElementById(sectionId(id));
      if (section) observer.observe(section);
    }
    return () => observer.disconnect();
  }, [sections.join(), onChange]);
  return (
    <nav class="run-contents" aria-label={t.contents}>
      <ul>
        {sections.map((id) => (
          <li key={id}>
            <a
              href={hrefOf('runs', formatState({ ...state, at: id }))}
              aria-current={state.at === id ? 'true' : undefined}
              onClick={(event) => {
                event.preventDefault();
                onChange({ at: id });
                document.getElementById(sectionId(id))?.scrollIntoView();
              }}
            >
              {t[`section_${id}`]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** How long charts above may take their places after the view was opened at a section. */
const SETTLING_MS = 6000;

/** Opens the view at the section of its address, and stays there while what is above still grows. */
export function useStartAt(place: RefObject<HTMLElement | null>, at: SectionId | null, isReady: boolean): void {
  useEffect(() => {
    if (!isReady || at === null || at === 'choose') return;
    // The section may come later than the view, with what it shows.
    const observer = new ResizeObserver(() => document.getElementById(sectionId(at))?.scrollIntoView());
    observer.observe(place.current!);
    const stop = () => observer.disconnect();
    const moves = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
    for (const move of moves) addEventListener(move, stop, { once: true, passive: true });
    const timer = setTimeout(stop, SETTLING_MS);
    return () => {
      stop();
      clearTimeout(timer);
      for (const move of moves) removeEventListener(move, stop);
    };
  }, [isReady]);
}
