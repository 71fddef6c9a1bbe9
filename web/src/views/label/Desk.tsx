import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { codePointsBefore } from '../../../../src/base/data/span.ts';
import { utf16Index } from '../../../../src/base/text/codePoints.ts';
import type {
  LabelAction,
  LabelDecision,
  LabelProject,
  LabelTask,
} from '../../../../src/inference/predict/api/labelSchema.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { Arcs } from '../../marking/Arcs.tsx';
import { EntityCards } from '../../marking/EntityCards.tsx';
import { withGuesses } from '../../marking/guessType.ts';
import type { Marking } from '../../marking/marking.ts';
import '../../marking/marking.css';
import { Stage } from '../../marking/Stage.tsx';
import { replaceParams, route } from '../../state/router.ts';
import { CommentField } from './CommentField.tsx';
import { Guide } from './GuidePanel.tsx';
import { HistoryList } from './HistoryList.tsx';
import { KeyTable } from './KeyTable.tsx';
import { RelationSearch } from './RelationSearch.tsx';
import { labelTexts } from './texts.ts';
import { UnitPanel } from './UnitPanel.tsx';
import {
  type Choice,
  choicesOf,
  decisionsOf,
  isDecided,
  MOST_CHOICES,
  nextOpen,
  oneDirection,
  suggestionOf,
  type Unit,
  unitsOf,
} from './units.ts';
import { useDesk } from './useDesk.ts';

interface DeskProps {
  readonly project: LabelProject;
  readonly onProgress: () => void;
}

/** How long changed entities rest before they are kept. */
const MENDING_MS = 500;

