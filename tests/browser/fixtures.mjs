// What every browser test begins with: `nimbus`, one for all tests of a worker, and a `page` that tolerates no
// error. A test that changes what others rely on starts a `Nimbus` of its own.
import { test as base, expect } from "@playwright/test";
import { Nimbus } from "./nimbus.mjs";

export { expect, Nimbus };

export const test = base.extend({
  /** A running Nimbus with the worked example, which may reach this machine. */
  nimbus: [
    async ({}, use, workerInfo) => {
      const nimbus = await Nimbus.start(["--allow", "local"]);
      await use(nimbus);
      await nimbus.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  /** Addresses in `page.goto` are relative to that Nimbus. */
  baseURL: async ({ nimbus }, use) => use(nimbus.url),

  /** Status codes of answers that a test provokes; the browser logs them as errors, and they are none. */
  expectedStatuses: [[], { option: true }],

  context: async ({ context, expectedStatuses }, use, testInfo) => {
    const errors = [];
    context.on("weberror", (error) => errors.push(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = message.text();
      const status = /the server responded with a status of (\d{3})/.exec(text);
      if (status && expectedStatuses.includes(Number(status[1]))) return;
      errors.push(`${message.location().url}: ${text}`);
    });
    await use(context);
    if (errors.length > 0) await testInfo.attach("console errors", { body: errors.join("\n"), contentType: "text/plain" });
    expect(errors, "errors on the browser's console").toEqual([]);
  },
});

/** Keeps a picture of the page in `test-results`, under this name. */
export async function picture(page, name) {
  await page.screenshot({ path: `test-results/pictures/${name}.png`, animations: "disabled" });
}

/** Signs a page in with a link of its own; then deep links work. */
export async function signIn(page, nimbus) {
  await page.goto(await nimbus.newSignInLink());
  await expect(page).not.toHaveURL(/sign-in/);
}
