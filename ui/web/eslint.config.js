import eslint from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Money is text: whoever needs a float of it draws a chart, and asks lib for pixels.
const floats = ["parseFloat", "toFixed"].map((name) => ({
  selector: `Identifier[name="${name}"]`,
  message: "money is never a float; see src/lib/decimal.ts",
}));

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
);
