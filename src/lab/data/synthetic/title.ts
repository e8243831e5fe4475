/** What the tiles made by code are called; apart from the code, which is long. */
export const SYNTHETIC_TITLE = 'Synthetic land cover (made by code)';
