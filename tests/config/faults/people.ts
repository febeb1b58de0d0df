import type { Row } from "../../support/fault-rows";
import { department, developer } from "./overrides";

/** People and their homes. */
export const people: readonly Row[] = [
  [
    "a person in two departments",
    { design: department({ developers: { tanaka: {} } }) },
    {
      "design cline:department.developers.tanaka": /Pulumi\.engineering\.yaml has them too/,
      "engineering cline:department.developers.tanaka": /Pulumi\.design\.yaml has them too/,
    },
  ],
  [
    "a lead who is another department's developer",
    { design: department({ lead: "tanaka" }) },
    {
      "design cline:department.lead": /one department only/,
      "engineering cline:department.developers.tanaka": /one department only/,
    },
  ],
  [
    "a deputy of two departments",
    { design: department({ deputies: ["ono"] }), engineering: department({ deputies: ["ono"] }) },
    {
      "design cline:department.deputies[0]": /one department only/,
      "engineering cline:department.deputies[0]": /one department only/,
    },
  ],
  [
    "two people with one sign-in, in other letters",
    { design: department({ developers: { mizuno: { signIn: "Tanaka" } } }) },
    {
      "design cline:department.developers.mizuno.signIn": /tanaka of stacks\/Pulumi\.engineering/,
      "engineering cline:department.developers.tanaka.signIn": /mizuno of/,
    },
  ],
  [
    "one home volume of two people",
    {
      design: department({ developers: { mizuno: { homeVolume: "vol-0123456789abcdef0" } } }),
      engineering: developer({ homeVolume: "vol-0123456789abcdef0" }),
    },
    {
      "design cline:department.developers.mizuno.homeVolume": /suzuki of/,
      "engineering cline:department.developers.suzuki.homeVolume": /mizuno of/,
    },
  ],
  [
    "an id of one letter, which AWS takes for no user",
    { design: department({ developers: { k: {} } }) },
    { "design cline:department.developers.k": /2 characters or more/ },
  ],
  [
    "an id in capitals",
    { design: department({ developers: { Mizuno: {} } }) },
    { "design cline:department.developers.Mizuno": /lower-case letters/ },
  ],
  [
    "an id of 32 characters",
    { design: department({ developers: { [`a${"b".repeat(31)}`]: {} } }) },
    { [`design cline:department.developers.a${"b".repeat(31)}`]: /31 characters at most/ },
  ],
  [
    "a developer without a mapping",
    { design: department({ developers: { mizuno: null } }) },
    { "design cline:department.developers.mizuno": /found nothing; .*write it, for example \{\}/ },
  ],
];
