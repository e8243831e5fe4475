/** Something is wrong with a block; the message is a few words for people. */
export class BadBlock extends Error {
  override readonly name = 'BadBlock';
}