/** A sentence, its pairs, and a key for each answer. */
export function Desk({ project, onProgress }: DeskProps) {
  const t = labelTexts();
  const lang = language.value;
  const { params } = route.value;
  const role = params.get('role') === 'adjudicate' ? 'adjudicate' : 'label';
  const guids = params.get('guids')?.split('\n').filter(Boolean);
  const desk = useDesk(role, guids ? { guids } : undefined);
  const { task } = desk;
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState<'search' | 'comment' | 'entities' | null>(null);
  const [both, setBoth] = useState(true);
  const [hovered, setHovered] = useState<string | null>(null);
  const units = useMemo(() => (task ? unitsOf(task) : []), [task]);
  const at = Math.min(active, Math.max(0, units.length - 1));
  const unit = units[at];
  const root = useRef<HTMLDivElement>(null);

  const sentence = task?.sentence;
  useEffect(() => {
    setActive(Math.max(0, nextOpen(units, 0)));
    setOpen(null);
    onProgress();
  }, [sentence]);

  const noRelation = project.no_relation;
  /** The actions that a choice is: with the entities, where nobody marked them yet; the sentence ends with its last pair. */
  const decide = (choose: (units: readonly Unit[]) => readonly (readonly [Unit, Choice])[]) =>
    desk.do((now) => {
      const all = unitsOf(now);
      const chosen = choose(all);
      if (chosen.length === 0) return [];
      const decisions = chosen.flatMap(([each, choice]): LabelDecision[] =>
        (both ? decisionsOf : oneDirection)(each, choice, project),
      );
      const keys = new Set(chosen.map(([{ key }]) => key));
      const isLast = all.every((each) => keys.has(each.key) || isDecided(each));
      setActive(
        Math.max(
          0,
          nextOpen(
            all.map((each) =>
              keys.has(each.key) ? { ...each, decided: { forth: noRelation, back: noRelation } } : each,
            ),
            all.findIndex(({ key }) => keys.has(key)),
          ),
        ),
      );
      return [
        ...entitiesOf(now),
        { kind: 'decide', decisions },
        ...(isLast && now.status !== 'done' ? [{ kind: 'done' } as const] : []),
      ];
    });
  const choose = (choice: Choice) => {
    setOpen(null);
    const key = unit?.key;
    decide((all) => all.filter((each) => each.key === key).map((each) => [each, choice]));
  };
  const confirm = () => {
    if (units.length === 0) return desk.do((now) => [...entitiesOf(now), { kind: 'done' }]);
    const key = unit?.key;
    decide((all) =>
      all.flatMap((each) => {
        const suggestion = each.key === key ? suggestionOf(each, project) : null;
        return suggestion ? [[each, suggestion] as const] : [];
      }),
    );
  };
  const acceptAll = () =>
    decide((all) =>
      all.flatMap((each) => {
        const suggestion = isDecided(each) ? null : suggestionOf(each, project);
        return suggestion ? [[each, suggestion] as const] : [];
      }),
    );
  const none = () => choose({ relation: noRelation, isBack: false, probability: null });
  const move = (step: number) => setActive((now) => Math.max(0, Math.min(units.length - 1, now + step)));
  const mend = () => {
    setOpen('entities');
    setTimeout(() => root.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus());
  };

  const keys = useRef<(event: KeyboardEvent) => void>(() => {});
  keys.current = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !task) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === 'Escape') setOpen(null);
    if (target?.closest('input, textarea, select, dialog, [role="listbox"], summary')) return;
    // A focused button is pressed by Enter and space itself; that of the part at hand would change nothing.
    const isHere = target?.closest('.label-tabs [aria-pressed="true"]') != null;
    if (!isHere && target?.closest('button, a') && ['Enter', 'Space', 'NumpadEnter'].includes(event.code)) return;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    // By place, not by letter: with a Korean layout the same keys do the same.
    const commands: Readonly<Record<string, () => void>> = {
      Enter: event.shiftKey ? acceptAll : confirm,
      NumpadEnter: confirm,
      Space: confirm,
      KeyN: none,
      KeyA: acceptAll,
      KeyS: () => desk.do(() => [{ kind: 'skip' }]),
      KeyU: () => desk.undo(),
      KeyC: () => setOpen('comment'),
      KeyE: mend,
      Slash: () => setOpen('search'),
      ArrowDown: () => move(1),
      KeyJ: () => move(1),
      ArrowUp: () => move(-1),
      KeyK: () => move(-1),
    };
    const choice =
      digit === undefined || !unit
        ? undefined
        : digit === '0'
          ? { relation: noRelation, isBack: false, probability: null }
          : choicesOf(unit, project)[Number(digit) - 1];
    const command = choice ? () => choose(choice) : commands[event.code];
    if (!command) return;
    event.preventDefault();
    command();
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keys.current(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  if (desk.error !== null && !task) return <Failure error={desk.error} />;
  if (task === undefined) return <p class="muted" aria-busy="true" />;
  const isFiltered = guids !== undefined || role === 'adjudicate';
  if (task === null)
    return (
      <section class="panel">
        <p role="status">{isFiltered ? t.emptyFilter : t.empty}</p>
        <div class="actions">
          <button type="button" class="quiet small" onClick={() => desk.next()}>
            {t.again}
          </button>
          <button type="button" class="quiet small" onClick={() => desk.undo()}>
            {t.undo}
          </button>
          {isFiltered && (
            <button
              type="button"
              class="quiet small"
              onClick={() => replaceParams(new URLSearchParams({ tab: 'desk' }))}
            >
              {t.allSentences}
            </button>
          )}
        </div>
      </section>
    );

  const suggestion = unit ? suggestionOf(unit, project) : null;
  const titleOf = (relation: string) =>
    relation === noRelation
      ? t.none
      : (project.relations.find(({ name }) => name === relation)?.title[lang] ?? relation);
  const shownRelation =
    hovered ??
    (suggestion && suggestion.relation !== noRelation
      ? suggestion.relation
      : (unit && choicesOf(unit, project)[0]?.relation) || null);
  return (
    <div class="label-desk" ref={root}>
      <section class="panel">
        {guids !== undefined && <p class="muted">{t.filtered(guids.length)}</p>}
        {role === 'adjudicate' && <p class="notice notice-warn">{t.adjudicating}</p>}
        <p class="muted label-reason">
          <span class="label-chip">{t[`reason_${task.reason.kind}`]}</span> {task.document}
          {task.status !== 'open' && <span class="label-chip">{t[task.status]}</span>}
        </p>
        {task.before !== null && (
          <p class="muted label-around" lang="ko">
            {task.before}
          </p>
        )}
        <Sentence
          key={task.sentence}
          task={task}
          units={units}
          active={unit}
          project={project}
          isOpen={open === 'entities'}
          titleOf={titleOf}
          onPick={(index) => {
            const found = units.findIndex(({ a, b }) =>
              [a, b].some(({ start }) => start === task.entities[index]?.start),
            );
            if (found >= 0) setActive(found);
          }}
          onMended={(entities) => desk.do(() => [{ kind: 'entities', entities }])}
        />
        {task.after !== null && (
          <p class="muted label-around" lang="ko">
            {task.after}
          </p>
        )}
        {desk.error !== null && <Failure error={desk.error} />}
        <UnitPanel
          units={units}
          active={at}
          project={project}
          suggestion={suggestion}
          titleOf={titleOf}
          choices={unit ? choicesOf(unit, project).slice(0, MOST_CHOICES) : []}
          onActive={setActive}
          onChoose={choose}
          onHover={setHovered}
        />
        <div class="actions label-actions">
          <button type="button" disabled={units.length > 0 && suggestion === null} onClick={confirm}>
            {t.confirm} <kbd>Enter</kbd>
          </button>
          {units.length > 1 && (
            <button type="button" class="quiet" onClick={acceptAll}>
              {t.acceptAll} <kbd>A</kbd>
            </button>
          )}
          <button type="button" class="quiet" onClick={() => setOpen('search')} disabled={!unit}>
            {t.search} <kbd>/</kbd>
          </button>
          <button type="button" class="quiet" onClick={mend}>
            {t.entities} <kbd>E</kbd>
          </button>
          <button type="button" class="quiet" onClick={() => desk.do(() => [{ kind: 'skip' }])}>
            {t.skip} <kbd>S</kbd>
          </button>
          <button type="button" class="quiet" onClick={() => desk.undo()}>
            {t.undo} <kbd>U</kbd>
          </button>
          <button type="button" class="quiet" onClick={() => setOpen('comment')}>
            {t.comment} <kbd>C</kbd>
          </button>
          <label class="check">
            <input type="checkbox" checked={both} onChange={({ currentTarget }) => setBoth(currentTarget.checked)} />
            {t.both}
          </label>
        </div>
        {open === 'search' && unit && (
          <RelationSearch unit={unit} project={project} onChoose={choose} onClose={() => setOpen(null)} />
        )}
        {(open === 'comment' || task.comment !== null) && (
          <CommentField
            key={`${task.sentence} ${task.comment}`}
            text={task.comment ?? ''}
            hasFocus={open === 'comment'}
            onSave={(text) => {
              setOpen(null);
              desk.do(() => [{ kind: 'comment', text }]);
            }}
            onCancel={() => setOpen(null)}
          />
        )}
      </section>
      <aside class="label-side">
        {task.others.length > 0 && (
          <section class="panel">
            {task.others.map(({ person, decisions }) => (
              <div key={person}>
                <h3>{t.said(person)}</h3>
                <ul class="label-said" lang="ko">
                  {decisions
                    .filter(({ relation }) => relation !== noRelation)
                    .map(({ subject, object, relation }) => (
                      <li key={`${subject.start}-${object.start}`}>
                        {wordAt(task, subject)} → {wordAt(task, object)}: {titleOf(relation)}
                      </li>
                    ))}
                </ul>
              </div>
            ))}
          </section>
        )}
        {shownRelation && (
          <section class="panel">
            <Guide relation={project.relations.find(({ name }) => name === shownRelation)} />
          </section>
        )}
        <section class="panel">
          <KeyTable />
          <HistoryList
            key={`${task.sentence} ${task.decisions.length} ${task.status}`}
            sentence={task.sentence}
            titleOf={titleOf}
          />
        </section>
      </aside>
    </div>
  );
}

