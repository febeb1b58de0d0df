import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** gp3 costs a fifth less than gp2 and io1 at the same size, and its speed does not hang on its size. */
export const ec2EbsGp3 = resourcePolicy({
  name: "ec2-ebs-gp3",
  description: "Volumes are of the current general-purpose type",
  severity: "low",
  level: "advisory",
  controls: { area: ["cost"] },
  remediation: 'Set the volume type to "gp3"; it can be changed in place.',
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
  types: ["aws:ebs/volume:Volume", "aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  check(resource, report) {
    const old = (type: Value): boolean => ["gp2", "io1", "standard"].includes(type.text() ?? "");
    const judge = (type: Value): void => report.expect(type, () => !old(type));
    judge(resource.at("type"));
    judge(resource.at("rootBlockDevice.volumeType"));
    report.each(resource.at("ebsBlockDevices"), (device) => judge(device.at("volumeType")));
    report.each(resource.at("blockDeviceMappings"), (mapping) => judge(mapping.at("ebs.volumeType")));
  },
});
