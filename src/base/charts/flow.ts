import { FONT, INK, SERIES } from './theme.ts';

/** Steps from left to right, each handing something to the next. */
export interface Flow {
  readonly title: string;
  readonly steps: readonly {
    readonly title: string;
    /** What the step does; about fifteen Hangul or twenty-six Latin characters fit on a line. */
    readonly lines: readonly string[];
    /** Where it is done, e.g. a folder. */
    readonly where: string;
  }[];
  /** What goes from each step to the next: one fewer than steps. */
  readonly handed: readonly string[];
}

const BOX = { width: 200, head: 44, line: 21, gap: 62, top: 66, padding: 14 };
const MARGIN = 20;

/** Boxes joined by arrows, as a self-contained SVG with the inks of all figures. */
export function flowDiagram({ title, steps, handed }: Flow): string {
  const lines = Math.max(...steps.map((step) => step.lines.length));
  const boxHeight = BOX.head + BOX.padding + lines * BOX.line + 36;
  const width = 2 * MARGIN + steps.length * BOX.width + (steps.length - 1) * BOX.gap;
  const height = BOX.top + boxHeight + MARGIN;
  const left = (i: number) => MARGIN + i * (BOX.width + BOX.gap);
  const body = [
    `<rect width="${width}" height="${height}" fill="${INK.surface}"/>`,
    text(MARGIN, 34, title, { size: 17, weight: 600 }),
    ...steps.map((step, i) => box(left(i), boxHeight, i, step)),
    ...handed.map((what, i) => arrow(left(i) + BOX.width, BOX.top + boxHeight / 2, what)),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(describe(title, steps))}"`,
    ` width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">\n`,
    `${body.join('\n')}\n</svg>\n`,
  ].join('');
}

const describe = (title: string, steps: Flow['steps']) => `${title}: ${steps.map((step) => step.title).join(' → ')}`;

function box(x: number, height: number, i: number, { title, lines, where }: Flow['steps'][number]): string {
  const color = SERIES[i % SERIES.length]!;
  const { top, width, head, line, padding } = BOX;
  const inner = top + head + padding + 13;
  return [
    `<rect x="${x}" y="${top}" width="${width}" height="${height}" rx="10" fill="${color}" fill-opacity="0.08" stroke="${color}" stroke-width="1.5"/>`,
    `<circle cx="${x + 25}" cy="${top + 24}" r="12" fill="${color}"/>`,
    text(x + 25, top + 28.5, String(i + 1), { size: 13, weight: 600, fill: INK.cellLight, anchor: 'middle' }),
    text(x + 46, top + 30, title, { size: 16, weight: 600 }),
    `<path d="M${x + padding} ${top + head}H${x + width - padding}" stroke="${color}" stroke-opacity="0.5"/>`,
    ...lines.map((part, row) => text(x + padding, inner + row * line, part, { size: 13 })),
    text(x + padding, top + height - 14, where, { size: 11, fill: INK.muted }),
  ].join('\n');
}

function arrow(x: number, y: number, what: string): string {
  const [start, end] = [x + 6, x + BOX.gap - 6];
  return [
    `<path d="M${start} ${y}H${end - 7}" stroke="${INK.muted}" stroke-width="2" fill="none"/>`,
    `<path d="M${end} ${y}l-9 -5v10z" fill="${INK.muted}"/>`,
    text(x + BOX.gap / 2, y - 12, what, { size: 11, fill: INK.muted, anchor: 'middle' }),
  ].join('\n');
}

interface TextStyle {
  readonly size: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'middle';
}

const text = (x: number, y: number, content: string, { size, weight, fill = INK.text, anchor }: TextStyle): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"` +
  `${weight ? ` font-weight="${weight}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}>${escaped(content)}</text>`;

const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);
