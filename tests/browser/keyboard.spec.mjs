// Without a mouse: a runbook is built on the chart, published and started by somebody who uses the keyboard only.
// Nothing here clicks, hovers or fills: keys are pressed, and focus is where they act.
import { expect, nameIt, picture, saved, test } from "./fixtures.mjs";

test.use({ workspace: "keyboard" });

/** Presses Tab until `target` has focus, as one does who looks for it. */
async function tabTo(page, target, key = "Tab") {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 100; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not come to ${target}`);
}

async function press(page, target) {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

async function retype(page, target, text) {
  await tabTo(page, target);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

test("a runbook is built, published and started with the keyboard alone", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const places = page.getByRole("navigation", { name: "Main" });
  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const card = (name) => chart.locator(".step-card").filter({ has: page.getByRole("button", { name: new RegExp(`^${name}`) }) });
  const face = (name) => chart.getByRole("button", { name: new RegExp(`^${name}`) });
  const add = async (words) => {
    await expect(palette.getByLabel("Search what to add")).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await expect(palette).toBeHidden();
  };

  await page.goto(await nimbus.newSignInLink());
  await expect(page.getByRole("heading", { name: "Desk", level: 1 })).toBeVisible();

  await test.step("the first Tab offers a way past the navigation", async () => {
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the page" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(main).toBeFocused();
  });

  await test.step("a new runbook gets its name", async () => {
    await press(page, places.getByRole("link", { name: "Runbooks" }));
    await press(page, page.getByRole("button", { name: "New runbook" }));
    await nameIt(page, "Ask without a mouse");
    await expect(page.getByRole("heading", { name: "Ask without a mouse", level: 1 })).toBeAttached();
  });

  await test.step("steps are added behind one another", async () => {
    await press(page, chart.getByRole("button", { name: "Add the first step" }));
    await add("post compl");
    await expect(face("Post Completions")).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("a");
    await add("add action");
    await retype(
      page,
      page.getByLabel("Body (JSON)"),
      '[{"ticket_id": <<TicketId>>, "outcome": "Note", "note_html": "<<ResponseText>>"}]',
    );
    await tabTo(page, face("Add Action"), "Shift+Tab");
    await page.keyboard.press("a");
    await add("end success");
    await expect(chart.locator("[data-step]")).toHaveCount(3);
  });

  await test.step("the arrows walk, and a way out is connected from its menu", async () => {
    await tabTo(page, face("Finished"));
    await page.keyboard.press("ArrowLeft");
    await expect(face("Add Action")).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await expect(face("Post Completions")).toBeFocused();
    await press(page, card("Post Completions").getByRole("button", { name: "Way out: failure" }));
    await expect(page.getByRole("menuitem", { name: "Add a step here" })).toBeFocused();
    await page.keyboard.press("Enter");
    await add("end failed");

    await press(page, card("Add Action").getByRole("button", { name: "Way out: failure" }));
    await page.keyboard.type("c");
    while (!(await page.getByRole("menuitem", { name: "Connect to Failed" }).evaluate((item) => item === document.activeElement))) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await expect(face("Add Action")).toHaveAccessibleName(/failure leads to \d+ Failed/);
  });

  await test.step("a step is moved, and that is taken back and done again", async () => {
    await tabTo(page, face("Finished"));
    await expect(face("Finished")).toHaveAttribute("aria-pressed", "false");
    const place = () => card("Finished").evaluate((element) => element.style.left);
    const before = await place();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(place).not.toBe(before);
    await expect(face("Finished")).toHaveAttribute("aria-pressed", "true");
    const between = await place();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(place).not.toBe(between);
    const after = await place();
    await page.keyboard.press("Control+z");
    await expect.poll(place).toBe(before);
    await page.keyboard.press("Control+Shift+z");
    await expect.poll(place).toBe(after);
    await picture(page, "story-keyboard-chart");

    // What had focus is gone with the card; the keys go on with the one beside it.
    await tabTo(page, face("Finished"), "Shift+Tab");
    await page.keyboard.press("Delete");
    await expect(card("Finished")).toHaveCount(0);
    await expect(face("Add Action")).toBeFocused();
    await page.keyboard.press("Control+z");
    await expect(card("Finished")).toHaveCount(1);
  });

  await test.step("the keys of the page are listed", async () => {
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys on this page" });
    await expect(keys).toContainText("Add a step");
    await expect(keys).toContainText("Move the step");
    await expect(keys.getByText("Ctrl", { exact: true }).first()).toBeVisible();
    await picture(page, "story-keys");
    await page.keyboard.press("Escape");
    await expect(keys).toBeHidden();
  });

  await test.step("inputs, and an action on the ticket that starts it", async () => {
    await tabTo(page, page.getByRole("tab", { name: /Flow Chart/ }), "Shift+Tab");
    await page.keyboard.press("ArrowLeft");
    await expect(page.getByRole("tab", { name: "Details" })).toBeFocused();
    const inputs = page.locator(".input-row");
    for (const [at, [name, type, value]] of [
      ["TicketId", "integer", "<<ticket^id>>"],
      ["Prompt", "string", "<<action^note>>"],
    ].entries()) {
      await press(page, page.getByRole("button", { name: "Add an input variable" }));
      const row = inputs.nth(at);
      // What it is called at first is selected.
      await expect(row.getByLabel("Name")).toBeFocused();
      await page.keyboard.type(name);
      await expect(row.getByLabel("Name")).toHaveValue(name);
      await tabTo(page, row.getByLabel("Type"));
      await page.keyboard.type(type);
      await expect(row.getByLabel("Type")).toHaveValue(type);
      await retype(page, row.getByLabel("From the desk"), value);
    }
    await page.keyboard.press("Control+s");
    await saved(page);
    await press(page, page.getByRole("link", { name: "New action" }));
    await nameIt(page, "Ask without a mouse");
    await page.keyboard.press("Control+s");
    await saved(page);
    await press(page, page.getByRole("region", { name: "What it does" }).getByRole("link", { name: "Open the runbook" }));
    await tabTo(page, page.getByRole("tab", { name: /Flow Chart|Details/, selected: true }));
    await page.keyboard.press("Home");
    await expect(page.getByRole("tab", { name: "Details" })).toBeFocused();
    await expect(page.getByRole("button", { name: "Delete the action Ask without a mouse" })).toBeVisible();
  });

  await test.step("published", async () => {
    await tabTo(page, page.getByRole("button", { name: "Publish" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(main).toContainText("Published, version 1");
  });

  await test.step("started from a ticket, it answers there", async () => {
    await press(page, places.getByRole("link", { name: "Desk" }));
    await tabTo(page, page.getByRole("link", { name: "1003" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("link", { name: "1001" })).toBeFocused();
    await page.keyboard.press("Enter");
    await press(page, page.getByRole("button", { name: "Ask without a mouse" }));
    await expect(page.getByRole("dialog").getByLabel("Note")).toBeFocused();
    await page.keyboard.type("Which keys open the mail settings?");
    await page.keyboard.press("Control+Enter");
    const answer = page.getByRole("region", { name: "Actions" }).getByRole("listitem").filter({ hasText: "You asked: “Which keys" });
    await expect(answer).toBeInViewport();
    await expect(page.getByRole("button", { name: "Ask without a mouse" })).toBeFocused();
  });
});
