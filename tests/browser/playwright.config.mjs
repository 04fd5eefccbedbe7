// The browser tests: `cargo xtask test browser [-- ARGUMENTS]` runs them with everything they need.
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.mjs",
  outputDir: `${root}/test-results`,
  // A failing test fails: trying again would hide a race that people meet, too.
  retries: 0,
  // Each worker has a browser and a Nimbus of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    actionTimeout: 15_000,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Zurich",
    screenshot: "on",
    trace: "retain-on-failure",
    launchOptions: {
      // One that is installed already; a download of one's own fails on a closed network.
      executablePath: process.env.NIMBUS_CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
