import type { ComponentChildren } from 'preact';
import { type Coloured, RunLegend } from './RunLegend.tsx';
import type { SectionId } from './runsAddress.ts';

interface RunSectionProps {
  readonly id: SectionId;
  readonly title: string;
  /** Those whose colours its charts have; none where there are no charts. */
  readonly runs?: readonly Coloured[];
  /** Stands beside the title. */
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One section of the view, which the table of contents leads to. */
export function RunSection({ id, title, runs = [], controls, children }: RunSectionProps) {
  return (
    <section class="panel run-section" id={sectionId(id)} data-section={id} aria-label={title}>
      <div class="run-head">
        <h2>{title}</h2>
        {controls}
      </div>
      {runs.length > 0 && <RunLegend runs={runs} />}
      {children}
    </section>
  );
}

export const sectionId = (id: SectionId): string => `runs-${id}`;
