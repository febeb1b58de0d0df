import { Undeterminable } from "./value";

/** True, false, or not to be known in preview. */
export type Tri = boolean | "unknown";

/** True when any is true, unknown when none is but one may be. */
export function some<T>(things: Iterable<T>, test: (thing: T) => Tri): Tri {
  let result: Tri = false;
  for (const thing of things) {
    const answer = test(thing);
    if (answer === true) return true;
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** False when any is false, unknown when none is but one may be. */
export function every<T>(things: Iterable<T>, test: (thing: T) => Tri): Tri {
  return not(some(things, (thing) => not(test(thing))));
}

/** The opposite; unknown stays unknown. */
export function not(answer: Tri): Tri {
  return answer === "unknown" ? "unknown" : !answer;
}

/** The answer to a question that may need an unknown value. */
export function attempt(test: () => Tri): Tri {
  try {
    return test();
  } catch (error) {
    if (error instanceof Undeterminable) return "unknown";
    throw error;
  }
}

/** Do all tests hold? Asked in order and none after the first that fails, so that what is known settles the matter where it can. */
export function all(...tests: readonly (() => Tri)[]): Tri {
  return every(tests, attempt);
}
