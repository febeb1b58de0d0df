/**
 * The page of AWS Security Hub that explains a control, such as `EC2.8`, and how to end a failure
 * of it.
 */
export function securityHub(control: string): string {
  const id = control.toLowerCase();
  const [service = ""] = id.split(".");
  return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${id.replace(".", "-")}`;
}
