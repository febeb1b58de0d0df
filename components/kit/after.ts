import * as pulumi from "@pulumi/pulumi";

/**
 * A value for resources that may be created only after `resources`: whoever takes it depends on
 * them. It stays known in a preview, because a URN is known before its resource exists. Of a
 * component, all children are meant.
 */
export const after = <T>(value: pulumi.Input<T>, resources: readonly pulumi.Resource[]): pulumi.Output<T> =>
  pulumi
    .all([pulumi.output(value), pulumi.all(resources.map(({ urn }) => urn))])
    .apply(([known]) => known) as pulumi.Output<T>;
