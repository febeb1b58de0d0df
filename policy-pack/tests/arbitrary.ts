import fc from "fast-check";
import path from "node:path";
import { readSchema, type Property, type Schema } from "../scripts/provider-schema";
import { UNKNOWN } from "../src/frame/wire";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2-canary" };

/** What inputs are made of: values that rules look for, values of the wrong shape, and anything. */
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(UNKNOWN, null, "", true, false, "true", 0, 22, -1, "22", "tcp", "-1", "ingress", "allow", SECRET),
  fc.constantFrom(
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "10.0.0.0/33",
    "1.2.3.4/",
    ":::/0",
    "alias/aws/x",
    "arn:aws:iam::aws:policy/PowerUserAccess",
    "PRIVATE",
    "*",
  ),
  fc.anything({ maxDepth: 3, withNullPrototype: false }),
  fc.string(),
);

const strings = fc.oneof(
  fc.constantFrom("*", "ssm:*", "ssm:StartSession", "iam:PassRole", "s3:GetObject", "[", "(", UNKNOWN),
  fc.string(),
);
const several = fc.oneof(strings, fc.array(strings, { maxLength: 3 }), leaf);

/** Policy documents as people write them and as nobody does. */
const document = fc
  .record(
    {
      Version: leaf,
      Statement: fc.oneof(
        leaf,
        fc.array(
          fc.record(
            {
              Effect: fc.constantFrom("Allow", "Deny", "Perhaps", UNKNOWN, null),
              Action: several,
              NotAction: several,
              Resource: several,
              NotResource: several,
              Principal: fc.oneof(leaf, fc.dictionary(fc.constantFrom("AWS", "Service", "Federated", ""), several)),
              Condition: fc.oneof(
                leaf,
                fc.dictionary(
                  fc.constantFrom(
                    "Bool",
                    "BoolIfExists",
                    "Null",
                    "ForAllValues:Bool",
                    "NumericLessThan",
                    "StringNotEquals",
                    "",
                  ),
                  fc.oneof(
                    leaf,
                    fc.dictionary(
                      fc.constantFrom("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:SourceVpce", "x"),
                      several,
                    ),
                  ),
                ),
              ),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 3 },
        ),
      ),
    },
    { requiredKeys: [] },
  )
  .chain((value) => fc.constantFrom<unknown>(value, JSON.stringify(value)));

let schema: Schema | undefined;

/** Inputs of a type: any of its properties, nested as the provider nests them, with values that may fit or not. */
export function inputsOf(type: string): fc.Arbitrary<Record<string, unknown>> {
  schema ??= readSchema(path.dirname(require.resolve("@pulumi/aws/package.json")));
  const properties = schema.resources.get(type);
  return properties === undefined ? fc.dictionary(fc.string(), leaf, { maxKeys: 5 }) : record(schema, properties, 4);
}

function record(
  { objects }: Schema,
  properties: readonly Property[],
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const fields = properties.map((property): [string, fc.Arbitrary<unknown>] => {
    const plain = /polic(y|ies)$|document|content|definitions|state$/i.test(property.name) ? document : leaf;
    const ref = property.refs[0];
    const members = ref === undefined || depth === 0 ? undefined : objects.get(ref);
    if (members === undefined || schema === undefined)
      return [property.name, fc.oneof(plain, fc.array(plain, { maxLength: 2 }))];
    const nested = record(schema, members, depth - 1);
    return [
      property.name,
      fc.oneof(
        { weight: 3, arbitrary: property.list ? fc.array(nested, { maxLength: 2 }) : nested },
        { weight: 1, arbitrary: leaf },
      ),
    ];
  });
  return fc
    .subarray(fields, { maxLength: Math.min(8, fields.length) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
}
