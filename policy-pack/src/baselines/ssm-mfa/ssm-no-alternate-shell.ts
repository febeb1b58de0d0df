import { mfaPolicy } from "./mfa-policy";

/** Other services open shells past Session Manager. */
export const ssmNoAlternateShell = mfaPolicy(
  {
    name: "ssm-no-alternate-shell",
    description: "Other ways to a shell ask for MFA as well",
    severity: "high",
    controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-17"] },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  },
  [
    "ecs:ExecuteCommand",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "ec2-instance-connect:OpenTunnel",
    "ssm-guiconnect:StartConnection",
    "sagemaker:StartSession",
    "lightsail:GetInstanceAccessDetails",
    "gamelift:GetComputeAccess",
    "gamelift:GetInstanceAccess",
  ],
);
