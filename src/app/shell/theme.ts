/** One accent colour: the blue of Okabe and Ito's palette, which survives colour-blindness and bad projectors. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#e6f3fa',
  '#cfe5f3',
  '#a0cbe6',
  '#6eb0d9',
  '#56b4e9',
  '#2a8ac4',
  '#117cbb',
  '#0072b2',
  '#00609a',
  '#004f80',
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
});
