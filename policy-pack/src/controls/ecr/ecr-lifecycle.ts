import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

/** Every push leaves its predecessor in the repository, paid for by the gigabyte. */
export const ecrLifecycle = stackPolicy({
  name: "ecr-lifecycle",
  description: "Repositories end old images by themselves",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["ECR.3"], "nist-800-53r5": ["CM-2"], area: ["cost"] },
  remediation: "Add an aws.ecr.LifecyclePolicy for the repository.",
  url: securityHub("ECR.3"),
  types: ["aws:ecr/repository:Repository"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:ecr/repository:Repository"), (repository) =>
      demandCompanion(
        stack,
        report,
        repository,
        ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
        "repository",
        "no lifecycle policy names the repository",
      ),
    );
  },
});
