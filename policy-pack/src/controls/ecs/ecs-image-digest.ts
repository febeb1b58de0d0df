import { resourcePolicy } from "../../frame/policy";
import { containerTitle, containersOf } from "./containers";

/** A tag can be moved to another image between review and start; a digest cannot. Docker Hub is out of a private VPC's reach anyway. */
export const ecsImageDigest = resourcePolicy({
  name: "ecs-image-digest",
  description: "Containers start from an image in ECR that is named by its digest",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["CM-14", "SR-11"] },
  remediation: "Mirror the image into your own ECR and name it as REPOSITORY@sha256:DIGEST.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const image = container.at("image").text() ?? "";
      const title = containerTitle(container);
      if (!/@sha256:[0-9a-f]{64}$/.test(image))
        report.violation(`${title} names its image without a digest: ${container.at("image").show()}`);
      if (!/^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com|on\.aws)(?:\.cn)?\//.test(image)) {
        report.violation(`${title} has an image from outside a private ECR: ${container.at("image").show()}`);
      }
    });
  },
});
