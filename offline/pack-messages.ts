import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { Registered } from "./monitor";
import { structOf } from "./structs";
import { nameOf, typeOf } from "./urn";
import { wireProps, type RawProps } from "./values";

/** Finds a resource's provider. */
export type ProviderOf = (resource: Registered) => analyzer.AnalyzerProviderResource | undefined;

/** The engine's request for a verdict on one resource: its inputs. Remediate takes the same. */
export function analyzeRequest(
  resource: Registered,
  inputs: RawProps,
  providerOf: ProviderOf,
): analyzer.AnalyzeRequest {
  const request = new analyzer.AnalyzeRequest();
  request.setType(resource.type);
  request.setProperties(structOf(wireProps(inputs)));
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setOptions(optionsOf(resource));
  request.setProvider(providerOf(resource));
  return request;
}

/** The request for a verdict on the stack: the final known values of all its resources. */
export function analyzeStackRequest(
  resources: readonly Registered[],
  providerOf: ProviderOf,
): analyzer.AnalyzeStackRequest {
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const entry = new analyzer.AnalyzerResource();
      entry.setType(resource.type);
      entry.setProperties(structOf(wireProps(resource.outputs)));
      entry.setUrn(resource.urn);
      entry.setName(resource.name);
      entry.setOptions(optionsOf(resource));
      entry.setProvider(providerOf(resource));
      entry.setParent(resource.parent);
      entry.setDependenciesList([...resource.dependencies]);
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const list = new analyzer.AnalyzerPropertyDependencies();
        list.setUrnsList([...urns]);
        entry.getPropertydependenciesMap().set(property, list);
      }
      return entry;
    }),
  );
  return request;
}

function optionsOf({ options, parent }: Registered): analyzer.AnalyzerResourceOptions {
  const message = new analyzer.AnalyzerResourceOptions();
  message.setProtect(options.protect ?? false);
  message.setIgnorechangesList([...options.ignoreChanges]);
  message.setDeletebeforereplace(options.deleteBeforeReplace ?? false);
  message.setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined);
  message.setAdditionalsecretoutputsList([...options.additionalSecretOutputs]);
  message.setAliasesList(options.aliases.filter((alias) => alias.startsWith("urn:")));
  message.setParent(parent);
  return message;
}

/**
 * Explicit providers as registered; for resources without one, the default provider of their
 * package in the stack's region.
 */
export function providersOf(resources: readonly Registered[], region: string): ProviderOf {
  const explicit = new Map(resources.filter((r) => r.type.startsWith("pulumi:providers:")).map((r) => [r.urn, r]));
  const messages = new Map<string, analyzer.AnalyzerProviderResource>();
  const message = (urn: string, inputs: RawProps): analyzer.AnalyzerProviderResource => {
    let made = messages.get(urn);
    if (made === undefined) {
      made = new analyzer.AnalyzerProviderResource();
      made.setType(typeOf(urn));
      made.setUrn(urn);
      made.setName(nameOf(urn));
      made.setProperties(structOf(wireProps(inputs)));
      messages.set(urn, made);
    }
    return made;
  };
  return (resource) => {
    const pkg = resource.type.split(":")[0] ?? "";
    if (!resource.custom || pkg === "pulumi") return undefined;
    const urn = resource.provider.slice(0, resource.provider.lastIndexOf("::"));
    const given = explicit.get(urn);
    if (given !== undefined) return message(urn, given.inputs);
    const [head, project] = resource.urn.split("::");
    return message(
      `${head ?? ""}::${project ?? ""}::pulumi:providers:${pkg}::default`,
      pkg === "aws" ? { region } : {},
    );
  };
}
