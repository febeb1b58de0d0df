import { z } from "zod";
import { fail, judged, pass, unknown, type Doubt } from "../doubt";

/** What AWS and the images have to take in the first `up`. */
export const firstUpDoubts: readonly Doubt[] = [
  {
    id: "migration-engine",
    doubt: "LiteLLM's image for arm64 holds the engine of Prisma's migrations.",
    matters: "Without it the migration task looks for it on the internet, which it cannot reach, and ends.",
    stage: "before the first up",
    settle: {
      steps:
        "On a machine with Docker run `docker run --rm --platform linux/arm64 --network none --entrypoint prisma IMAGE --version`, with IMAGE as step 1 prints it.",
    },
    pass: "it prints the versions of the query and the schema engine, without a download",
    stated: "config/image-sources.ts",
  },
  {
    id: "image-version-label",
    doubt: "LiteLLM's image says its version in the label org.opencontainers.image.version.",
    matters: "The mirror refuses a digest without a tag when it finds no version.",
    stage: "before the first up",
    settle: {
      steps:
        "Run `docker buildx imagetools inspect --format '{{json .Image}}' IMAGE` with IMAGE as step 1 prints it, and read its labels.",
    },
    pass: "the label is the tag's version; without one write the tag before the digest",
    stated: "components/artifacts/mirror.sh",
  },
  {
    id: "stop-pattern",
    doubt: "EventBridge accepts the pattern of the rule stop-events.",
    matters: "A refused pattern fails the first deployment; one that never matches hides what the budget stop writes.",
    stage: "before the first up",
    settle: {
      steps:
        "Put the pattern of stop-events into a file, and CloudTrail's event of a DeleteRolePolicy into another. Run `aws events test-event-pattern --event-pattern file://PATTERN --event file://EVENT`.",
    },
    pass: "Result is true for another policy's name, false for the stop's own deny document",
    stated: "components/observability/security-events.ts",
  },
  {
    id: "index-digest",
    doubt: "A copy by buildx keeps the digest of an index in Amazon ECR.",
    matters: "Tasks pull by digest: under another one the mirror's build fails, and no task starts.",
    stage: "platform stands",
    settle: {
      aws: ({ platform: { names } }) => ["ecr", "describe-images", "--repository-name", names.repository("gateway")],
      judge: judged(
        z.object({
          imageDetails: z.array(z.object({ imageDigest: z.string(), imageTags: z.array(z.string()).optional() })),
        }),
        ({ imageDetails }) => {
          const tagged = imageDetails.flatMap(({ imageDigest, imageTags = [] }) =>
            imageTags.map((tag) => ({ tag, imageDigest })),
          );
          const other = tagged.filter(({ tag, imageDigest }) => imageDigest !== `sha256:${tag}`);
          if (tagged.length === 0) return unknown("no image was mirrored yet");
          if (other.length === 0) return pass(`${tagged.length} copied, each with its digest`);
          return fail(other.map(({ tag, imageDigest }) => `${tag} became ${imageDigest}`).join(", "));
        },
      ),
      onError: { RepositoryNotFoundException: unknown("the platform does not stand") },
    },
    pass: "each image's digest is the one in its tag",
    stated: "components/artifacts/mirror.sh",
  },
  {
    id: "key-alias-delay",
    doubt: "KMS admits keys by a new alias within six minutes.",
    matters: "AWS names five; what starts after the wait is refused when it takes longer.",
    stage: "platform stands",
    settle: {
      steps: "In the output of the first up read how long the resource keys-usable took to be created.",
    },
    pass: "it took less than 360 seconds",
    stated: "components/encryption/usable-keys.ts",
  },
  {
    id: "second-range",
    doubt: "AWS takes a second range of the network for a third zone.",
    matters: "A refused range stops the change from two zones to three in the middle.",
    stage: "platform stands",
    settle: {
      aws: ({ platform: { stack } }) => ["ec2", "describe-vpcs", "--filters", `Name=tag:Stack,Values=${stack}`],
      judge: judged(
        z.object({
          Vpcs: z.array(
            z.object({
              CidrBlockAssociationSet: z.array(
                z.object({ CidrBlock: z.string(), CidrBlockState: z.object({ State: z.string() }) }),
              ),
            }),
          ),
        }),
        ({ Vpcs }) => {
          const ranges = Vpcs.flatMap(({ CidrBlockAssociationSet }) => CidrBlockAssociationSet);
          const bad = ranges.filter(({ CidrBlockState }) => CidrBlockState.State !== "associated");
          if (bad.length > 0)
            return fail(bad.map((each) => `${each.CidrBlock} ${each.CidrBlockState.State}`).join(", "));
          return ranges.length > 1 ? pass(`${ranges.length} ranges`) : unknown("the network has no second range");
        },
      ),
    },
    pass: "two ranges, both associated",
    stated: "components/network/private-network.ts",
  },
  {
    id: "adopted-as-is",
    doubt: "An adopted trail, preferences document, bucket or log group is imported without a change.",
    matters: "Pulumi refuses an import whose inputs differ from what exists, and the up ends there.",
    stage: "platform stands",
    settle: {
      steps:
        "Name one of each in the stack file and run `npm run deploy -- PLATFORM`. Then take the entries out and read the next preview.",
    },
    pass: "the up imports each; the next preview updates settings, and replaces nothing",
    stated: "components/observability/audit-trail.ts",
  },
];
