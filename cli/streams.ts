/** A line of progress, on standard error: standard output holds the document only. */
export const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** A pipe takes a large document in pieces: the process must not exit before the last. */
export const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
