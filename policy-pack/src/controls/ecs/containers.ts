import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";

/** The containers of a task definition, whose definitions are one JSON text. Throws when it is unknown. */
export function containersOf(task: ResourceView): Value[] {
  return task.at("containerDefinitions").document().items();
}

/** How a message calls a container. */
export function containerTitle(container: Value): string {
  const name = container.at("name");
  return name.isUnknown ? container.path : `container ${name.text() ?? container.path}`;
}
