import { createHash } from "node:crypto";

/**
 * The zone of a developer's instance and home volume: the zone whose hash together with the id is
 * highest. A volume cannot change its zone, so the result depends neither on other developers nor
 * on the order of the list.
 * @param zones those that the network was made with: another list would move people.
 * @returns index into `zones`.
 */
export function planZone(developer: string, zones: readonly string[]): number {
  const score = (zone: string) => createHash("sha256").update(`${developer}\n${zone}`).digest("hex");
  const scores = zones.map(score);
  return scores.indexOf(scores.reduce((best, next) => (next > best ? next : best), ""));
}
