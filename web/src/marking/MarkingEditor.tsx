import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ModelResponse } from '../../../src/inference/predict/schema.ts';
import { KeyList, type KeyListProps } from '../components/KeyList.tsx';
import { EntityCards } from './EntityCards.tsx';
import { withGuesses } from './guessType.ts';
import { type Marking, replaceSentence } from './marking.ts';
import { markingTexts } from './texts.ts';
import './marking.css';
import { Stage } from './Stage.tsx';
import { trimmed } from './words.ts';

export interface MarkingEditorProps {
  readonly marking: Marking;
  readonly onChange: (change: (now: Marking) => Marking) => void;
  /** Null while it is being asked for: entities get no types then. */
  readonly model: ModelResponse | null;
  readonly withRoles: boolean;
  /** What is drawn over the text. */
  readonly children?: ComponentChildren;
}

/** A field for the sentence, the sentence to mark entities in, and the entities. */
export function MarkingEditor({ marking, onChange, model, withRoles, children }: MarkingEditorProps) {
  const t = markingTexts();
  const [cutParticles, setCutParticles] = useState(true);
  const types = model?.entity_types ?? [];
  const hasToGuess = model !== null && marking.marks.some(({ type, by }) => by === 'guess' && type === null);
  useEffect(() => {
    // What was marked before the model's types were known.
    if (hasToGuess) onChange((now) => withGuesses(now, types));
  }, [hasToGuess]);
  const isFull = model !== null && marking.marks.length >= model.max_entities;
  return (
    <div class="marking">
      <label class="sentence">
        {t.sentence}
        <textarea
          lang="ko"
          rows={2}
          maxLength={10_000}
          placeholder={t.placeholder}
          value={marking.sentence}
          onInput={({ currentTarget }) => {
            const { value } = currentTarget;
            onChange((now) => replaceSentence(now, value));
          }}
        />
      </label>
      <Stage marking={marking} onChange={onChange} types={types} cutParticles={cutParticles}>
        {children}
      </Stage>
      {trimmed(marking.sentence, { start: 0, end: marking.sentence.length }) !== null && (
        <div class="stage-notes">
          <label>
            <input
              type="checkbox"
              checked={cutParticles}
              onChange={({ currentTarget }) => setCutParticles(currentTarget.checked)}
            />
            {t.cutParticles}
          </label>
          <p class="muted">{t.stageHelp}</p>
          <KeyHelp />
        </div>
      )}
      <EntityCards
        marking={marking}
        onChange={onChange}
        types={types}
        needsTypes={model?.needs_types ?? false}
        withRoles={withRoles}
      />
      {isFull && <p class="notice notice-warn">{t.tooMany(model.max_entities)}</p>}
    </div>
  );
}

/** The stage's keys. */
function KeyHelp() {
  const t = markingTexts();
  const keys: KeyListProps['keys'] = [
    [['←', '→'], t.keyMove],
    [['Enter'], t.keyMark],
    [['Shift ←', 'Shift →'], t.keyEnd],
    [['Shift ↑', 'Shift ↓'], t.keyStart],
    [['1', '…', '9'], t.keyType],
    [['S', 'O'], t.keyRole],
    [['Delete'], t.keyDelete],
  ];
  return <KeyList title={t.keys} keys={keys} />;
}
