import type { ResourceView } from "../../frame/view";

/** Whether a listener only sends its callers on to HTTPS. */
export function redirectsToHttps(listener: ResourceView): boolean {
  const actions = listener.at("defaultActions").items();
  return (
    actions.length > 0 &&
    actions.every(
      (action) => action.at("type").text() === "redirect" && action.at("redirect.protocol").text() === "HTTPS",
    )
  );
}
