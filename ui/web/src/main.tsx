import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Drawer.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/Input.css";
import "@mantine/spotlight/styles.css";
import "./font.css";
import "./tokens.css";
import "./frame.css";
import "./parts.css";
import { createTheme, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./router";

const queries = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } });
const theme = createTheme({ fontFamily: "var(--font)", defaultRadius: 6, respectReducedMotion: true });

// The content security policy lets no text become HTML. Charts empty their place by
// setting it to none, so none is the one text that may.
const emptyOnly = { createHTML: (text: string) => (text === "" || text === "null" ? "" : null) };
(
  window as { trustedTypes?: { createPolicy: (name: string, rules: typeof emptyOnly) => unknown } }
).trustedTypes?.createPolicy("default", emptyOnly);

// Mantine's variables come from its file: the content security policy refuses styles
// that a script writes.
const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
          <RouterProvider router={router} />
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
