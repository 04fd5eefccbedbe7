import { expect, picture, test } from "./fixtures.mjs";

test("the app loads", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle(/Nimbus/);
  await expect(page.getByRole("main")).toBeVisible();
  await picture(page, "first-page");
});
