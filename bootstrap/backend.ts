import type { StackContext } from "../components/kit";

/** Where Pulumi keeps the state of all stacks, in the form of its own settings. */
export interface Backend {
  /** Value of PULUMI_BACKEND_URL. */
  readonly url: string;
  /** Argument of `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  readonly bucket: string;
  readonly keyAlias: string;
}

/** Folder of the state bucket with the plans that wait for approval. */
export const plansPrefix = "plans";

/** The state's bucket and key. @param platform context of the platform stack */
export function planBackend({ names, region }: StackContext): Backend {
  const [bucket, keyAlias] = [names.bucket("state"), names.keyAlias("state")];
  return {
    bucket,
    keyAlias,
    url: `s3://${bucket}?region=${region}`,
    secretsProvider: `awskms://${keyAlias}?region=${region}`,
  };
}
