import { albHttpsOnly, albNoPlainHttp, albTlsPolicy, lbTargetGroupTls } from "../../src/controls/lb";
import { rdsBackupRetention, rdsTls } from "../../src/controls/rds";
import { netNoPublicService } from "../../src/baselines/vpc-endpoints-only/net-no-public-service";
import { cases, resource, UNKNOWN } from "../support";

const LISTENER = "aws:lb/listener:Listener";
const forward = { defaultActions: [{ type: "forward", targetGroupArn: UNKNOWN }] };
const redirect = { defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }] };
const ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer";

// Elastic Load Balancing API, CreateListener; provider: an application balancer's listener is HTTP.
describe("a listener that names no protocol", () => {
  cases(albHttpsOnly, {
    type: LISTENER,
    fails: {
      "port 80": { loadBalancerArn: UNKNOWN, port: 80, ...forward },
      "port 8080, empty protocol": { loadBalancerArn: UNKNOWN, port: 8080, protocol: "", ...forward },
      "an application balancer": { loadBalancerArn: `${ARN}/app/a/1`, port: 80, ...forward },
    },
    passes: {
      "a redirection": { loadBalancerArn: UNKNOWN, port: 80, ...redirect },
      "a gateway balancer, which has neither port nor protocol": { loadBalancerArn: UNKNOWN, ...forward },
      HTTPS: { loadBalancerArn: UNKNOWN, port: 443, protocol: "HTTPS", ...forward },
      "a gateway balancer by its ARN": { loadBalancerArn: `${ARN}/gwy/a/1`, ...forward },
    },
    unknown: { "an unknown protocol": { loadBalancerArn: UNKNOWN, port: 80, protocol: UNKNOWN, ...forward } },
  });
  cases(albTlsPolicy, {
    type: LISTENER,
    fails: { "HTTPS without a policy": { port: 443, protocol: "HTTPS", ...forward } },
    passes: { "HTTP by default": { port: 80, ...forward } },
  });
  const balancer = resource("aws:lb/loadBalancer:LoadBalancer", { arn: `${ARN}/app/a/1` }, "lb");
  const listener = (inputs: object) => resource(LISTENER, { loadBalancerArn: `${ARN}/app/a/1`, ...inputs }, "l");
  cases(albNoPlainHttp, {
    fails: { "port 80": [balancer, listener({ port: 80, ...forward })] },
    passes: { "a redirection": [balancer, listener({ port: 80, ...redirect })] },
  });
  cases(lbTargetGroupTls, {
    fails: {
      "no listener": [resource("aws:lb/targetGroup:TargetGroup", { protocol: "HTTP", port: 80 }, "t")],
    },
  });
});

const DB = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const group = (family: string, name: string, value: string) =>
  resource("aws:rds/parameterGroup:ParameterGroup", { name: "own", family, parameters: [{ name, value }] }, "g");
const database = (inputs: object, type = DB) => resource(type, { ...inputs }, "d");

// RDS user guide, "Using SSL/TLS": rds.force_ssl is 1 by default from PostgreSQL 15, and 0 for SQL
// Server and older PostgreSQL; require_secure_transport is off up to MySQL 8.4, MariaDB 11.4 and in
// Aurora MySQL 3, and on from MySQL 9.7 and MariaDB 11.8.
describe("a database without a parameter group of its own", () => {
  cases(rdsTls, {
    fails: {
      "MySQL 8.0": [database({ engine: "mysql", engineVersion: "8.0" })],
      "MySQL 8.4": [database({ engine: "mysql", engineVersion: "8.4.3" })],
      "MySQL 8.0.40": [database({ engine: "mysql", engineVersion: "8.0.40" })],
      "MariaDB 10.11": [database({ engine: "mariadb", engineVersion: "10.11" })],
      "PostgreSQL 14": [database({ engine: "postgres", engineVersion: "14.9" })],
      "SQL Server": [database({ engine: "sqlserver-ex", engineVersion: "15.00" })],
      "Aurora MySQL": [database({ engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.05.2" }, CLUSTER)],
      "Aurora PostgreSQL 16": [database({ engine: "aurora-postgresql", engineVersion: "16.4" }, CLUSTER)],
      "AWS's default group by name": [
        database({ engine: "mysql", engineVersion: "8.0", parameterGroupName: "default.mysql8.0" }),
      ],
      "PostgreSQL 16 with the parameter off": [
        database({ engine: "postgres", engineVersion: "16", parameterGroupName: "own" }),
        group("postgres16", "rds.force_ssl", "0"),
      ],
    },
    passes: {
      "PostgreSQL 15": [database({ engine: "postgres", engineVersion: "15.4" })],
      "PostgreSQL 17": [database({ engine: "postgres", engineVersion: "17" })],
      "Aurora PostgreSQL 17": [database({ engine: "aurora-postgresql", engineVersion: "17.4" }, CLUSTER)],
      "MySQL 9.7": [database({ engine: "mysql", engineVersion: "9.7.0" })],
      "MariaDB 11.8": [database({ engine: "mariadb", engineVersion: "11.8.2" })],
      "MySQL 8.0 with a group": [
        database({ engine: "mysql", engineVersion: "8.0", parameterGroupName: "own" }),
        group("mysql8.0", "require_secure_transport", "1"),
      ],
      "a group that leaves a default of on": [
        database({ engine: "postgres", engineVersion: "16", parameterGroupName: "own" }),
        group("postgres16", "log_statement", "all"),
      ],
      "a replica, whose source decides": [database({ replicateSourceDb: "main" })],
      "Oracle, which uses an option group": [database({ engine: "oracle-ee", engineVersion: "19" })],
      "a member of an Aurora cluster": [database({ engine: "aurora-mysql" })],
    },
    unknown: {
      "PostgreSQL without a version": [database({ engine: "postgres" })],
      "an unknown engine": [database({ engine: UNKNOWN })],
      "a group of another stack": [
        database({ engine: "mysql", engineVersion: "8.0", parameterGroupName: "company-mysql" }),
      ],
    },
  });
  cases(rdsBackupRetention, { type: DB, fails: { "one day by default": { engine: "mysql" } } });
});

describe("a service whose default is public", () => {
  cases(netNoPublicService, {
    type: "aws:appsync/graphQLApi:GraphQLApi",
    fails: { "GLOBAL by default": { authenticationType: "API_KEY" }, GLOBAL: { visibility: "GLOBAL" } },
    passes: { PRIVATE: { authenticationType: "AWS_IAM", visibility: "PRIVATE" } },
  });
});
