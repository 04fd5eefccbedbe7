import { expect, picture, test } from "./fixtures.mjs";

test.describe("without a session", () => {
  test.use({ expectedStatuses: [401] });

  test("a visitor is told how to sign in", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveTitle(/Nimbus/);
    await expect(page.getByRole("main")).toContainText("Sign in with a link");
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