/** The entities as an action, where nobody marked them yet. */
function entitiesOf({ entities, decisions }: LabelTask): LabelAction[] {
  if (decisions.length > 0 && entities.every(({ by }) => by === 'person')) return [];
  return [{ kind: 'entities', entities: entities.map(({ start, end, type }) => ({ start, end, type })) }];
}

const wordAt = ({ text }: LabelTask, { start, end }: { readonly start: number; readonly end: number }): string =>
  text.slice(utf16Index(text, start), utf16Index(text, end + 1));

interface SentenceProps {
  readonly task: LabelTask;
  readonly units: readonly Unit[];
  readonly active: Unit | undefined;
  readonly project: LabelProject;
  readonly isOpen: boolean;
  readonly titleOf: (relation: string) => string;
  readonly onPick: (mark: number) => void;
  readonly onMended: (entities: { start: number; end: number; type: string | null }[]) => void;
}

/** The sentence with its entities, to mend by mouse or keyboard, and arcs for what was decided or is suggested. */
function Sentence({ task, units, active, project, isOpen, titleOf, onPick, onMended }: SentenceProps) {
  const t = labelTexts();
  const marked = useMemo(() => markingOf(task), [task]);
  const [mended, setMended] = useState<Marking | null>(null);
  const marking = mended ?? marked;
  useEffect(() => setMended(null), [task]);
  useEffect(() => {
    if (mended === null) return;
    const timer = setTimeout(
      () =>
        onMended(
          mended.marks.map(({ start, end, type }) => ({
            start: codePointsBefore(mended.sentence, start),
            end: codePointsBefore(mended.sentence, end) - 1,
            type,
          })),
        ),
      MENDING_MS,
    );
    return () => clearTimeout(timer);
  }, [mended]);
  const change = (edit: (now: Marking) => Marking) =>
    setMended((now) => withGuesses(edit(now ?? marked), project.entity_types));
  const drawn = useMemo(() => {
    if (mended !== null) return [];
    const index = (start: number) => task.entities.findIndex((entity) => entity.start === start);
    return units.flatMap((unit) => {
      const said = isDecided(unit);
      const suggestion = said ? null : suggestionOf(unit, project);
      const shown: (readonly [string | null, boolean])[] = said
        ? [
            [unit.decided.forth, false],
            [unit.decided.back, true],
          ]
        : [[suggestion?.relation ?? null, suggestion?.isBack ?? false]];
      return shown.flatMap(([relation, isBack]) => {
        if (relation === null || relation === project.no_relation) return [];
        const [from, to] = isBack ? [unit.b, unit.a] : [unit.a, unit.b];
        return [
          {
            ...{ key: `${unit.key} ${isBack}`, from: index(from.start), to: index(to.start), label: titleOf(relation) },
            ...{
              confidence: said ? 1 : (suggestion?.probability ?? 1),
              decision: said ? ('relation' as const) : ('uncertain' as const),
            },
          },
        ];
      });
    });
  }, [task, mended, units, project]);
  return (
    <>
      <Stage
        marking={marking}
        onChange={change}
        types={project.entity_types}
        cutParticles
        withRoles={false}
        label={task.text}
        onPick={onPick}
      >
        <Arcs
          relations={drawn}
          of={JSON.stringify(marking)}
          highlighted={drawn.find(({ key }) => active && key.startsWith(`${active.key} `))?.key ?? null}
          onHighlight={() => {}}
        />
      </Stage>
      {isOpen && (
        <EntityCards
          marking={marking}
          onChange={change}
          types={project.entity_types}
          needsTypes={false}
          withRoles={false}
        />
      )}
      {units.length === 0 && <p class="muted">{t.noPairs}</p>}
    </>
  );
}

const markingOf = ({ text, entities }: LabelTask): Marking => ({
  ...{ sentence: text, subject: 0, object: 1 },
  marks: entities.map(({ start, end, type, by }) => ({
    ...{ start: utf16Index(text, start), end: utf16Index(text, end + 1), type },
    ...(by === 'model' && { by: 'model' as const }),
  })),
});
