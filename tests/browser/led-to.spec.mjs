// What keeps one from going on is seen and led to, what was deleted comes back, and what one looks for is found.
import { choose, expect, expectAccessible, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "led-to",
  startOptions: ["--allow", "local", "--empty"],
  // The answers to saving a key that nobody may have, and to publishing what is not ready.
  expectedStatuses: [400, 422],
});

const end = { id: "end", name: "Finished", type: "end", outcome: "success", at: [700, 0] };

/** A runbook that takes a text and two more variables, and ends. */
const plain = (name) => ({
  name,
  enabled: true,
  start: {
    access: "desk",
    inputs: ["Text", "Number", "Last"].map((input) => ({ name: input, value: `request^${input}`, type: "string" })),
  },
  from_desk: ["Text", "Number", "Last"].map((input) => ({ name: input, value: `<<ticket^${input.toLowerCase()}>>` })),
  first_step: "end",
  steps: [end],
});

/** One with a problem in a table, in a text, and in the answer. */
const troubled = (other) => ({
  name: "Troubled",
  enabled: true,
  start: {
    access: "desk_and_public",
    auth: { type: "signature", scheme: "standard_webhooks", secrets: [{ secret: "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0" }] },
    answer: { when: "finished", outputs: ["Nope"] },
  },
  first_step: "slow",
  steps: [
    {
      id: "slow",
      name: "Slow one",
      type: "start_runbook",
      runbook: other,
      wait: true,
      variables: ["Text", "Number", "Last", "Tex"].map((name) => ({ name, value: "x" })),
      at: [0, 0],
      next: { success: "respond", failure: "end" },
    },
    { id: "respond", name: "Early answer", type: "respond", status: 200, body: '{"x": <<Zork>>}', at: [350, 0], next: { done: "end" } },
    end,
  ],
});

const make = async (nimbus, runbook) => (await nimbus.call("POST", "/console/runbooks", runbook)).id;

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

test("why it was not saved or published comes into view, and each problem leads to its field", async ({ page, nimbus }) => {
  const id = await make(nimbus, troubled(await make(nimbus, plain("Slow"))));
  const main = page.getByRole("main");
  const bottom = page.getByLabel("Steps that a run may pass through");
  const refusal = main.getByRole("alert").filter({ hasText: "Not saved." });
  const problems = page.locator("details.problems");
  await page.goto(`/runbooks/${id}?tab=details`);

  await test.step("a save that is refused", async () => {
    await page.getByLabel("Secret key", { exact: true }).fill("whsk_AAAA");
    await bottom.scrollIntoViewIfNeeded();
    await expect(page.getByRole("tab", { name: "Details" })).not.toBeInViewport();
    await page.keyboard.press("Control+s");
    await expect(refusal).toBeInViewport({ ratio: 0.99 });
    const [inner, outer] = [await refusal.boundingBox(), await main.boundingBox()];
    expect(inner.x - outer.x).toBe(24);
    await picture(page, "led-to-not-saved");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Discard" }).click();
    await saved(page);
  });

  await test.step("publishing that is refused", async () => {
    await bottom.scrollIntoViewIfNeeded();
    await expect(problems.locator("summary")).not.toBeInViewport();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(problems.locator("summary")).toBeInViewport();
    await expect(problems.getByRole("listitem").first()).toBeVisible();
    await picture(page, "led-to-not-published");
  });

  const follow = (words) => problems.getByRole("listitem").filter({ hasText: words }).getByRole("button").first().click();
  await test.step("a name in a table", async () => {
    await follow("has no input variable");
    await expect(page.getByLabel("Name of row 4")).toBeFocused();
    await expect(page.getByLabel("Name of row 4")).toHaveValue("Tex");
  });

  await test.step("a text", async () => {
    await follow("Zork");
    await expect(page.getByRole("textbox", { name: "Body" })).toBeFocused();
  });

  await test.step("the answer, on another tab", async () => {
    await follow("Nope");
    await expect(page.getByLabel("Variables in the answer")).toBeFocused();
  });
});

