/**
 * The day on which AWS deprecates each runtime: from then on it gets no security updates. A runtime
 * that is not here is older, or new and to be added; a public preview has no date. Source: the tables
 * of https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html as of mid-2026, the version
 * with Ruby 4.0, and Java 8, 11 and 17 on Amazon Linux 2023.
 */
export const DEPRECATED_ON: Readonly<Record<string, string>> = {
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  "python3.10": "2026-10-31",
  "python3.11": "2027-06-30",
  "python3.12": "2028-10-31",
  "python3.13": "2029-06-30",
  "python3.14": "2029-06-30",
  "java8.al2": "2027-06-30",
  "java8.al2023": "2029-06-30",
  java11: "2027-06-30",
  "java11.al2023": "2029-06-30",
  java17: "2027-06-30",
  "java17.al2023": "2029-06-30",
  java21: "2029-06-30",
  java25: "2029-06-30",
  dotnet8: "2026-11-10",
  dotnet10: "2028-11-14",
  "ruby3.3": "2027-03-31",
  "ruby3.4": "2028-03-31",
  "ruby4.0": "2029-03-31",
  "provided.al2": "2026-07-31",
  "provided.al2023": "2029-06-30",

  // Deprecated before that edition: by the page's edition of early 2026.
  "nodejs20.x": "2026-04-30",
  // Deprecated, and these days are not checked against AWS. Only messages show them: a runtime that
  // is not here is refused as well.
  "nodejs18.x": "2025-09-01",
  "python3.9": "2025-12-15",
  "ruby3.2": "2026-03-31",
};
