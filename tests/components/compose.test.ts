import assert from "node:assert/strict";
import { departmentGatewayArgs } from "../../compose";
import { departmentSpec } from "../support/specs";

describe("what a stack file becomes for a component", () => {
  it("copies inference profiles from the account that calls them, also where it is not the platform's", () => {
    const own = departmentSpec({
      "aws:allowedAccountIds": ["222233334444"],
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:gateway": { minTasks: 2, maxTasks: 4 },
      "cline:observability": { logRetentionDays: 365 },
    });
    for (const [spec, account] of [
      [own, "222233334444"],
      [departmentSpec(), "111122223333"],
    ] as const) {
      const profiles = Object.values(departmentGatewayArgs(spec, spec.department!).modelProfiles);
      assert.equal(profiles.length, 3);
      for (const arn of profiles)
        assert.match(arn, new RegExp(`^arn:aws:bedrock:ap-northeast-1:${account}:inference-profile/`));
    }
  });
});
