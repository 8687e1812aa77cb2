import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Charts are a file of their own, asked for when the first one is shown. tslib has its
// own too: otherwise it lands with the charts, and the first screen waits for both.
const groups = [
  { name: "tslib", test: /node_modules\/tslib/, priority: 9 },
  { name: "echarts", test: /node_modules\/(echarts|zrender)/ },
  { name: "mantine", test: /node_modules\/(@mantine|@floating-ui|clsx|react-remove-scroll)/ },
  { name: "tanstack", test: /node_modules\/@tanstack/ },
  { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
];

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    outDir: "built", // scripts/place.mjs moves it to ui/dist when it is whole
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 700,
    rollupOptions: { output: { codeSplitting: { groups } } },
  },
});
