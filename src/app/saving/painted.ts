/**
 * The CSS properties that this page paints with. Copying all of the several hundred that a browser knows onto every
 * element of a picture takes seconds of the main thread.
 */
const SIDES = ['top', 'right', 'bottom', 'left'];
const CORNERS = ['top-left', 'top-right', 'bottom-right', 'bottom-left'];
const ofSides = (name: (side: string) => string): string[] => SIDES.map(name);

export const PAINTED: string[] = [
  ...['display', 'visibility', 'opacity', 'position', 'box-sizing', 'overflow-x', 'overflow-y', 'z-index'],
  ...SIDES,
  ...['width', 'height', 'min-width', 'min-height', 'max-width', 'max-height', 'aspect-ratio'],
  ...ofSides((side) => `margin-${side}`),
  ...ofSides((side) => `padding-${side}`),
  ...ofSides((side) => `border-${side}-width`),
  ...ofSides((side) => `border-${side}-style`),
  ...ofSides((side) => `border-${side}-color`),
  ...CORNERS.map((corner) => `border-${corner}-radius`),
  ...['flex-grow', 'flex-shrink', 'flex-basis', 'flex-direction', 'flex-wrap', 'order'],
  ...['align-items', 'align-self', 'align-content', 'justify-content', 'justify-items', 'justify-self'],
  ...['row-gap', 'column-gap', 'grid-template-columns', 'grid-template-rows', 'grid-auto-flow'],
  ...['grid-column-start', 'grid-column-end', 'grid-row-start', 'grid-row-end'],
  ...['table-layout', 'border-collapse', 'border-spacing', 'caption-side', 'vertical-align'],
  ...['background-color', 'background-image', 'background-size', 'background-position', 'background-repeat'],
  ...[
    'background-clip',
    'background-origin',
    'box-shadow',
    'outline-width',
    'outline-style',
    'outline-color',
  ],
  ...[
    'color',
    'font-family',
    'font-size',
    'font-weight',
    'font-style',
    'font-variant-numeric',
    'line-height',
  ],
  ...[
    'letter-spacing',
    'word-spacing',
    'white-space-collapse',
    'text-wrap-mode',
    'overflow-wrap',
    'word-break',
  ],
  ...['text-align', 'text-indent', 'text-overflow', 'text-transform', 'hyphens', 'writing-mode'],
  ...['text-decoration-line', 'text-decoration-style', 'text-decoration-color', 'text-decoration-thickness'],
  ...['text-underline-offset', 'list-style-type', 'list-style-position', 'appearance', 'accent-color'],
  ...['transform', 'transform-origin', 'translate', 'rotate', 'scale', 'clip-path', 'object-fit'],
  ...['image-rendering', 'mix-blend-mode', 'float', 'clear'],
  ...['fill', 'fill-opacity', 'fill-rule', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray'],
  ...[
    'stroke-dashoffset',
    'stroke-linecap',
    'stroke-linejoin',
    'vector-effect',
    'paint-order',
    'text-anchor',
  ],
  ...['dominant-baseline', 'alignment-baseline', 'cx', 'cy', 'r', 'x', 'y', 'rx', 'ry'],
];
