import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { componentTexts } from './texts.ts';
import { useVirtualRows } from './useVirtualRows.ts';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** A track of CSS grid, e.g. `6rem` or `minmax(12rem, 1fr)`. */
  readonly width: string;
  readonly cell: (row: Row, index: number) => ComponentChildren;
  /** Right-aligned, with figures of equal width. */
  readonly numeric?: boolean;
  readonly sort?: 'ascending' | 'descending' | 'none';
  /** Makes the title a button. */
  readonly onSort?: () => void;
}

export interface VirtualTableProps<Row> {
  /** Its accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly count: number;
  /** A row, or undefined while it is still to be loaded. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowHeight?: number;
  /** Tallest height in pixels; with fewer rows the table is lower. */
  readonly height?: number;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: Row, index: number) => void;
  /** The row shown as chosen. */
  readonly selected?: number | null;
  /** Told of the rows in sight, both inclusive, so that they can be loaded. */
  readonly onRange?: (first: number, last: number) => void;
}

/**
 * A table that draws the rows in sight only, so it stays fast with any number of them. One tab stop; arrows, Page Up
 * and Down, Home and End move between rows, Enter opens one. Screen readers hear the whole table's size.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, count, rowAt, rowHeight = 40, height = 480, onOpen, selected = null, onRange } = props;
  const t = componentTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const wantsFocus = useRef(false);
  const virtualizer = useVirtualRows(scroller, count, rowHeight);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const active = Math.min(current, Math.max(0, count - 1));
  // The tab stop must exist even when the active row is scrolled out of sight.
  const tabStop = active >= first && active <= last ? active : first;

  useEffect(() => {
    if (last >= first) onRange?.(first, last);
  }, [first, last, onRange]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const index = Math.max(0, Math.min(count - 1, to));
    wantsFocus.current = true;
    setCurrent(index);
    virtualizer.scrollToIndex(index);
  };
  const page = Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? height) / rowHeight) - 2);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(active + 1),
    ArrowUp: () => move(active - 1),
    PageDown: () => move(active + page),
    PageUp: () => move(active - page),
    Home: () => move(0),
    End: () => move(count - 1),
    Enter: () => open(active),
  };
  const open = (index: number) => {
    const row = rowAt(index);
    if (row !== undefined) onOpen?.(row, index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isRow = (event.target as HTMLElement).getAttribute('role') === 'row';
    if (!isRow || event.altKey || event.ctrlKey || event.metaKey) return;
    const handler = moves[event.key];
    if (!handler) return;
    event.preventDefault();
    handler();
  };
  const tracks = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };

  return (
    <div class="vtable" style={{ '--vtable-height': `${height}px` }}>
      <div
        class="vtable-scroll"
        ref={scroller}
        role="grid"
        aria-label={label}
        aria-description={t.tableHelp}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" class="vtable-head">
          <div role="row" aria-rowindex={1} class="vtable-row" style={tracks}>
            {columns.map((column) => (
              <div
                key={column.id}
                role="columnheader"
                class={column.numeric ? 'numeric' : undefined}
                aria-sort={column.onSort ? (column.sort ?? 'none') : undefined}
              >
                {column.onSort ? (
                  <button type="button" class="plain" onClick={column.onSort}>
                    {column.title}
                    <span aria-hidden="true" class="sort">
                      {column.sort === 'ascending' ? ' ▲' : column.sort === 'descending' ? ' ▼' : ''}
                    </span>
                  </button>
                ) : (
                  column.title
                )}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" class="vtable-body" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            return (
              <div
                key={index}
                role="row"
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={onOpen ? index === selected : undefined}
                aria-busy={row === undefined}
                tabIndex={index === tabStop ? 0 : -1}
                class={onOpen ? 'vtable-row can-open' : 'vtable-row'}
                style={{ ...tracks, height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
                onFocus={() => setCurrent(index)}
                onClick={() => open(index)}
              >
                {columns.map((column) => (
                  <div key={column.id} role="gridcell" class={column.numeric ? 'numeric' : undefined}>
                    {row === undefined ? <span class="vtable-wait" /> : column.cell(row, index)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {count === 0 && <p class="vtable-none muted">{t.noRows}</p>}
    </div>
  );
}
