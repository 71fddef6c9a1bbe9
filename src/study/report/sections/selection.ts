import { figureFile } from '../../../base/charts/figure.ts';
import { giga, million, percent } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { readMeasuredSpeed } from '../../stages/selection/measuredSpeed.ts';
import {
  SELECTION_FIGURES,
  SELECTION_FOLDER,
  type SelectionFile,
  selectionFile,
} from '../../stages/selection/selectionFile.ts';
import { code, joinBlocks, list, markdownTable } from '../markdown.ts';
import { selectionFacts, speedFacts } from './selectionFacts.ts';
import { SELECTION_WORDS, type SelectionWords } from './selectionWords.ts';

/** Stage 04 in the report: Markdown from `selection.json` and `measured_speed.json`. Errors: those of reading them. */
export async function selectionSection(out: string, lang: Language): Promise<string> {
  const [file, speed] = [await selectionFile.read(out), await readMeasuredSpeed(out)];
  const words = SELECTION_WORDS[lang];
  const figure = (name: string, alt: string): string => `![${alt}](../${SELECTION_FOLDER}/${figureFile(name, lang)})`;
  const facts = selectionFacts(file);
  return joinBlocks([
    words.heading,
    ...words.purpose,
    words.why,
    words.encoder,
    words.criteria,
    criteriaTable(file, lang, words),
    words.result,
    words.workload(file.workload),
    candidateTable(file, words),
    figure(SELECTION_FIGURES.scores, words.alts.scores),
    reasonList(file, lang),
    figure(SELECTION_FIGURES.quality, words.alts.quality),
    ...(speed ? [words.speed(speedFacts(speed))] : []),
    words.interpretation,
    list([
      words.winner(facts),
      words.stability(facts, criterionTitles(file, lang)),
      words.assumptions(
        facts,
        facts.otherAssumptions.map(({ title, winner }) => ({ title: title[lang], winner })),
      ),
      words.decoder(facts),
      words.embedding,
      words.bundled(facts),
    ]),
    words.sources(facts),
  ]);
}

const dash = '–';

const criterionTitles = ({ criteria }: SelectionFile, lang: Language): Readonly<Record<string, string>> =>
  Object.fromEntries(criteria.map(({ name, title }) => [name, title[lang]]));

const criteriaTable = ({ criteria }: SelectionFile, lang: Language, words: SelectionWords): string =>
  markdownTable(
    words.criteriaHeader,
    criteria.map(({ title, weight, why, scale }) => [title[lang], percent(weight), why[lang], scale[lang]]),
    4,
  );

const candidateTable = ({ candidates }: SelectionFile, words: SelectionWords): string =>
  markdownTable(
    words.candidateHeader,
    candidates.map(({ rank, id, licence, published, computed, score }) => [
      rank === null ? words.excluded : `${rank}`,
      code(id),
      licence.name,
      million(computed.parameters),
      published ? (100 * published.micro_f1).toFixed(2) : dash,
      published ? (100 * published.auprc).toFixed(2) : dash,
      giga(computed.multiply_adds),
      giga(computed.training_bytes),
      `${computed.epochs}`,
      score.toFixed(3),
    ]),
    3,
  );

const reasonList = ({ candidates }: SelectionFile, lang: Language): string =>
  list(candidates.map(({ id, note, reason }) => `${code(id)}: ${note[lang]} ${reason[lang]}`));
