import type { Policy } from "../../frame/policy";
import { ec2NoInstanceConnect } from "./ec2-no-instance-connect";
import { ec2NoKeyPair } from "./ec2-no-key-pair";
import { ec2NoPublicIp } from "./ec2-no-public-ip";
import { netDefaultSgClosed } from "./net-default-sg-closed";
import { netDefaultSgTaken } from "./net-default-sg-taken";
import { netNaclNoPublicRdp } from "./net-nacl-no-public-rdp";
import { netNaclNoPublicSsh } from "./net-nacl-no-public-ssh";
import { netNoOpenServiceSsh } from "./net-no-open-service-ssh";
import { netNoPublicSsh } from "./net-no-public-ssh";
import { netNoPublicSshPrefixList } from "./net-no-public-ssh-prefix-list";
import { netNoSshListener } from "./net-no-ssh-listener";
import { netPrefixListNotPublic } from "./net-prefix-list-not-public";

/** No public SSH: no way in for SSH from outside, and no way to need one. */
export const noPublicSsh: readonly Policy[] = [
  netNoPublicSsh,
  netPrefixListNotPublic,
  netNoPublicSshPrefixList,
  netDefaultSgClosed,
  netDefaultSgTaken,
  netNaclNoPublicSsh,
  netNaclNoPublicRdp,
  netNoSshListener,
  netNoOpenServiceSsh,
  ec2NoPublicIp,
  ec2NoKeyPair,
  ec2NoInstanceConnect,
];
