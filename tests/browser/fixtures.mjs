// What every browser test begins with: a `nimbus` of the file's own, and a `page` that tolerates no error.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { Nimbus } from "./nimbus.mjs";
import { Stub } from "./stub.mjs";

export { expect, Nimbus };

export const test = base.extend({
  /** A file that gives its workspace a name of its own gets a Nimbus of its own: what it changes, no other file sees. */
  workspace: ["", { option: true, scope: "worker" }],

  /** Options of `cargo xtask start`. */
  startOptions: [["--allow", "local"], { option: true, scope: "worker" }],

  /** A running Nimbus with the worked example, which may reach this machine. */
  nimbus: [
    async ({ startOptions }, use) => {
      const nimbus = await Nimbus.start(startOptions);
      await use(nimbus);
      await nimbus.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  /** Addresses in `page.goto` are relative to that Nimbus. */
  baseURL: async ({ nimbus }, use) => use(nimbus.url),

  /** A service on this machine, which knows no address until the test tells it one. */
  stub: async ({}, use) => {
    const stub = await Stub.start();
    await use(stub);
    await stub.stop();
  },

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
export async function picture(page, name, options = {}) {
  await page.screenshot({ path: `test-results/pictures/${name}.png`, animations: "disabled", ...options });
}

/** Signs a page in with a link of its own; then deep links work. */
export async function signIn(page, nimbus) {
  await page.goto(await nimbus.newSignInLink());
  await expect(page).not.toHaveURL(/sign-in/);
  await expect(page.getByRole("heading", { name: "Desk", level: 1 })).toBeVisible();
}

/** Names what was just made, which is done by typing. */
export async function nameIt(page, name) {
  await expect(page.getByRole("textbox", { name: "Name", exact: true }).first()).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
}

/** Picks one of a few choices that stand side by side. */
export async function choose(page, group, choice) {
  await page.getByRole("group", { name: group }).getByText(choice, { exact: true }).click();
}

/** Waits until the page says that all is saved. */
export async function saved(page) {
  await expect(page.getByRole("main").getByText("Saved", { exact: true })).toBeVisible();
}

/** Fails for what keeps people with other eyes, ears or hands from using the page. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join("\n")}`);
  expect(grave.join("\n\n"), "what axe finds").toBe("");
}

/** Fails where the page is wider than the window, so that one would have to scroll sideways. */
export async function expectToFit(page) {
  const { seen, needed } = await page.evaluate(() => ({
    seen: document.documentElement.clientWidth,
    needed: document.documentElement.scrollWidth,
  }));
  expect(needed, "width of the page").toBeLessThanOrEqual(seen);
}
