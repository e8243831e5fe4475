/** What is waited for no longer than so many milliseconds; then `late` says what is taken in its place, or throws. */
export function within<T>(milliseconds: number, work: Promise<T>, late: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const over = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
