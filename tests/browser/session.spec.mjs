// A session that is over is told as that, and not as a lost connection; signing in again goes on where one was.
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "session",
  startOptions: ["--allow", "local", "--empty"],
  // The answers to whoever is not signed in.
  expectedStatuses: [401],
});

const notice = (page) => page.getByRole("status").filter({ hasText: "You are signed out." });
const lost = (page) => page.getByRole("status").filter({ hasText: "Connection lost." });

/** Coming back to a tab: a browser without a window never sends it. */
const comeBack = (page) => page.evaluate(() => window.dispatchEvent(new Event("focus")));

/** The live connections of a page; with `cut` they end, and none is made any more. */
async function connections(page) {
  const sockets = [];
  let isUp = true;
  await page.routeWebSocket("**/console/live", (socket) => {
    if (!isUp) return socket.close();
    socket.connectToServer();
    sockets.push(socket);
  });
  return {
    cut: async () => {
      isUp = false;
      for (const socket of sockets) await socket.close();
    },
    mend: () => (isUp = true),
  };
}

/** Begins a runbook whose name is typed, and not saved. */
async function typeName(page, nimbus) {
  const { id } = await nimbus.call("POST", "/console/runbooks", { name: "Kept", enabled: true, steps: [] });
  await page.goto(`/runbooks/${id}?tab=details`);
  const name = page.getByRole("textbox", { name: "Name", exact: true }).first();
  await expect(name).toHaveValue("Kept");
  await name.fill("Typed");
  await name.press("Enter");
  return { id, name };
}

test("a session that ends while the page is open is told as over, and what is typed is there once it is back", async ({ page, nimbus, context }) => {
  const live = await connections(page);
  await signIn(page, nimbus);
  const { id, name } = await typeName(page, nimbus);

  await test.step("the connection ends with the session", async () => {
    await context.clearCookies();
    await live.cut();
    await expect(notice(page)).toBeVisible();
    await expect(lost(page)).toHaveCount(0);
    await expect(name).toHaveValue("Typed");
    await expectAccessible(page);
    await picture(page, "session-over");
    await page.setViewportSize({ width: 400, height: 800 });
    await picture(page, "session-over-400");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("signing in in another tab brings it back, with what was typed", async () => {
    const other = await context.newPage();
    await signIn(other, nimbus);
    live.mend();
    await comeBack(page);
    await expect(notice(page)).toHaveCount(0);
    await expect(name).toHaveValue("Typed");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await nimbus.call("GET", `/console/runbooks/${id}`)).name).toBe("Typed");
  });
});

test("a request that is refused tells it, and the way to sign in comes back to the same address", async ({ page, nimbus, context }) => {
  await signIn(page, nimbus);
  await page.goto("/settings/schedules");
  await expect(page.getByRole("heading", { name: "Schedules", level: 1 })).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await context.clearCookies();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
  await expect(notice(page)).toBeVisible();

  await notice(page).getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("main")).toContainText("Sign in with a link");
  await expect(notice(page)).toHaveCount(0);
  const other = await context.newPage();
  await signIn(other, nimbus);
  await comeBack(page);
  await expect(page.getByRole("heading", { name: "Runbooks", level: 1 })).toBeVisible();
  await expect(page).toHaveURL("/runbooks");
});

test("what could not be read meanwhile is read by itself once one is signed in again", async ({ page, nimbus, context }) => {
  await signIn(page, nimbus);
  await context.clearCookies();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Integrations" }).click();
  await expect(page.getByRole("main")).toContainText("Could not load the integrations");
  await expect(notice(page)).toBeVisible();
  const other = await context.newPage();
  await signIn(other, nimbus);
  await comeBack(page);
  await expect(page.getByRole("heading", { name: "No integrations yet" })).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
});
