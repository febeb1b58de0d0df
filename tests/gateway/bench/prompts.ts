type Messages = readonly Readonly<{ role: string; content: string }>[];

const made = new Map<number, Messages>();

/**
 * A prompt of about so many bytes, in messages as an agent's conversation has them: a task, files read, answers. Each size is made once, since the
 * clients share the tasks' processors.
 */
export function conversation(bytes: number): Messages {
  const known = made.get(bytes) ?? compose(bytes);
  made.set(bytes, known);
  return known;
}

function compose(bytes: number): Messages {
  const each = 20_000;
  const count = Math.max(1, Math.round(bytes / each));
  const messages = Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content: listing(Math.floor(bytes / count) - 40, at),
  }));
  if (messages.length % 2 === 0) messages.push({ role: "user", content: "Go on." });
  return messages;
}

/** Lines of source, none like another. */
function listing(bytes: number, seed: number): string {
  const lines: string[] = [];
  for (let size = 0, line = 0; size < bytes; line++) {
    const text = `  const value${String(line)} = total(${String(seed * 7919 + line)}, "${(line * 2654435761 + seed).toString(36)}"); // adds what the caller asked for`;
    lines.push(text);
    size += text.length + 1;
  }
  return lines.join("\n").slice(0, Math.max(1, bytes));
}
