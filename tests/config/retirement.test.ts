import assert from "node:assert/strict";
import { catalogueModel, defaultModels, earliestEnd, lifecycleSource, retirementNotes } from "../../config";

const platform = { stack: "example", models: defaultModels };

describe("a model's retirement", () => {
  it("is as AWS announced it, else the later of its card's date and the notice that AWS gives", () => {
    assert.deepEqual(lifecycleSource, { date: "2026-10-09", noticeMonths: 6 });
    assert.equal(earliestEnd({ noSoonerThan: "2026-10-16" }), "2027-04-09");
    assert.equal(earliestEnd({ noSoonerThan: "2027-09-22" }), "2027-09-22");
    assert.equal(earliestEnd({ noSoonerThan: "2027-09-22", endOfLife: "2027-12-01" }), "2027-12-01");
  });

  it("is noted from sixty days before, with the tiers that answer instead", () => {
    assert.equal(earliestEnd(catalogueModel(defaultModels.light).lifecycle), "2027-04-09");
    assert.deepEqual(retirementNotes(platform, "2027-02-07", []), []);
    assert.deepEqual(retirementNotes(platform, "2027-02-08", []), [
      "AWS may end Claude Haiku 4.5 (light) from 2027-04-09 on: read its model card on Bedrock and renew lifecycleSource. " +
        "When it ends, standard (Claude Sonnet 5.5) answers for light where a key has it.",
    ]);
    assert.equal(retirementNotes(platform, "2027-09-01", []).length, 3);
  });
});
