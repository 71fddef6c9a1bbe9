import '../../api/withoutEval.ts';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import type { PairEncoding } from '../../../../src/base/core/settings.ts';
import { MAX_TEXT, MAX_WINDOW } from '../../../../src/inference/predict/api/limits.ts';
import type { ModelResponse } from '../../../../src/inference/predict/schema.ts';
import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { type Mark, replaceSentence } from '../../marking/marking.ts';
import { replaceParams, route } from '../../state/router.ts';
import { Downloads } from './Downloads.tsx';
import { EXAMPLE_TEXTS } from './examples.ts';
import { GraphView } from './GraphView.tsx';
import { SentenceList } from './SentenceList.tsx';
import { graphWith, marksOf, requestOf, shownRelations, type Wanted } from './shownGraph.ts';
import { TripleTable } from './TripleTable.tsx';
import { textTexts } from './texts.ts';
import { useGraph, type Work, work } from './work.ts';
import './text.css';

/** What fits into an address that can be sent to others. */
const MAX_ADDRESS = 3_000;
const OPENING = EXAMPLE_TEXTS[0].text;
const WINDOWS = Array.from({ length: MAX_WINDOW }, (_, i) => i + 1);

/** Addresses may come from anywhere: without a size that can be asked for, pairs lie in one sentence. */
const windowOf = (text: string | null): number => WINDOWS.find((size) => String(size) === text) ?? 1;

/** Text in; its entities, the relations between them and their graph out. */
export default function TextView() {
  const t = textTexts();
  const lang = language.value;
  const { canAnswer } = useService();
  const { model, error: modelError } = useModel();
  const { text, corrected, window } = work.value ?? {
    text: route.value.params.get('t') ?? OPENING,
    corrected: null,
    window: windowOf(route.value.params.get('w')),
  };
  const [wanted, setWanted] = useState<Wanted>({ threshold: null, withUncertain: false });
  const [pairEncoding, setPairEncoding] = useState<PairEncoding | null>(null);
  const [openSentence, setOpenSentence] = useState<number | null>(null);
  const [entity, setEntity] = useState('');
  const change = (next: Partial<Work>) => {
    work.value = { text, corrected, window, ...next };
  };

  useEffect(() => {
    const params = new URLSearchParams({
      ...(text !== OPENING && text.length <= MAX_ADDRESS && { t: text }),
      ...(window > 1 && { w: String(window) }),
    });
    const timer = setTimeout(() => replaceParams(params), 300);
    return () => clearTimeout(timer);
  }, [text, window]);

  // Nobody asked for the example yet: it is answered where that costs no download.
  const mayAsk = canAnswer.value || text !== OPENING || corrected !== null;
  const request = useMemo(
    () => (model === null || !mayAsk ? null : requestOf(text, corrected, window, model.needs_types, pairEncoding)),
    [text, corrected, window, model, mayAsk, pairEncoding],
  );
  const { graph, isOld, isWaiting, error } = useGraph(request);
  const relations = useMemo(() => (graph === null ? [] : shownRelations(graph, wanted)), [graph, wanted]);
  const shown = useMemo(() => (graph === null ? null : graphWith(graph, relations)), [graph, relations]);
  const marks = useMemo(() => (graph === null ? [] : (corrected ?? marksOf(graph))), [graph, corrected]);
  // While another text is read, the one that is shown cannot be corrected.
  const isOwn = graph !== null && graph.text === text;
  const correct = (next: readonly Mark[]) => {
    if (isOwn) change({ corrected: next });
  };
  const goTo = (sentence: number) => {
    setOpenSentence(sentence);
    document.getElementById(`sentence-${sentence}`)?.scrollIntoView({ block: 'center' });
  };
  const waits = isOld && request !== null ? 'waits' : undefined;

  return (
    <div class="text-view">
      <section class="panel">
        <div class="examples">
          <span class="muted">{t.examples}</span>
          {EXAMPLE_TEXTS.map((example) => (
            <button
              key={example.name.en}
              type="button"
              class="quiet small"
              aria-pressed={example.text === text}
              onClick={() => change({ text: example.text, corrected: null })}
            >
              {example.name[lang]}
            </button>
          ))}
        </div>
        <label class="text-field">
          {t.text}
          <textarea
            lang="ko"
            rows={4}
            maxLength={MAX_TEXT}
            placeholder={t.placeholder}
            value={text}
            onInput={({ currentTarget: { value } }) => {
              const moved =
                corrected && replaceSentence({ sentence: text, marks: corrected, subject: 0, object: 1 }, value);
              change({ text: value, corrected: moved && moved.marks.length > 0 ? moved.marks : null });
            }}
          />
        </label>
        {modelError !== null && <Failure error={modelError} />}
        {error !== null && <Failure error={error} />}
        {!mayAsk && <p class="muted">{t.notAsked}</p>}
        {request === null && corrected !== null && model !== null && <p class="notice notice-warn">{t.needType}</p>}
        <div class="text-facts">
          <p class="muted" role="status">
            {isWaiting ? t.waiting : graph && t.found(graph.sentences.length, graph.entities.length, relations.length)}
          </p>
          {corrected !== null && (
            <p class="muted">
              {t.corrected}{' '}
              <button type="button" class="quiet small" onClick={() => change({ corrected: null })}>
                {t.findAgain}
              </button>
            </p>
          )}
        </div>
        {model && (
          <Controls
            model={model}
            wanted={wanted}
            window={window}
            onChange={setWanted}
            onWindow={(next) => change({ window: next })}
          >
            {model.pair_encodings.includes('shared') && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={(pairEncoding ?? model.pair_encodings[0]) === 'shared'}
                  onChange={({ currentTarget }) => setPairEncoding(currentTarget.checked ? 'shared' : 'inline')}
                />
                {t.shared}
              </label>
            )}
          </Controls>
        )}
      </section>

      {graph && shown && (
        <>
          <section class="panel" aria-busy={isWaiting}>
            <h2>{t.sentences}</h2>
            <p class="muted small-print">{t.sentencesHelp}</p>
            <div class={waits}>
              <SentenceList
                graph={graph}
                marks={marks}
                relations={relations}
                types={model?.entity_types ?? []}
                needsTypes={model?.needs_types ?? false}
                isOld={isOld}
                openSentence={openSentence}
                onOpen={setOpenSentence}
                onChange={correct}
              />
            </div>
          </section>
          <section class={`panel ${waits ?? ''}`}>
            <h2>{t.graph}</h2>
            <GraphView graph={shown} relations={relations} onEntity={setEntity} onSentence={goTo} />
          </section>
          <section class={`panel ${waits ?? ''}`}>
            <div class="table-head">
              <h2>{t.triples}</h2>
              <Downloads graph={shown} />
            </div>
            <TripleTable graph={graph} relations={relations} entity={entity} onEntity={setEntity} onSentence={goTo} />
          </section>
        </>
      )}
    </div>
  );
}

