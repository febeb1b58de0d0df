import { netNoOpenServiceSsh } from "../../../src/baselines/no-public-ssh/net-no-open-service-ssh";
import { netNoSshListener } from "../../../src/baselines/no-public-ssh/net-no-ssh-listener";
import { cases, UNKNOWN } from "../../support";

describe("no public SSH: what stands in front", () => {
  cases(netNoSshListener, {
    type: "aws:lb/listener:Listener",
    passes: { HTTPS: { port: 443 } },
    fails: { SSH: { port: 22 }, "SSH as text": { port: "22" } },
    unknown: { "a port that is not known": { port: UNKNOWN } },
  });
  cases(netNoSshListener, {
    type: "aws:lb/targetGroup:TargetGroup",
    passes: { "port 8080": { port: 8080 } },
    fails: { "a target on port 22": { port: 22 } },
  });
  cases(netNoSshListener, {
    type: "aws:elb/loadBalancer:LoadBalancer",
    passes: { HTTPS: { listeners: [{ lbPort: 443, instancePort: 443 }] } },
    fails: {
      "a listener on 22": { listeners: [{ lbPort: 22, instancePort: 80 }] },
      "another port handed on to 22": { listeners: [{ lbPort: 2222, instancePort: 22 }] },
    },
  });
  cases(netNoSshListener, {
    type: "aws:globalaccelerator/listener:Listener",
    passes: {
      UDP: { protocol: "UDP", portRanges: [{ fromPort: 1, toPort: 100 }] },
      "other ports": { protocol: "TCP", portRanges: [{ fromPort: 80, toPort: 80 }] },
    },
    fails: { "a range with 22": { protocol: "TCP", portRanges: [{ fromPort: 1, toPort: 100 }] } },
  });
  cases(netNoSshListener, {
    type: "aws:globalaccelerator/endpointGroup:EndpointGroup",
    fails: { "a port handed on to 22": { portOverrides: [{ listenerPort: 443, endpointPort: 22 }] } },
  });
  cases(netNoSshListener, {
    type: "aws:lightsail/instancePublicPorts:InstancePublicPorts",
    passes: {
      HTTPS: { portInfos: [{ protocol: "tcp", fromPort: 443, toPort: 443 }] },
      "SSH from a private network": {
        portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["10.0.0.0/8"] }],
      },
      UDP: { portInfos: [{ protocol: "udp", fromPort: 0, toPort: 65535 }] },
    },
    fails: {
      "SSH from nowhere named, which is everywhere": { portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22 }] },
      "SSH from a public network": {
        portInfos: [{ protocol: "all", fromPort: 0, toPort: 65535, cidrs: ["0.0.0.0/0"] }],
      },
      "SSH from a named alias": {
        portInfos: [
          { protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["10.0.0.0/8"], cidrListAliases: ["lightsail-connect"] },
        ],
      },
    },
    unknown: {
      "a network that is not known": { portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: [UNKNOWN] }] },
    },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:eks/nodeGroup:NodeGroup",
    passes: {
      "no key": {},
      "a key for one group": { remoteAccess: { ec2SshKey: "k", sourceSecurityGroupIds: ["sg-1"] } },
    },
    fails: { "a key for the world": { remoteAccess: { ec2SshKey: "k" } } },
    unknown: { "groups that are not known": { remoteAccess: { ec2SshKey: "k", sourceSecurityGroupIds: UNKNOWN } } },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:cloud9/environmentEC2:EnvironmentEC2",
    passes: { "Session Manager": { connectionType: "CONNECT_SSM" } },
    fails: { "its default": {}, SSH: { connectionType: "CONNECT_SSH" } },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration",
    passes: { "a block without exceptions": { blockPublicSecurityGroupRules: true } },
    fails: {
      "no block": { blockPublicSecurityGroupRules: false },
      "an exception for 22": {
        blockPublicSecurityGroupRules: true,
        permittedPublicSecurityGroupRuleRanges: [{ minRange: 22, maxRange: 22 }],
      },
    },
  });
  cases(netNoOpenServiceSsh, {
    type: "awsx:lb:ApplicationLoadBalancer",
    passes: {
      "groups of one's own": { securityGroups: ["sg-1"] },
      "no default group": { defaultSecurityGroup: { skip: true } },
    },
    fails: { "awsx's default group": { internal: true } },
  });
  cases(netNoOpenServiceSsh, {
    type: "awsx:ecs:FargateService",
    passes: {
      "a component without inputs, whose parts are judged": {},
      "a network of one's own": { networkConfiguration: { subnets: ["s"] } },
    },
    fails: { "awsx's default group": { taskDefinitionArgs: {} } },
  });
});
