import { figureFile } from '../../../base/charts/figure.ts';
import { grouped, percent, pValue, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { systemName } from '../../../base/eval/systems.ts';
import { ANALYSIS_FIGURES, type AnalysisFigure, figuresOfAnalysis } from '../../analysis/analysisCharts.ts';
import { CLASS_NAMES, CLASS_RULES, SLICING_NAMES, sliceName } from '../../analysis/kinds.ts';
import { reliabilityText } from '../../analysis/reliability.ts';
import type { ErrorAnalysis } from '../../analysis/schema.ts';
import { ANALYSIS_FOLDER, readAnalysis } from '../../stages/analysis/analysisFiles.ts';
import { REFERENCE } from '../../stages/comparison/schema.ts';
import { joinBlocks, linesBlock, list, markdownTable } from '../markdown.ts';
import { ANALYSIS_FINDINGS } from './analysisFindings.ts';
import { ANALYSIS_WORDS } from './analysisWords.ts';
import { described, markedSentence, plain, relationText } from './sentenceBlock.ts';

const SHOWN_PAIRS = 8;
const TYPICAL_PAIRS = 2;
const SHOWN_LABELS = 5;
const SHOWN_DISAGREEMENTS = 2;

/** The error analysis in the report: Markdown from `error_analysis.json` of the reference run alone. Errors: those of reading it. */
export async function analysisSection(out: string, lang: Language): Promise<string> {
  const analysis = await readAnalysis(out, REFERENCE);
  return joinBlocks(blocksOf(analysis, lang));
}

function blocksOf(analysis: ErrorAnalysis, lang: Language): string[] {
  const { errors, dataset, left_out, shortcuts, neighbours } = analysis;
  const [words, findings] = [ANALYSIS_WORDS[lang], ANALYSIS_FINDINGS[lang]];
  const shown: Shown = { guids: new Set(), sentences: new Set() };
  const figure = (name: AnalysisFigure, alt: string): string =>
    figuresOfAnalysis(analysis).includes(name)
      ? `![${alt}](../${ANALYSIS_FOLDER}/${analysis.run}/${figureFile(ANALYSIS_FIGURES[name], lang)})`
      : '';
  return [
    words.heading,
    ...words.purpose,
    ...words.why,
    words.result,
    words.intro(systemName(analysis.run)[lang], dataset.test_rows, errors),
    left_out.length > 0 ? words.leftOut(left_out.map(({ part }) => words.parts[part]).join(', ')) : '',
    ...(errors === 0
      ? [words.noErrors]
      : [
          ...taxonomyBlocks(analysis, shown, lang, figure('taxonomy', words.taxonomyAlt)),
          ...confusionBlocks(analysis, shown, lang, figure('confusions', words.confusionAlt)),
        ]),
    words.slices,
    words.slicesText,
    figure('slices', words.slicesAlt),
    ...sliceBlocks(analysis, lang),
    ...(shortcuts
      ? [words.shortcuts, figure('shortcuts', words.shortcutsAlt), findings.shortcuts(shortcuts, analysis.no_relation)]
      : []),
    words.confidence,
    findings.confidence(analysis),
    words.disagreements,
    findings.disagreements(analysis),
    ...disagreementBlocks(analysis, shown, lang),
    ...(neighbours && neighbours.errors > 0
      ? [words.neighbours, findings.neighbours(neighbours), ...neighbourBlocks(analysis, shown, lang)]
      : []),
    ...rareBlocks(analysis, lang),
    words.interpretation,
    list(findings.interpretation(analysis)),
  ];
}

/** The cases that the section has shown so far: each is shown once, and so is a sentence with several pairs of entities. */
interface Shown {
  readonly guids: Set<string>;
  readonly sentences: Set<string>;
}

/** The first of the cases that was not shown yet; it counts as shown from then on. */
function firstNew(guids: readonly string[], { cases }: ErrorAnalysis, shown: Shown): string | undefined {
  const sentenceOf = (guid: string) => cases.find((row) => row.guid === guid)!.sentence;
  const found = guids.find((guid) => !shown.guids.has(guid) && !shown.sentences.has(sentenceOf(guid)));
  if (found === undefined) return undefined;
  shown.guids.add(found);
  shown.sentences.add(sentenceOf(found));
  return found;
}

function taxonomyBlocks(analysis: ErrorAnalysis, shown: Shown, lang: Language, figure: string): string[] {
  const words = ANALYSIS_WORDS[lang];
  const { taxonomy } = analysis;
  return [
    words.taxonomy,
    words.taxonomyText,
    markdownTable(
      words.taxonomyHeader,
      taxonomy.map(({ class: name, count, share }) => [
        CLASS_NAMES[name][lang],
        CLASS_RULES[name][lang],
        grouped(count),
        percent(share),
      ]),
      2,
    ),
    figure,
    words.casesText,
    ...taxonomy.flatMap(({ class: name, cases }) => {
      const first = firstNew(cases, analysis, shown);
      return first === undefined ? [] : [`*${CLASS_NAMES[name][lang]}*`, caseBlock(first, analysis, lang)];
    }),
  ];
}

/**
 * An error with its nearest training rows, where these were looked up. Where the model strongly disagrees with the label, how
 * far it is to be believed stands beside it.
 */
function caseBlock(guid: string, analysis: ErrorAnalysis, lang: Language, most = 1): string {
  const words = ANALYSIS_WORDS[lang];
  const row = analysis.cases.find((other) => other.guid === guid)!;
  const near = analysis.neighbours?.cases.find((other) => other.guid === guid)?.neighbours ?? [];
  const disagrees = analysis.disagreements.rows.some((other) => other.guid === guid);
  const reliability = disagrees ? reliabilityText(analysis, row.confidence, lang) : '';
  const label = (name: string, p: number) => `${described(name, lang, plain)}, ${words.probability} ${p.toFixed(3)}`;
  return linesBlock([
    [words.sentence, markedSentence(row, lang)],
    [words.gold, label(row.gold, row.gold_probability)],
    [words.predicted, label(row.predicted, row.confidence)],
    ...(reliability === '' ? [] : [[words.reliability, reliability] as const]),
    ...near
      .slice(0, most)
      .map(
        (neighbour) =>
          [
            words.neighbour,
            `${markedSentence(neighbour, lang)} (${relationText(neighbour.label, lang, plain)}, ${words.similarity} ${neighbour.similarity.toFixed(3)})`,
          ] as const,
      ),
  ]);
}

function confusionBlocks(analysis: ErrorAnalysis, shown: Shown, lang: Language, figure: string): string[] {
  const words = ANALYSIS_WORDS[lang];
  const { pairs, named, missed, invented, missed_labels, invented_labels } = analysis.confusions;
  const labels = (rows: typeof missed_labels): string =>
    list(
      rows
        .slice(0, SHOWN_LABELS)
        .map(({ label, count, share }) => `${described(label, lang)}: ${words.rows(count)} (${percent(share)})`),
    );
  return [
    words.confusions,
    words.confusionsText(grouped(named), grouped(missed), grouped(invented)),
    ...(pairs.length === 0
      ? [words.noConfusions]
      : [
          markdownTable(
            words.confusionHeader,
            pairs
              .slice(0, SHOWN_PAIRS)
              .map(({ gold, predicted, count, share, reverse_count, reverse_share, asymmetry_p }) => [
                relationText(gold, lang),
                relationText(predicted, lang),
                grouped(count),
                percent(share),
                `${grouped(reverse_count)} (${percent(reverse_share)})`,
                pValue(asymmetry_p),
              ]),
            2,
          ),
          figure,
          ...pairs.slice(0, TYPICAL_PAIRS).flatMap(({ gold, predicted, cases }) => {
            const first = firstNew(cases, analysis, shown);
            return first === undefined
              ? []
              : [
                  words.typical(relationText(gold, lang), relationText(predicted, lang)),
                  caseBlock(first, analysis, lang),
                ];
          }),
        ]),
    ...(missed_labels.length > 0 ? [words.missed, labels(missed_labels)] : []),
    ...(invented_labels.length > 0 ? [words.invented, labels(invented_labels)] : []),
  ];
}

function sliceBlocks({ slices }: ErrorAnalysis, lang: Language): string[] {
  const words = ANALYSIS_WORDS[lang];
  const differing = slices.filter(({ differs }) => differs);
  const withEnds = (value: number, [low, high]: readonly [number, number]) =>
    `${score(value)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  if (differing.length === 0) return [words.slicesSame];
  return [
    words.slicesDiffer,
    markdownTable(
      words.sliceHeader,
      differing.map((slice) => [
        SLICING_NAMES[slice.slicing][lang],
        sliceName(slice.slicing, slice.value, lang),
        grouped(slice.n),
        withEnds(slice.accuracy, slice.accuracy_interval),
        withEnds(slice.macro_f1, slice.macro_f1_interval),
        withEnds(slice.micro_f1, slice.micro_f1_interval),
        signed(slice.difference ?? 0),
        pValue(slice.p_corrected),
      ]),
      2,
    ),
  ];
}

function disagreementBlocks(analysis: ErrorAnalysis, shown: Shown, lang: Language): string[] {
  const found = Array.from({ length: SHOWN_DISAGREEMENTS }, () =>
    firstNew(analysis.disagreements.cases, analysis, shown),
  );
  const blocks = found.flatMap((guid) => (guid === undefined ? [] : caseBlock(guid, analysis, lang)));
  return blocks.length === 0 ? [] : [ANALYSIS_WORDS[lang].disagreementCases, ...blocks];
}

/** A case whose neighbours carry the predicted label, and one whose neighbours carry the gold label, with all of them. */
function neighbourBlocks(analysis: ErrorAnalysis, shown: Shown, lang: Language): string[] {
  const words = ANALYSIS_WORDS[lang];
  return (['predicted', 'gold'] as const).flatMap((side) => {
    const carrying = analysis.neighbours!.cases.filter(({ guid, neighbours }) => {
      const row = analysis.cases.find((other) => other.guid === guid);
      return row !== undefined && neighbours.filter(({ label }) => label === row[side]).length * 2 > neighbours.length;
    });
    const guids = carrying.map(({ guid }) => guid);
    // Where all of them are shown above already, one is shown again, now with all its neighbours.
    const first = firstNew(guids, analysis, shown) ?? guids[0];
    return first === undefined
      ? []
      : [words.neighbourCases[side], caseBlock(first, analysis, lang, analysis.neighbours!.per_case)];
  });
}

function rareBlocks({ rare }: ErrorAnalysis, lang: Language): string[] {
  if (rare === null) return [];
  const words = ANALYSIS_WORDS[lang];
  const below = percent(rare.below, 0);
  if (rare.relations.length === 0) return [words.rare, words.noRare(below)];
  return [
    words.rare,
    words.rareText(below),
    markdownTable(
      words.rareHeader,
      rare.relations.map(({ label, train_rows, support, precision, recall, f1, taken_for }) => [
        relationText(label, lang),
        taken_for === null ? '–' : `${relationText(taken_for.label, lang)} (${grouped(taken_for.count)})`,
        grouped(train_rows),
        grouped(support),
        ...[precision, recall, f1].map(score),
      ]),
      2,
    ),
    words.rareRemedies,
    list(
      rare.relations.map(({ label, remedies }) => {
        const texts = remedies.map((advice) => ANALYSIS_FINDINGS[lang].remedy(advice));
        return `${described(label, lang)}: ${texts.join('; ') || words.noRemedy}.`;
      }),
    ),
  ];
}
