/** Signs that steer a terminal, break a line or turn the writing round: none may be left in what is shown. */
export const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;
