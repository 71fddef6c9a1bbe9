import type { Language } from '../../../base/core/types.ts';
import { comparisonFile } from '../../stages/comparison/schema.ts';
import { joinBlocks, list, markdownTable } from '../markdown.ts';
import { type ExperimentFacts, type ImprovementFacts, improvementFacts } from './improvementFacts.ts';
import { IMPROVEMENT_WORDS } from './improvementWords.ts';

/** The improvement in the report: Markdown from stage 07's `comparison.json` alone. Errors: those of reading the file. */
export async function improvementSection(out: string, lang: Language): Promise<string> {
  return joinBlocks(sectionBlocks(improvementFacts(await comparisonFile.read(out), lang), lang));
}

function sectionBlocks(facts: ImprovementFacts, lang: Language): string[] {
  const words = IMPROVEMENT_WORDS[lang];
  const { overall, experiments } = facts;
  const findings = [...(overall ? words.findings(overall) : []), ...experiments.map(words.experimentFinding)];
  return [
    words.heading,
    words.purpose[0],
    words.purpose[1](facts),
    words.why[0],
    words.why[1](facts),
    words.result,
    ...(overall
      ? [
          words.chosen(overall, facts),
          markdownTable(words.metricHeader, overall.metricRows),
          words.byRelation(overall),
          markdownTable(words.classHeader, overall.classRows),
          `![${words.classFigure}](${overall.figure})`,
        ]
      : [words.alone(facts)]),
    ...experiments.flatMap((experiment) => experimentBlocks(experiment, lang)),
    words.interpretation,
    list(findings.length > 0 ? findings : [words.nothing]),
  ];
}

function experimentBlocks(facts: ExperimentFacts, lang: Language): string[] {
  const words = IMPROVEMENT_WORDS[lang];
  const { table, figure, legend, final } = facts;
  return [
    words.experiment(facts),
    words.setting(facts),
    markdownTable(table.header, table.rows, 2),
    figure === null ? '' : `![${words.forest(facts)}](${figure})`,
    list(legend),
    ...(final ? [words.final(final.rows), markdownTable(final.table.header, final.table.rows, 2)] : []),
  ];
}
