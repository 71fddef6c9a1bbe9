import { useEffect, useMemo, useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import type { DocumentGraph } from '../../../../src/inference/predict/documentSchema.ts';
import { shortName } from '../../components/relations.ts';
import { EntityTag, RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { Arcs } from '../../marking/Arcs.tsx';
import { EMPTY_INQUIRY, paramsOf, tryParams } from '../../marking/address.ts';
import { EntityCards, type PickedMark } from '../../marking/EntityCards.tsx';
import { withGuesses } from '../../marking/guessType.ts';
import type { Mark, Marking } from '../../marking/marking.ts';
import '../../marking/marking.css';
import { Stage } from '../../marking/Stage.tsx';
import { hrefOf } from '../../state/router.ts';
import {
  drawnRelations,
  inContext,
  type ShownRelation,
  type ShownSentence,
  sentencesOf,
  withSentence,
} from './shownGraph.ts';
import { textTexts } from './texts.ts';

export interface SentenceListProps {
  readonly graph: DocumentGraph;
  readonly marks: readonly Mark[];
  readonly relations: readonly ShownRelation[];
  readonly types: readonly string[];
  readonly needsTypes: boolean;
  readonly isOld: boolean;
  /** The sentence whose entities are being corrected. */
  readonly openSentence: number | null;
  readonly onOpen: (sentence: number | null) => void;
  readonly onChange: (marks: readonly Mark[]) => void;
}

/** Sentences drawn at once: each measures its own words. */
const PAGE = 40;

/** The text sentence by sentence, its entities underlined, its relations as arcs over them. */
export function SentenceList(props: SentenceListProps) {
  const { graph, marks, relations, openSentence, onChange } = props;
  const t = textTexts();
  const [shown, setShown] = useState(PAGE);
  const sentences = useMemo(() => sentencesOf(graph, marks), [graph, marks]);
  const bySentence = useMemo(() => {
    const lists = new Map<number, ShownRelation[]>();
    for (const relation of relations)
      lists.set(relation.lastSentence, [...(lists.get(relation.lastSentence) ?? []), relation]);
    return lists;
  }, [relations]);
  const last = Math.max(shown, (openSentence ?? 0) + 1);
  return (
    <>
      <ol class="sentences">
        {sentences.slice(0, last).map((sentence, index) => (
          <SentenceItem
            key={`${graph.id} ${sentence.from}`}
            {...props}
            index={index}
            sentence={sentence}
            own={bySentence.get(index) ?? NONE}
            onEdit={(changed) => onChange(withSentence(marks, sentence, changed))}
          />
        ))}
      </ol>
      {sentences.length > last && (
        <button type="button" class="quiet small" onClick={() => setShown(last + PAGE)}>
          {t.more(Math.min(PAGE, sentences.length - last))}
        </button>
      )}
    </>
  );
}

const NONE: readonly ShownRelation[] = [];

interface SentenceItemProps extends SentenceListProps {
  readonly index: number;
  readonly sentence: ShownSentence;
  readonly own: readonly ShownRelation[];
  readonly onEdit: (changed: Marking) => void;
}

function SentenceItem(props: SentenceItemProps) {
  const { graph, index, sentence, own, types, needsTypes, isOld, openSentence, onOpen, onEdit } = props;
  const t = textTexts();
  const lang = language.value;
  const [hovered, setHovered] = useState<number | null>(null);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [picked, setPicked] = useState<PickedMark | null>(null);
  const { marking } = sentence;
  const isOpen = openSentence === index;
  useEffect(() => {
    if (!isOpen) setPicked(null);
  }, [isOpen]);
  const drawn = useMemo(
    () =>
      drawnRelations(sentence, own, graph.text).map(({ key, from, to, of }) => ({
        ...{ key, from, to, confidence: of.confidence, decision: of.decision },
        label: shortName(of.relation, lang),
      })),
    [sentence, own, graph, lang],
  );
  const edit = (change: (now: Marking) => Marking) => onEdit(withGuesses(change(marking), types));
  return (
    <li id={`sentence-${index}`} class={isOpen ? 'sentence-item sentence-open' : 'sentence-item'}>
      <Stage
        marking={marking}
        onChange={edit}
        types={types}
        cutParticles
        withRoles={false}
        label={t.sentence(index + 1)}
        onPick={(mark) => {
          setPicked({ mark });
          onOpen(index);
        }}
        onHover={setHovered}
      >
        <Arcs
          relations={drawn}
          of={JSON.stringify(marking)}
          isOld={isOld}
          highlighted={highlighted}
          only={hovered}
          onHighlight={setHighlighted}
        />
      </Stage>
      <Crossing graph={graph} relations={own.filter(({ sentence, lastSentence }) => sentence < lastSentence)} />
      {isOpen ? (
        <div class="sentence-tools">
          <EntityCards
            marking={marking}
            onChange={edit}
            types={types}
            needsTypes={needsTypes}
            withRoles={false}
            picked={picked}
          />
          <div class="actions">
            {marking.marks.length > 1 && (
              <a class="quiet small" role="button" href={hrefOf('explain', paramsOf({ ...EMPTY_INQUIRY, ...marking }))}>
                {t.explain}
              </a>
            )}
            <button type="button" class="quiet small" onClick={() => onOpen(null)}>
              {t.close}
            </button>
          </div>
        </div>
      ) : (
        <button type="button" class="plain correct" onClick={() => onOpen(index)} aria-label={t.correct(index + 1)}>
          ✎
        </button>
      )}
    </li>
  );
}

/** Relations that begin in an earlier sentence: no arc leads there. */
function Crossing({ graph, relations }: { graph: DocumentGraph; relations: readonly ShownRelation[] }) {
  const t = textTexts();
  if (relations.length === 0) return null;
  return (
    <ul class="crossing" aria-label={t.crossing}>
      {relations.map((row) => (
        <li key={row.key}>
          <EntityTag {...row.subject} /> <span class="muted">→</span> <EntityTag {...row.object} />{' '}
          <RelationName name={row.relation} quiet={row.decision !== 'relation'} />{' '}
          <span class="muted number">{probability(row.confidence)}</span>{' '}
          <span class="muted">{t.from(row.sentence + 1)}</span>{' '}
          <a
            href={hrefOf('explain', tryParams(inContext(graph, row)))}
            aria-label={`${t.why}: ${row.subject.word} → ${row.object.word}`}
          >
            {t.why}
          </a>
        </li>
      ))}
    </ul>
  );
}
