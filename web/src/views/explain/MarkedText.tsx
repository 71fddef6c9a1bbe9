import type { Explained } from '../../../../src/inference/predict/explain.ts';
import { markingTexts } from '../../marking/texts.ts';

/** A sentence with subject and object in the colours of their types. */
export function MarkedText({ sentence, subject, object }: Explained) {
  const t = markingTexts();
  const [first, second] = subject.start <= object.start ? [subject, object] : [object, subject];
  const entity = (part: Explained['subject']) => (
    <span class="tag" data-type={part.type ?? ''} title={part === subject ? t.subject : t.object}>
      {sentence.slice(part.start, part.end)}
    </span>
  );
  return (
    <span lang="ko" class="marked-text">
      {sentence.slice(0, first.start)}
      {entity(first)}
      {sentence.slice(first.end, second.start)}
      {entity(second)}
      {sentence.slice(second.end)}
    </span>
  );
}
