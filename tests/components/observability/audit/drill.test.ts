import assert from "node:assert/strict";
import { contextOf } from "../../../../components/context-of";
import { SecurityAlarms } from "../../../../components/observability/security-alarms";
import { SecurityEvents } from "../../../../components/observability/security-events";
import { runInProcess, type DocumentResource } from "../../../../offline/in-process";
import { matchesPattern } from "../../../support/event-pattern";
import { accessFacts } from "../../../support/facts";
import { meets, readPattern, spoiled, type Condition } from "../../../support/filter-pattern";
import { platformSpec } from "../../../support/specs";
import { busEvent } from "../../../support/trail-records";
import { ofCalls } from "./calls";
import { quiet } from "./quiet";
import { workflow, type Row } from "./row";
import { single } from "./single";

type Json = Readonly<Record<string, unknown>>;

const rows: readonly Row[] = [...ofCalls, ...single, ...quiet];

describe("the audit's drill: each record of the trail, and what it sets off", () => {
  let resources: readonly DocumentResource[];
  let filters: ReadonlyMap<string, Condition>;
  let alarmOf: ReadonlyMap<string, string>;
  let rules: ReadonlyMap<string, Json>;
  /** Rules of us-east-1, by the name of the rule that they forward to. */
  let forwarding: ReadonlyMap<string, Json>;
  before(async () => {
    const context = contextOf(platformSpec());
    const topicArn = context.arns.regional("sns", "alarms");
    ({ resources } = await runInProcess(
      () => {
        new SecurityAlarms("alarms", { context, trailLogGroupName: "trail", topicArn, workflow });
        new SecurityEvents("events", { context, access: accessFacts(), topicArn, workflow });
      },
      { stack: "platform" },
    ));
    const of = (type: string) => resources.filter((each) => each.type === type).map(({ inputs }) => inputs);
    const made = of("aws:cloudwatch/logMetricFilter:LogMetricFilter");
    filters = new Map(made.map(({ name, pattern }) => [String(name), readPattern(String(pattern))]));
    alarmOf = new Map(made.map(({ name, metricTransformation }) => [String(name), metricOf(metricTransformation)]));
    const rulesIn = (wanted: string, end = "") =>
      new Map(
        of("aws:cloudwatch/eventRule:EventRule")
          .filter(({ region }) => region === wanted)
          .map(({ name, eventPattern }) => [
            String(name).replace("example-platform-", "").replace(end, ""),
            JSON.parse(String(eventPattern)) as Json,
          ]),
      );
    rules = rulesIn(context.region);
    forwarding = rulesIn("us-east-1", "-us-east-1");
  });

  const matching = (of: ReadonlyMap<string, Json>, record: Json) =>
    [...of].filter(([, pattern]) => matchesPattern(pattern, busEvent(record))).map(([noun]) => noun);
  const setOff = (record: Json): string[] => {
    const found = [...filters].filter(([, condition]) => meets(condition, record) === true);
    return [...new Set(found.map(([name]) => alarmOf.get(name)!)), ...matching(rules, record)];
  };

  it("is what the table says, record by record", () => {
    for (const [what, record, sets] of rows) assert.deepEqual(setOff(record).sort(), [...sets].sort(), what);
  });

  it("is the same for events of us-east-1 where the rule is global, and elsewhere for the trail's filters", () => {
    assert.deepEqual([...forwarding.keys()].sort(), [
      ...["alarm-events", "identity-events", "role-events", "stop-applied", "stop-events"],
    ]);
    for (const [what, record, sets] of rows) {
      const there = { ...record, awsRegion: "us-east-1" };
      const wanted = sets.filter((noun) => forwarding.has(noun));
      assert.deepEqual(matching(forwarding, there).sort(), [...wanted].sort(), what);
      assert.deepEqual(setOff(there).sort(), [...sets].sort(), what);
    }
  });

  it("rests nowhere on what `!=` makes of a field that is not there", () => {
    for (const [what, record] of rows)
      for (const [noun, condition] of filters) assert.notEqual(meets(condition, record), undefined, `${noun}: ${what}`);
  });

  it("rings each filter's alarm and each rule once at least", () => {
    const rung = new Set(rows.flatMap(([, , sets]) => sets));
    assert.deepEqual(
      [...alarmOf.values(), ...rules.keys()].filter((noun) => !rung.has(noun)),
      [],
    );
    const alarms = resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(alarms.map(({ inputs }) => inputs.metricName).sort(), [...new Set(alarmOf.values())].sort());
  });

  it("notices every filter that is spoiled in one place", () => {
    for (const [noun, condition] of filters) {
      const before = rows.map(([, record]) => meets(condition, record));
      for (const other of spoiled(condition)) {
        const changed = rows.some(([, record], at) => meets(other, record) !== before[at]);
        assert.ok(changed, `${noun}: nothing notices ${JSON.stringify(other)}`);
      }
    }
  });

  it("notices every event that a rule forgets", () => {
    for (const [noun, pattern] of rules) {
      const before = rows.map(([, record]) => matchesPattern(pattern, busEvent(record)));
      for (const other of lessOne(pattern)) {
        const changed = rows.some(([, record], at) => matchesPattern(other, busEvent(record)) !== before[at]);
        assert.ok(changed, `${noun}: nothing notices ${JSON.stringify(other)}`);
      }
    }
  });
});

const metricOf = (transformation: unknown) => String((transformation as Json)["name"]);

/** The pattern with one value of one list left out, in every way; sources that are names of one service count as one. */
function lessOne(pattern: Json): Json[] {
  return Object.entries(pattern).flatMap(([name, wanted]): Json[] => {
    if (name === "source" || name === "detail-type") return [];
    if (Array.isArray(wanted))
      return wanted.flatMap((one: unknown, at) => [
        { ...pattern, [name]: wanted.filter((_, other) => other !== at) },
        ...(name === "$or"
          ? lessOne(one as Json).map((other) => ({
              ...pattern,
              $or: wanted.map((each: unknown, index) => (index === at ? other : each)),
            }))
          : []),
      ]);
    return lessOne(wanted as Json).map((other) => ({ ...pattern, [name]: other }));
  });
}
