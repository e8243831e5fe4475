/** Unpacks the LERC blobs it is sent, one after the other: see lercReader.ts. Plain JavaScript, so that it starts at once. */
import Lerc from 'lerc';

process.on('message', (blob) => {
  try {
    const { pixels, mask } = Lerc.decode(new Uint8Array(blob).buffer);
    process.send({ pixels: pixels[0], mask: mask ?? null });
  } catch {
    process.send(null);
  }
});
process.on('disconnect', () => process.exit());