test("a problem of what a step uses leads there, to its field", async ({ page, nimbus }) => {
  const { id: weather } = await nimbus.call("POST", "/console/integrations", {
    name: "Weather",
    base_url: "https://weather.example",
    auth: { type: "none" },
  });
  const { id: nowhere } = await nimbus.call("POST", "/console/integrations", { name: "Nowhere", base_url: "", auth: { type: "none" } });
  const method = async (integration, more) =>
    (await nimbus.call("POST", `/console/integrations/${integration}/methods`, { http_method: "GET", path: "/sky", ...more })).id;
  const step = (name, method, next) => ({ id: name, name, type: "method", method, next: { success: next, failure: "end" } });
  const id = await make(nimbus, {
    name: "Uses what is wrong",
    enabled: true,
    first_step: "one",
    steps: [
      step("one", await method(weather, { name: "Astray", path: "/sky/../sea" }), "two"),
      step("two", await method(weather, { name: "Ask", query: [{ name: "day", value: "today" }, { name: "city", value: "<<Zork>>" }] }), "three"),
      step("three", await method(nowhere, { name: "Never" }), "end"),
      end,
    ],
  });
  const problems = page.locator("details.problems");
  const follow = async (link) => {
    await page.goto(`/runbooks/${id}?tab=chart`);
    await problems.locator("summary").click();
    await problems.getByRole("link", { name: link, exact: true }).first().click();
  };

  await follow("Method Astray");
  await expect(page.getByRole("heading", { name: "Astray", level: 1 })).toBeAttached();
  await expect(page.getByLabel("Endpoint")).toBeFocused();

  await follow("Method Ask");
  await expect(page.getByRole("tab", { name: /Query/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByLabel("Value of row 2")).toBeFocused();
  await expect(page.getByLabel("Value of row 2")).toHaveValue("<<Zork>>");

  await follow("Integration Nowhere");
  await expect(page.getByLabel("Base URL")).toBeFocused();

  await test.step("its step is led to as ever", async () => {
    await page.goto(`/runbooks/${id}?tab=chart`);
    await problems.locator("summary").click();
    await problems.getByRole("listitem").filter({ hasText: "Method Ask" }).getByRole("button").first().click();
    await expect(page.getByRole("complementary", { name: "Selected step" })).toBeVisible();
    await expectAccessible(page);
    await picture(page, "led-to-method");
  });
});

test("an input variable that was deleted comes back to its place", async ({ page, nimbus }) => {
  const id = await make(nimbus, plain("Three inputs"));
  const rows = page.locator(".input-row");
  const news = page.getByRole("region", { name: "News" });
  await page.goto(`/runbooks/${id}?tab=details`);
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Delete Number" }).click();
  await expect(rows).toHaveCount(2);
  // What is changed meanwhile stays.
  await rows.first().getByLabel("Name").fill("Words");
  await expect(news).toContainText("Deleted Number");
  await news.getByRole("button", { name: "Undo" }).click();
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1).getByLabel("Name")).toHaveValue("Number");
  await expect(rows.nth(1).getByLabel("From the desk")).toHaveValue("<<ticket^number>>");
  await expect(rows.first().getByLabel("Name")).toHaveValue("Words");
});

test("the palette finds a step by what others call it, and says what there is", async ({ page, nimbus }) => {
  await make(nimbus, plain("Helper"));
  const id = await make(nimbus, plain("Searched"));
  await page.goto(`/runbooks/${id}?tab=chart`);
  await page.getByRole("button", { name: "Add step" }).click();
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const search = palette.getByLabel("Search what to add");
  for (const [words, step] of [
    ["sleep", /^Wait/],
    ["loop", /^For each element/],
    ["if", /^Condition/],
    ["start another runbook", /^Helper/],
  ]) {
    await search.fill(words);
    await expect(palette.getByRole("button", { name: step }).first(), words).toBeVisible();
  }
  await search.fill("teleport");
  await expect(palette).toContainText("There is no such step");
  await expect(palette).toContainText("Condition, Set variables, For each element, Wait, Respond and End");
});

test("the state of a runbook can be read beside its buttons", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const id = await make(nimbus, plain("A narrow head"));
  await page.goto(`/runbooks/${id}?tab=details`);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(main).toContainText("Published, version 1");
  await page.getByLabel("Steps that a run may pass through").fill("50");
  await page.keyboard.press("Control+s");
  await saved(page);
  await expect(main).toContainText("Version 1 runs; the draft differs");
  await page.getByLabel("Steps that a run may pass through").fill("60");
  await expect(main).toContainText("Unsaved changes");
  for (const width of [780, 820, 860, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    const covered = await page.evaluate(() => {
      const boxes = (selector) => [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
      const buttons = boxes(".header-actions > *");
      const meets = (one, other) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
      return boxes(".header-words > :not(.visually-hidden)").filter((words) => buttons.some((button) => meets(words, button))).length;
    });
    expect(covered, `at ${width} px`).toBe(0);
    await picture(page, `led-to-head-${width}`);
  }
});

test("the answer of an earlier test is not taken for that of one which was not sent", async ({ page, nimbus, stub }) => {
  stub.on("GET", "/who", () => ({ body: { name: "Ada" } }));
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: "who",
        name: "Who",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [{ id: "ask-who", name: "Ask who", http_method: "GET", path: "/who", query: [{ name: "q", value: "<<Who>>" }] }],
      },
    ],
  });
  await page.goto("/integrations/who/methods/ask-who");
  const result = page.getByRole("region", { name: "Result" });
  const sample = page.getByLabel("Who", { exact: true });
  await sample.fill("Ada");
  await page.keyboard.press("Control+Enter");
  await expect(result).toContainText("200 OK");
  await expect(result).toContainText("Click a value");
  await choose(page, "How the body is shown", "Raw");
  await expect(result).not.toContainText("Click a value");
  await sample.fill("");
  await page.keyboard.press("Control+Enter");
  await expect(result).toContainText("Not sent yet");
  await expect(result).toContainText("What the test before this one gave:");
  await sample.fill("Ada");
  await page.keyboard.press("Control+Enter");
  await expect(result).not.toContainText("What the test before this one gave:");
});
