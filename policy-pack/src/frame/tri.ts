import { Undeterminable } from "./value";

/** True, false, or unknown in preview. */
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

/** The result of a test that may need an unknown value. */
export function attempt(test: () => Tri): Tri {
  try {
    return test();
  } catch (error) {
    if (error instanceof Undeterminable) return "unknown";
    throw error;
  }
}

/**
 * Whether all tests hold. Later tests do not run after one that fails, so that known values decide
 * where they can.
 */
export function all(...tests: readonly (() => Tri)[]): Tri {
  return every(tests, attempt);
}
