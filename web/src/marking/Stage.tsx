import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { entityTypeName } from '../../../src/base/data/relations.ts';
import { language } from '../i18n/language.ts';
import { withGuesses } from './guessType.ts';
import { addMark, type Marking, markAt, moveEdge, removeMark, setRole, setType, wordOf } from './marking.ts';
import { markingTexts } from './texts.ts';
import { coreOf, type Stretch, wordsOf } from './words.ts';

export interface StageProps {
  readonly marking: Marking;
  readonly onChange: (change: (now: Marking) => Marking) => void;
  /** Types that entities may have. */
  readonly types: readonly string[];
  readonly cutParticles: boolean;
  /** Its accessible name. */
  readonly label?: string;
  /** Whether two entities have roles; on without it. */
  readonly withRoles?: boolean;
  /** Told of a marked word that was clicked. */
  readonly onPick?: (mark: number) => void;
  /** Told of the entity that the pointer is over. */
  readonly onHover?: (mark: number | null) => void;
  /** Arcs, drawn over the text. They find entities by `data-mark`. */
  readonly children?: ComponentChildren;
}

/**
 * The sentence as words that can be marked: by a click, by dragging over any stretch of the text, or by keys. The text
 * is one tab stop; to screen readers it is a list of words, of which some are chosen. Words are no tab stops of their own:
 * browsers would not select text that begins in one.
 */
