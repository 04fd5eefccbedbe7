import { expect, picture, test } from "./fixtures.mjs";

test.describe("without a session", () => {
  test.use({ expectedStatuses: [401] });

  test("a visitor is told how to sign in", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveTitle(/Nimbus/);
    await expect(page.getByRole("main")).toContainText("Sign in with a link");
  });
});

test.describe("in the tab that asks for a link", () => {
  test.use({ expectedStatuses: [401] });

  test("a link that is opened there signs in", async ({ page, nimbus }) => {
    const main = page.getByRole("main");
    await page.goto("/");
    await expect(main).toContainText("Sign in with a link");
    await expect(main).toContainText("POST /console/sign-in-links");
    // What only another fragment is loads nothing anew.
    await page.evaluate(() => (window.isTheSame = true));
    await page.goto("/#sign-in=one-that-never-was");
    await expect(main).toContainText("That link was used already");
    await expect(page).not.toHaveURL(/sign-in/);
    await page.goto(await nimbus.newSignInLink());
    await expect(page.getByRole("heading", { name: "Desk", level: 1 })).toBeVisible();
    await expect(page).not.toHaveURL(/sign-in/);
    expect(await page.evaluate(() => window.isTheSame)).toBe(true);
  });
});

test("a sign-in link opens the console, once", async ({ page, nimbus, browser }) => {
  const link = await nimbus.newSignInLink();
  await page.goto(link);
  await expect(page.getByRole("main")).not.toContainText("Sign in with a link");
  await expect(page).not.toHaveURL(/sign-in/);
  await picture(page, "first-page");

  await page.reload();
  await expect(page.getByRole("main")).not.toContainText("Sign in with a link");

  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(link);
  await expect(second.getByRole("main")).toContainText("Sign in with a link");
  await other.close();
});

test("the first load is small", async ({ page, nimbus }) => {
  await page.goto(await nimbus.newSignInLink());
  await expect(page.getByRole("link", { name: "1001" })).toBeVisible();
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\.(wasm|js|css)$/.test(new URL(name).pathname))
      .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]),
  );
  expect(loaded.filter(([path]) => path.endsWith(".wasm")).length, "WebAssembly is among what was loaded").toBeGreaterThan(0);
  expect(loaded.every(([, bytes]) => bytes > 0), `each with its size: ${JSON.stringify(loaded)}`).toBe(true);
  expect(loaded.reduce((sum, [, bytes]) => sum + bytes, 0), JSON.stringify(loaded)).toBeLessThan(250_000);
});
