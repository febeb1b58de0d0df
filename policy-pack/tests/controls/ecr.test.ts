import { ecrImmutable, ecrLifecycle, ecrNoPublicPolicy, ecrScan } from "../../src/controls/ecr";
import { resourceCases, stackCases } from "./cases";
import { publicPolicyCases } from "./documents";

resourceCases(ecrImmutable, {
  compliant: { name: "r", imageTagMutability: "IMMUTABLE" },
  violations: { mutable: { imageTagMutability: "MUTABLE" }, "left out": { imageTagMutability: undefined } },
});

stackCases(ecrLifecycle, {
  compliant: {
    repository: { type: "aws:ecr/repository:Repository", name: "r" },
    lifecycle: { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", repository: "r", policy: "{}" },
  },
  violations: { none: { lifecycle: undefined }, "another's": { "lifecycle:repository": "other" } },
});

publicPolicyCases(ecrNoPublicPolicy, "aws:ecr/repositoryPolicy:RepositoryPolicy", { repository: "r" });

resourceCases(ecrScan, {
  compliant: { imageScanningConfiguration: { scanOnPush: true } },
  violations: {
    off: { imageScanningConfiguration: { scanOnPush: false } },
    "left out": { imageScanningConfiguration: undefined },
  },
});