interface ControlsProps {
  readonly model: ModelResponse;
  readonly wanted: Wanted;
  readonly window: number;
  readonly onChange: (wanted: Wanted) => void;
  readonly onWindow: (window: number) => void;
  /** More choices. */
  readonly children: ComponentChildren;
}

/** Which relations are asked for and shown, and by which of the model's settings they are decided. */
function Controls({ model, wanted, window, onChange, onWindow, children }: ControlsProps) {
  const t = textTexts();
  const { threshold, withUncertain } = wanted;
  const shown = threshold ?? model.text?.threshold ?? model.thresholds.default;
  return (
    <>
      <div class="text-controls">
        <label>
          <span>
            {t.threshold} <strong class="number">{shown.toFixed(2)}</strong>{' '}
            {threshold === null && <small class="muted">({t.ownThresholdOn})</small>}
          </span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.01"
            value={shown}
            onInput={({ currentTarget }) => onChange({ ...wanted, threshold: Number(currentTarget.value) })}
          />
        </label>
        <button
          type="button"
          class="quiet small"
          disabled={threshold === null}
          onClick={() => onChange({ ...wanted, threshold: null })}
        >
          {t.ownThreshold}
        </button>
        <label class="text-window">
          {t.window}
          <select value={window} onChange={({ currentTarget }) => onWindow(Number(currentTarget.value))}>
            {WINDOWS.map((size) => (
              <option key={size} value={size}>
                {t.windowOf(size)}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={withUncertain}
            onChange={({ currentTarget }) => onChange({ ...wanted, withUncertain: currentTarget.checked })}
          />
          {t.uncertain}
        </label>
        {children}
      </div>
      <p class="muted small-print">
        {model.text === null
          ? t.decidedAsPairs
          : t.decidedAsText(
              model.text.documents,
              model.text.precision === null ? null : probability(model.text.precision),
              probability(model.text.recall),
            )}
      </p>
    </>
  );
}
