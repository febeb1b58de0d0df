import { cognitoMfa, cognitoNoGuests } from "../../src/controls/cognito";
import { resourceCases } from "./cases";

resourceCases(cognitoMfa, {
  compliant: { mfaConfiguration: "ON" },
  violations: {
    off: { mfaConfiguration: "OFF" },
    "as people like": { mfaConfiguration: "OPTIONAL" },
    "left out": { mfaConfiguration: undefined },
  },
});

resourceCases(cognitoNoGuests, {
  compliant: { identityPoolName: "p", allowUnauthenticatedIdentities: false },
  violations: { guests: { allowUnauthenticatedIdentities: true }, "the old flow": { allowClassicFlow: true } },
  accepted: { "AWS's default": { allowUnauthenticatedIdentities: undefined } },
});