export function Stage(props: StageProps) {
  const { marking, onChange, types, cutParticles, label, withRoles = true, onPick, onHover, children } = props;
  const t = markingTexts();
  const lang = language.value;
  const { sentence, marks } = marking;
  const words = wordsOf(sentence);
  const text = useRef<HTMLDivElement>(null);
  const id = useId();
  const dragged = useRef(false);
  const [focused, setFocused] = useState(0);
  const active = Math.min(focused, Math.max(0, words.length - 1));

  const mark = (stretch: Stretch) =>
    onChange((now) => withGuesses(addMark(now, { ...stretch, type: null, by: 'guess' }), types));
  const markIn = (word: Stretch) => marks.findIndex(({ start, end }) => start < word.end && word.start < end);
  const press = (word: Stretch) => {
    const marked = markIn(word);
    if (marked < 0) mark(coreOf(sentence, word, cutParticles));
    else onPick?.(marked);
  };

  const takeSelection = (event: MouseEvent) => {
    dragged.current = false;
    // A double click selects a word by itself; its first click has marked it already.
    if (event.detail > 1) return document.getSelection()?.removeAllRanges();
    const selection = document.getSelection();
    const stretch = selection && text.current ? selectedIn(text.current, selection) : null;
    if (stretch === null || wordOf(marking, stretch).trim() === '') return;
    dragged.current = true;
    selection!.removeAllRanges();
    mark(stretch);
  };

  const goTo = (index: number) => setFocused(Math.max(0, Math.min(words.length - 1, index)));
  const onKeyDown = (event: KeyboardEvent) => {
    const word = words[active];
    if (word === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = event.shiftKey ? edgeKey(event.key) : wordKey(event.key, word);
    if (action === null) return;
    event.preventDefault();
    action();
  };
  const edgeKey = (key: string): (() => void) | null => {
    const index = markIn(words[active]!);
    const move = EDGE_KEYS[key];
    if (index < 0 || move === undefined) return null;
    return () => onChange((now) => moveEdge(now, index, move[0], move[1]));
  };
  const wordKey = (key: string, word: Stretch): (() => void) | null => {
    const index = markIn(word);
    const type = types[Number(key) - 1];
    const keys: Readonly<Record<string, () => void>> = {
      ArrowRight: () => goTo(active + 1),
      ArrowLeft: () => goTo(active - 1),
      Home: () => goTo(0),
      End: () => goTo(words.length - 1),
      Enter: () => press(word),
      ' ': () => press(word),
      ...(index >= 0 && {
        Delete: () => onChange((now) => removeMark(now, index)),
        Backspace: () => onChange((now) => removeMark(now, index)),
        s: () => onChange((now) => setRole(now, index, 'subject')),
        o: () => onChange((now) => setRole(now, index, 'object')),
      }),
    };
    if (index >= 0 && type !== undefined) return () => onChange((now) => setType(now, index, type));
    return keys[key] ?? null;
  };

  const nameOf = (word: Stretch): string => {
    const shown = sentence.slice(word.start, word.end);
    const index = markIn(word);
    if (index < 0) return shown;
    const { type, by } = marks[index]!;
    const typeName = type === null ? '' : `${entityTypeName(type, lang)}${by === 'guess' ? ` (${t.by_guess})` : ''}`;
    const parts = [shown, withRoles ? roleName(marking, index, t) : '', typeName];
    return parts.filter(Boolean).join(', ');
  };

  if (words.length === 0) return <p class="muted stage-empty">{t.emptyStage}</p>;
  return (
    <div class="stage">
      <div
        class="stage-text"
        ref={text}
        role="listbox"
        aria-multiselectable="true"
        aria-label={label ?? t.stage}
        aria-activedescendant={`${id}-${active}`}
        tabIndex={0}
        lang="ko"
        onMouseUp={takeSelection}
        onKeyDown={onKeyDown}
        {...(onHover && {
          onMouseOver: (event: MouseEvent) => onHover(hoveredMark(event)),
          onMouseLeave: () => onHover(null),
        })}
      >
        {words.map((word, i) => {
          const before = words[i - 1]?.end ?? 0;
          return (
            <>
              {piecesOf(marking, before, word.start).map((piece) => (
                <Piece key={piece.start} piece={piece} marking={marking} withRoles={withRoles} />
              ))}
              <span
                key={`w${word.start}`}
                role="option"
                id={`${id}-${i}`}
                class={i === active ? 'word word-active' : 'word'}
                aria-selected={markIn(word) >= 0}
                aria-label={nameOf(word)}
                onClick={() => {
                  setFocused(i);
                  if (!dragged.current) press(word);
                  dragged.current = false;
                }}
              >
                {piecesOf(marking, word.start, word.end).map((piece) => (
                  <Piece key={piece.start} piece={piece} marking={marking} withRoles={withRoles} />
                ))}
              </span>
            </>
          );
        })}
      </div>
      {children}
    </div>
  );
}

/** The entity below the pointer. */
function hoveredMark({ target }: MouseEvent): number | null {
  const bit = target instanceof Element ? target.closest<HTMLElement>('[data-mark]') : null;
  return bit ? Number(bit.dataset.mark) : null;
}

const EDGE_KEYS: Readonly<Record<string, readonly ['start' | 'end', 1 | -1]>> = {
  ArrowRight: ['end', 1],
  ArrowLeft: ['end', -1],
  ArrowUp: ['start', -1],
  ArrowDown: ['start', 1],
};

/** With more than two entities all pairs are asked for, so none has a role. */
export function roleName(
  { marks, subject, object }: Marking,
  index: number,
  t: { readonly subject: string; readonly object: string },
): string {
  if (marks.length > 2) return '';
  return index === subject ? t.subject : index === object ? t.object : '';
}

interface PieceOfText extends Stretch {
  readonly mark: number;
}

/** A stretch of the sentence, cut where entities begin and end. */
function piecesOf(marking: Marking, start: number, end: number): PieceOfText[] {
  const cuts = marking.marks.flatMap((mark) => [mark.start, mark.end]).filter((at) => at > start && at < end);
  const places = [...new Set([start, ...cuts, end])].sort((a, b) => a - b);
  return places
    .slice(1)
    .map((to, i) => ({ start: places[i]!, end: to, mark: markAt(marking, places[i]!) }))
    .filter((piece) => piece.start < piece.end);
}

function Piece({ piece, marking, withRoles }: { piece: PieceOfText; marking: Marking; withRoles: boolean }) {
  const t = markingTexts();
  const shown = marking.sentence.slice(piece.start, piece.end);
  if (piece.mark < 0) return <>{shown}</>;
  const mark = marking.marks[piece.mark]!;
  const role = withRoles ? roleName(marking, piece.mark, t) : '';
  const isFirst = piece.start === mark.start;
  const type = mark.type === null ? '' : mark.type + (mark.by === 'guess' ? '?' : '');
  const caption = [role, type].filter(Boolean).join(' · ');
  return (
    <span
      class={`bit ${mark.by === 'model' ? 'bit-model' : ''} ${isFirst ? 'bit-first' : ''} ${piece.end === mark.end ? 'bit-last' : ''}`}
      data-mark={piece.mark}
      data-type={mark.type ?? ''}
      data-caption={isFirst ? caption : undefined}
    >
      {shown}
    </span>
  );
}

/** What is selected of the stage's text, as a stretch of the sentence; null where nothing of it is. */
function selectedIn(place: HTMLElement, selection: Selection): Stretch | null {
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const lengthTo = (node: Node, offset: number): number => {
    const before = document.createRange();
    before.selectNodeContents(place);
    before.setEnd(node, offset);
    return before.toString().length;
  };
  const all = place.textContent?.length ?? 0;
  const start = place.contains(range.startContainer) ? lengthTo(range.startContainer, range.startOffset) : 0;
  const end = place.contains(range.endContainer) ? lengthTo(range.endContainer, range.endOffset) : all;
  return start < end ? { start, end } : null;
}
