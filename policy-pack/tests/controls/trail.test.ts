import {
  trailBedrockDataEvents,
  trailCloudwatch,
  trailLogging,
  trailMultiRegion,
  trailS3DataEvents,
  trailValidation,
} from "../../src/controls/trail";
import { resourceCases } from "./cases";

const trail = {
  s3BucketName: "b",
  isMultiRegionTrail: true,
  enableLogFileValidation: true,
  cloudWatchLogsGroupArn: "arn",
  cloudWatchLogsRoleArn: "arn",
};
resourceCases(trailBedrockDataEvents, {
  compliant: {
    ...trail,
    advancedEventSelectors: [
      {
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::Bedrock::Guardrail"] },
        ],
      },
    ],
  },
  violations: {
    none: { advancedEventSelectors: undefined },
    "other data": { "advancedEventSelectors[0].fieldSelectors[1].equals": ["AWS::S3::Object"] },
  },
});

resourceCases(trailS3DataEvents, {
  compliant: {
    ...trail,
    eventSelectors: [{ readWriteType: "All", dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }],
  },
  violations: {
    none: { eventSelectors: undefined },
    "writes only": { "eventSelectors[0].readWriteType": "WriteOnly" },
    "other data": { "eventSelectors[0].dataResources[0].type": "AWS::Lambda::Function" },
  },
  accepted: { "the default of both": { "eventSelectors[0].readWriteType": undefined } },
});

resourceCases(trailCloudwatch, {
  compliant: trail,
  violations: { none: { cloudWatchLogsGroupArn: undefined } },
  presence: ["cloudWatchLogsGroupArn"],
});

resourceCases(trailLogging, {
  compliant: trail,
  violations: { stopped: { enableLogging: false }, "without global services": { includeGlobalServiceEvents: false } },
  accepted: { on: { enableLogging: true } },
});

resourceCases(trailMultiRegion, {
  compliant: trail,
  violations: { "one region": { isMultiRegionTrail: false }, "left out": { isMultiRegionTrail: undefined } },
});

resourceCases(trailValidation, {
  compliant: trail,
  violations: { off: { enableLogFileValidation: false }, "left out": { enableLogFileValidation: undefined } },
});
