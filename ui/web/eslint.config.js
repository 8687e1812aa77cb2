import eslint from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Money is text: whoever needs a float of it draws a chart, and asks lib for pixels.
const floats = ["parseFloat", "toFixed"].map((name) => ({
  selector: `Identifier[name="${name}"]`,
  message: "money is never a float; see src/lib/decimal.ts",
}));

// What a page has read is a part of the whole: the server sums.
const sums = {
  selector: 'CallExpression[callee.property.name="reduce"] BinaryExpression[operator="+"]',
  message: "a page does not sum what it was sent; show the server's total",
};

export default tseslint.config(
  { ignores: ["src/api/schema.ts", "node_modules", "built"] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [eslint.configs.recommended, ...tseslint.configs.strict],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "no-restricted-syntax": ["error", ...floats],
      "max-lines": ["error", 160],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
    },
  },
  { files: ["src/{pages,ui}/**/*.{ts,tsx}"], rules: { "no-restricted-syntax": ["error", ...floats, sums] } },
);
