/** One small JPEG with the hash of its pixels, so that every host can be held to the same bytes. */

import type { Picture } from '../../pictures/picture';
import { datasetHash } from '../tiles';

const BASE64 = [
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAAMDAwMDAwQEBAQFBQUFBQcHBgYHBwsICQgJCAsRCwwLCwwLEQ8SDw4PEg8bFRMT',
  'FRsfGhkaHyYiIiYwLTA+PlQBAwMDAwMDBAQEBAUFBQUFBwcGBgcHCwgJCAkICxELDAsLDAsRDxIPDg8SDxsVExMVGx8aGRof',
  'JiIiJjAtMD4+VP/CABEIABAAEAMBEQACEQEDEQH/xAAsAAEBAQAAAAAAAAAAAAAAAAADAQgBAAIDAAAAAAAAAAAAAAAAAAAD',
  'AQIE/9oADAMBAAIQAxAAAADLkBuzKp9sf//EACAQAAIBBAIDAQAAAAAAAAAAAAECEQADEiFBURMiMfH/2gAIAQEAAT8AXO0u',
  'QYYA4+zHIl9T2equ2rDqjMQCy8KZP34BM6jmreEhn8MMqq25jUjj8q8yXXvG4BiToysgCZ7iv//EAB8RAAIBBAMBAQAAAAAA',
  'AAAAAAECEQADEiETMVFBYv/aAAgBAgEBPwAMXeSCHVzyYKGUYifsd+ULjjFlSUjafokAH5AkVcFxABkZYnoxPu9wd+0qcZti',
  '0GfBxAK4wWYGB6CT31X/xAAhEQACAgEEAgMAAAAAAAAAAAABAgMRABIhIjEEURNBcf/aAAgBAwEBPwAeRG5WOjGsaFwVdja/',
  'QA7r1tjM+vQ0jcL4daiNhfq8EMcyyNL8qhCwAbvskjY7nHlkB1ozqFolRd0eJP7Rz//Z',
].join('');

/** 16 × 16 pixels. */
export const SAMPLE_JPEG = Uint8Array.from(atob(BASE64), (c) => c.charCodeAt(0));
export const SAMPLE_HASH = '6d87381f4a397613';

/** The hash of decoded pixels. */
export function pictureHash({ width, data }: Picture): string {
  return datasetHash({ size: width, channels: 3, classes: [], labels: new Uint8Array(1), pixels: data });
}
