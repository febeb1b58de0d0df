import * as pulumi from "@pulumi/pulumi";
import type {
  AccessFacts,
  ArtifactFacts,
  GatewayFacts,
  KeyProbeFacts,
  NetworkFacts,
  ObservabilityFacts,
} from "./facts";

/** Facts of the platform stack that a department uses where it has no section of its own. */
export interface SharedFacts {
  readonly network: NetworkFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  readonly observability: ObservabilityFacts;
  readonly gateway: GatewayFacts;
  readonly keyProbe: KeyProbeFacts;
}

/** Every key of a section; the type check finds a fact that is missing here. */
const keys: { readonly [S in keyof SharedFacts]: Readonly<Record<keyof SharedFacts[S], true>> } = {
  network: {
    vpcId: true,
    cidr: true,
    subnetIds: true,
    zones: true,
    endpointSecurityGroupId: true,
    s3PrefixListId: true,
    sourceGroupIds: true,
  },
  access: {
    shellDocument: true,
    codeServerDocument: true,
    sshDocument: true,
    humanBoundaryArn: true,
    workloadBoundaryArn: true,
    gatewayBoundaryArn: true,
    batchBoundaryArn: true,
    sessionKeyArn: true,
    sessionLogGroupName: true,
    sessionLogBucket: true,
  },
  artifacts: { bucket: true, repositoryUrls: true },
  observability: {
    alarmTopicArn: true,
    accessLogBucket: true,
    collectorEndpoint: true,
    collectorCa: true,
    collectorSecurityGroupId: true,
    langfuseProvisionerArn: true,
  },
  gateway: {
    url: true,
    host: true,
    loadBalancerSecurityGroupId: true,
    taskRoleArn: true,
    rotationFunctionArn: true,
    reconcilerFunctionArn: true,
    keyAdminFunctionName: true,
    stateBucket: true,
    caCertificate: true,
    keysRefusedAlarmArn: true,
    endpointServiceName: true,
  },
  keyProbe: { functionArn: true },
};

/** Arguments of {@link SharedStack}. */
export interface SharedStackArgs {
  /** The stack that reads. */
  readonly stack: string;
  /** The platform's stack; absent on a stack that has every section of its own. */
  readonly sharedFrom?: string;
  /** Hash of the caps that the check of this stack used. */
  readonly capsHash: string;
  /** False in a preview: a difference of caps is then a warning. */
  readonly deploying: boolean;
}

/**
 * Reads the platform's facts by StackReference, section by section and on first use only. A
 * platform, and a department with every section of its own, create no reference. A deployment whose
 * caps differ from the deployed platform's is refused.
 */
export class SharedStack {
  #outputs: pulumi.StackReference | undefined;

  constructor(private readonly args: SharedStackArgs) {}

  /** One section's facts. */
  facts<S extends keyof SharedFacts>(section: S): SharedFacts[S] {
    const value = this.#reference().requireOutput(section) as pulumi.Output<Record<string, unknown>>;
    const entries = Object.keys(keys[section]).map((key) => [key, value.apply((facts) => facts[key])] as const);
    return Object.fromEntries(entries) as unknown as SharedFacts[S];
  }

  #reference(): pulumi.StackReference {
    if (this.#outputs) return this.#outputs;
    const { stack, sharedFrom, capsHash, deploying } = this.args;
    if (sharedFrom === undefined) {
      throw new pulumi.RunError(
        `stacks/Pulumi.${stack}.yaml: a stack without cline:sharedFrom needs every section of its own`,
      );
    }
    this.#outputs = new pulumi.StackReference("platform", {
      name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${sharedFrom}`,
    });
    this.#outputs.requireOutput("capsHash").apply((deployed: unknown) => {
      if (deployed === capsHash) return;
      const message =
        `stacks/Pulumi.${sharedFrom}.yaml: its caps are not the deployed ones; ` +
        `run platform first: pulumi up --stack ${sharedFrom}`;
      if (deploying) throw new pulumi.RunError(message);
      void pulumi.log.warn(message);
    });
    return this.#outputs;
  }
}
