import cytoscape from 'cytoscape';
import { layOut } from '../../../../src/inference/extract/writers/graphLayout.ts';

interface Named {
  readonly word: string;
  readonly type: string | null;
}

export interface DrawnGraph {
  readonly nodes: readonly { readonly id: string; readonly label: string; readonly type: string | null }[];
  readonly edges: readonly {
    readonly id: string;
    readonly source: string;
    readonly target: string;
    readonly subject: Named;
    readonly relation: string;
    readonly object: Named;
    readonly label: string;
    readonly confidence: number;
    readonly isSure: boolean;
    /** The sentence that says so. */
    readonly sentence: number;
  }[];
}

export interface GraphHandle {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  remove(): void;
}

export interface GraphClicks {
  readonly onNode: (entity: string) => void;
  readonly onEdge: (sentence: number) => void;
}

/** Between neighbours; closer where there is little room. */
const GAP = 125;
const NARROW_GAP = 75;
const NARROW = 500;
/** What was above each other stands side by side once turned: labels need more room there. */
const TURNED_ASPECT = 1.5;
const MOST_WIDTH = 160;
/** Of a usual node, with the margin of the drawing. */
const NODE_WIDTH = 130;
const NODE_HEIGHT = 80;
const ZOOM = 1.3;
const MARGIN = 24;

/** Draws a graph into an element, in the page's colours. The wheel scrolls the page: buttons zoom. */
export function drawGraph(
  place: HTMLElement,
  { nodes, edges }: DrawnGraph,
  { onNode, onEdge }: GraphClicks,
): GraphHandle {
  const ink = inks(place);
  const font = getComputedStyle(place).fontFamily;
  const places = placesOf(nodes, edges, place);
  const widthOf = textWidths(`600 14px ${font}`);
  // Under this name Cytoscape would write a style into the page, which its Content-Security-Policy forbids; `text.css` has it.
  place.id = '__________cytoscape_stylesheet';
  const drawing = cytoscape({
    container: place,
    elements: {
      nodes: nodes.map(({ id, label, type }, i) => ({
        position: { ...places[i]! },
        data: { id, label, width: widthOf(label), colour: ink(typeVariable(type)) },
      })),
      edges: edges.map(({ id, source, target, label, isSure, sentence }) => ({
        data: { id, source, target, label, sentence, line: isSure ? 'solid' : 'dashed' },
      })),
    },
    style: [
      {
        selector: 'node',
        style: {
          label: 'data(label)',
          shape: 'round-rectangle',
          width: 'data(width)',
          height: 34,
          'background-color': ink('--surface'),
          'border-color': 'data(colour)',
          'border-width': 2,
          color: ink('--ink'),
          'font-size': 14,
          'font-weight': 600,
          'font-family': font,
          'text-valign': 'center',
          'text-halign': 'center',
          'text-wrap': 'ellipsis',
          'text-max-width': `${MOST_WIDTH}px`,
        },
      },
      {
        selector: 'edge',
        style: {
          label: 'data(label)',
          width: 1.4,
          'curve-style': 'bezier',
          // Both directions of a pair stand apart, with room for their labels.
          'control-point-step-size': 56,
          'line-style': 'solid',
          'line-color': ink('--strong-line'),
          'target-arrow-color': ink('--strong-line'),
          'target-arrow-shape': 'triangle',
          'arrow-scale': 0.9,
          color: ink('--soft-ink'),
          'font-size': 12,
          'font-family': font,
          'text-background-color': ink('--sunken'),
          'text-background-opacity': 1,
          'text-background-padding': '2px',
        },
      },
      { selector: 'edge[line = "dashed"]', style: { 'line-style': 'dashed' } },
      {
        selector: '.near',
        style: {
          'line-color': ink('--accent'),
          'target-arrow-color': ink('--accent'),
          color: ink('--ink'),
          width: 2.2,
        },
      },
      { selector: '.far', style: { opacity: 0.2 } },
    ],
    layout: { name: 'preset' },
    userZoomingEnabled: false,
    autoungrabify: false,
    maxZoom: 2,
    minZoom: 0.2,
  });
  const showAll = () => {
    drawing.fit(undefined, MARGIN);
    // Few nodes need no magnifying glass.
    if (drawing.zoom() <= 1) return;
    drawing.zoom(1);
    drawing.center();
  };
  showAll();
  drawing.on('tap', 'node', ({ target }) => onNode(String(target.id())));
  drawing.on('tap', 'edge', ({ target }) => onEdge(Number(target.data('sentence'))));
  drawing.on('tap', ({ target }) => {
    if (target === drawing) onNode('');
  });
  drawing.on('mouseover', 'node', ({ target }) => {
    drawing.elements().difference(target.closedNeighborhood()).addClass('far');
    target.connectedEdges().addClass('near');
  });
  drawing.on('mouseout', 'node', () => {
    drawing.elements().removeClass('far near');
  });
  const zoom = (by: number) => {
    drawing.zoom({
      level: drawing.zoom() * by,
      renderedPosition: { x: place.clientWidth / 2, y: place.clientHeight / 2 },
    });
  };
  return {
    zoomIn: () => zoom(ZOOM),
    zoomOut: () => zoom(1 / ZOOM),
    fit: showAll,
    remove: () => drawing.destroy(),
  };
}

/** The same places as in the picture that `korex extract` writes, turned where the element then shows them larger. */
function placesOf(nodes: DrawnGraph['nodes'], edges: DrawnGraph['edges'], { clientWidth, clientHeight }: HTMLElement) {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const ends = edges.map(({ source, target }) => [indexOf.get(source)!, indexOf.get(target)!] as const);
  const points = layOut(nodes.length, ends, clientWidth < NARROW ? NARROW_GAP : GAP);
  const turned = points.map(({ x, y }) => ({ x: y * TURNED_ASPECT, y: x }));
  const sizeOf = (places: typeof turned) => {
    const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    const [width, height] = [span(places.map(({ x }) => x)), span(places.map(({ y }) => y))];
    return Math.min(1, clientWidth / (width + NODE_WIDTH), clientHeight / (height + NODE_HEIGHT));
  };
  return sizeOf(turned) > sizeOf(points) ? turned : points;
}

/** Widths of labels in pixels, with room around them. */
function textWidths(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = font;
  return (text) => Math.min(MOST_WIDTH, context.measureText(text).width) + 22;
}

const TYPES = ['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH'];

const typeVariable = (type: string | null): string =>
  type !== null && TYPES.includes(type) ? `--type-${type.toLowerCase()}` : '--soft-ink';

/** The page's colours as a canvas takes them. */
function inks(place: HTMLElement): (variable: string) => string {
  const style = getComputedStyle(place);
  return (variable) => style.getPropertyValue(variable).trim();
}
