/** Writes the file that prices a model by two meters, for bursar price import. */
export function fileOf(
  seller: string,
  model: string,
  p: { input: string; output: string; currency: string; today: string },
): string {
  const fact = (meter: string, amount: string): string =>
    [
      `  - seller: ${JSON.stringify(seller)}`,
      `    sku: ${JSON.stringify(model)}`,
      `    meter: ${meter}`,
      `    price: "${amount}"`,
      `    per: 1000000`,
      `    currency: ${p.currency}`,
      `    valid: [${p.today}, null]`,
      `    source: {url: where you read it, checked: ${p.today}}`,
    ].join("\n");
  return `schema: pricebook/1\nfacts:\n${fact("in_text", p.input)}\n${fact("out_text", p.output)}`;
}
