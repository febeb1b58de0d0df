/** `$3,000`, `$12.50`; the same on every machine. */
export const usd = (amount: number): string =>
  `$${amount.toLocaleString("en-US", { minimumFractionDigits: Number.isInteger(amount) ? 0 : 2, maximumFractionDigits: 2 })}`;

/** `1,500`. */
export const whole = (n: number): string => n.toLocaleString("en-US");
