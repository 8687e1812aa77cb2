/** Writes the file that prices a model by two meters, as bursar price import reads it. */
export function fileOf(
  seller: string,
  model: string,
  p: { input: string; output: string; currency: string; from: string; today: string; source: string },
): string {
  const fact = (meter: string, amount: string): string =>
    [
      `  - seller: ${JSON.stringify(seller)}`,
      `    sku: ${JSON.stringify(model)}`,
      `    meter: ${meter}`,
      `    price: "${amount}"`,
      `    per: 1000000`,
      `    currency: ${p.currency}`,
      `    valid: [${p.from}, null]`,
      `    source: {url: ${JSON.stringify(p.source || "stated by a person")}, checked: ${p.today}}`,
    ].join("\n");
  return `schema: pricebook/1\nfacts:\n${fact("in_text", p.input)}\n${fact("out_text", p.output)}`;
}
