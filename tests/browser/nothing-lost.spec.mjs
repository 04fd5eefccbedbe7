// What somebody typed or had is not lost by the way: names that begin alike, formatting, columns, numbers that are none, and
// deletes that are taken back without a mouse.
import { expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "nothing-lost",
  // The answer to an undo of an import that the desk refuses.
  expectedStatuses: [400],
});

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

const news = (page) => page.getByRole("region", { name: "News" });
const more = async (page, command) => {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: command }).click();
};

test("a custom field whose name begins like another leaves that alone", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const { id } = await nimbus.call("POST", "/api/Client", [{ name: "Begins Alike", customfields: [{ name: "CFHost", value: "alpha" }] }]);
  const fields = async () => {
    const { customfields } = await nimbus.call("GET", `/api/Client/${id}`);
    return Object.fromEntries(customfields.map(({ name, value }) => [name, value]));
  };
  await page.goto(`/desk/customers/${id}`);
  await expect(page.getByLabel("Value of row 1")).toHaveValue("alpha");

  await test.step("while it is typed both rows stay, and the same name is told", async () => {
    await page.getByRole("button", { name: "Add custom field" }).click();
    await expect(page.getByLabel("Name of row 2")).toBeFocused();
    await page.keyboard.type("cfhost");
    await expect(main).toContainText("There is already a row called CFHost");
    await expect(page.getByLabel("Name of row 2")).toBeFocused();
    await expect(page.getByLabel("Value of row 1")).toHaveValue("alpha");
    await expectAccessible(page);
    await picture(page, "nothing-lost-repeated");
  });

  await test.step("it is not saved as long as it is the same", async () => {
    await page.keyboard.press("Control+s");
    await expect(page.getByLabel("Name of row 2")).toBeFocused();
    await expect(main).toContainText("Unsaved changes");
    expect(await fields()).toEqual({ CFHost: "alpha" });
  });

  await test.step("the rest of the word makes it another one", async () => {
    await page.keyboard.press("End");
    await page.keyboard.type("Edge");
    await expect(main).not.toContainText("There is already a row");
    await page.keyboard.press("Tab");
    await page.keyboard.type("beta");
    await page.keyboard.press("Control+s");
    await saved(page);
    expect(await fields()).toEqual({ CFHost: "alpha", cfhostEdge: "beta" });
  });

  await test.step("a name that is changed keeps its place and its focus", async () => {
    await page.getByLabel("Name of row 1").fill("CFServer");
    await expect(page.getByLabel("Name of row 1")).toHaveValue("CFServer");
    await expect(page.getByLabel("Name of row 2")).toHaveValue("cfhostEdge");
    await expect(page.getByLabel("Name of row 1")).toBeFocused();
    await page.keyboard.press("Control+s");
    await saved(page);
    expect(await fields()).toMatchObject({ CFServer: "alpha", cfhostEdge: "beta" });
  });

  await test.step("as text, the keyboard goes along", async () => {
    await page.getByRole("button", { name: "Edit as text" }).press("Enter");
    await expect(page.getByRole("textbox", { name: "Custom fields" })).toBeFocused();
    await page.getByRole("button", { name: "Back to rows" }).press("Enter");
    await expect(page.getByLabel("Name of row 1")).toBeFocused();
  });
});

test("an article is read with its formatting, which goes only with a warning", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const html = '<h2>Steps</h2><ol><li>Close Outlook</li><li>Open <a href="https://help.example/outlook">this page</a></li></ol><table><tr><th>Key</th><th>Value</th></tr><tr><td>a</td><td>b</td></tr></table>';
  const { id } = await nimbus.call("POST", "/api/KBArticle", [{ name: "Outlook asks again", resolution_html: html, tag_string: "mail" }]);
  const article = () => nimbus.call("GET", `/api/KBArticle/${id}`);
  expect((await article()).resolution).toContain("a b");
  await page.goto(`/desk/articles/${id}`);

  await test.step("read", async () => {
    await expect(main.getByRole("listitem").filter({ hasText: "Close Outlook" })).toBeVisible();
    await expect(main.getByRole("link", { name: "this page" })).toHaveAttribute("href", "https://help.example/outlook");
    await expect(main.getByRole("cell", { name: "b", exact: true })).toBeVisible();
    await expect(page.getByLabel("Resolution", { exact: true })).toBeHidden();
    await expectAccessible(page);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `nothing-lost-article-${width}`);
      await expectToFit(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("what a change costs is told before it is saved", async () => {
    await page.keyboard.press("e");
    await expect(page.getByLabel("Name", { exact: false }).first()).toBeFocused();
    await expect(main).toContainText("It has formatting, such as lists or links, which a change here removes");
    await page.getByLabel("Resolution", { exact: true }).fill("Close Outlook and wait");
    await expect(main).toContainText("Saving removes the formatting of this text");
    await picture(page, "nothing-lost-warning");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(main.getByRole("link", { name: "this page" })).toBeVisible();
    expect((await article()).resolution_html).toBe(html);
  });

  await test.step("the HTML itself is changed without a warning, and read again", async () => {
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByLabel("Resolution as HTML").fill("<p>Wait <b>twice</b>.</p>");
    await expect(main).not.toContainText("Saving removes the formatting");
    await page.keyboard.press("Control+s");
    await expect(main.locator("b", { hasText: "twice" })).toBeVisible();
    expect(await article()).toMatchObject({ resolution: "Wait twice.", resolution_html: "<p>Wait <b>twice</b>.</p>" });
  });
});

test("what was reported as HTML is shown as it is meant", async ({ page, nimbus }) => {
  const summary = `A long report of ${"everything that happened ".repeat(8)}end`;
  const { id } = await nimbus.call("POST", "/api/Tickets", [{
    summary, tickettype_id: 1,
    details_html: '<ul><li>Close Outlook</li></ul><a href="https://help.example/">Open this</a><table><tr><td>a</td><td>b</td></tr></table><script>alert(1)</script>',
  }]);
  await page.goto(`/desk/tickets/${id}`);
  const reported = page.getByRole("article").filter({ has: page.getByRole("heading", { name: "What was reported" }) });
  await expect(reported.getByRole("listitem")).toHaveText(["Close Outlook"]);
  await expect(reported.getByRole("link", { name: "Open this" })).toHaveAttribute("href", "https://help.example/");
  await expect(reported.getByRole("cell")).toHaveText(["a", "b"]);
  await expect(reported).not.toContainText("alert");
  expect((await nimbus.call("GET", `/api/Tickets/${id}`)).details).toContain("a b");

  // The whole summary can be read, however narrow the window is.
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const title = page.getByRole("heading", { name: /everything that happened end$/, level: 1 });
    expect(await title.evaluate((title) => title.scrollWidth <= title.clientWidth)).toBe(true);
    await expectToFit(page);
    await picture(page, `nothing-lost-summary-${width}`);
  }
});

test("a column takes the place of none, is called otherwise, and is deleted with a way back", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const { id } = await nimbus.call("POST", "/api/CustomTable", [{
    name: "Numbers", columns: [{ name: "CFPhone", label: "Phone" }, { name: "CFNote", label: "Note" }],
    add_customfields: [{ customfields: [{ name: "CFPhone", value: "123" }, { name: "CFNote", value: "n" }] }],
  }]);
  const table = () => nimbus.call("GET", `/api/CustomTable/${id}`);
  const labels = async () => (await table()).columns.map(({ name, label }) => `${name}: ${label}`);
  const column = async (name, command) => {
    await page.getByRole("button", { name: `Column ${name}` }).click();
    await page.getByRole("menuitem", { name: command }).click();
  };
  await page.goto(`/desk/tables/${id}`);

  await test.step("one of the same name", async () => {
    await page.getByLabel("New column").fill("phone");
    await expect(main).toContainText("There is already a column Phone.");
    await expect(page.getByRole("button", { name: "Add column" })).toBeDisabled();
    await page.keyboard.press("Enter");
    await page.getByLabel("New column").fill("Mobile");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Mobile of row 1")).toBeVisible();
    expect(await labels()).toEqual(["CFPhone: Phone", "CFNote: Note", "CFMobile: Mobile"]);
  });

  await test.step("another heading", async () => {
    await column("Phone", "Rename column");
    const dialog = page.getByRole("dialog", { name: "Rename column" });
    await dialog.getByLabel("Heading").fill("note");
    await dialog.getByRole("button", { name: "Rename", exact: true }).click();
    await expect(dialog).toContainText("There is already a column Note.");
    await dialog.getByLabel("Heading").fill("Landline");
    await expectAccessible(page);
    await picture(page, "nothing-lost-rename");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Landline of row 1")).toHaveValue("123");
    expect(await labels()).toEqual(["CFPhone: Landline", "CFNote: Note", "CFMobile: Mobile"]);
  });

  await test.step("deleted, and brought back by a key", async () => {
    await column("Landline", "Delete column");
    await expect(page.getByLabel("Landline of row 1")).toBeHidden();
    await expect(page.getByLabel("New column")).toBeFocused();
    await news(page).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByLabel("Landline of row 1")).toHaveValue("123");
    await column("Landline", "Delete column");
    await news(page).getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(labels).toEqual(["CFNote: Note", "CFMobile: Mobile"]);
    expect(JSON.stringify((await table()).customfields)).not.toContain("123");
    await expect(page.getByLabel("Note of row 1")).toHaveValue("n");
    // Its name is free again.
    await page.getByLabel("New column").fill("Phone");
    await expect(page.getByRole("button", { name: "Add column" })).toBeEnabled();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Phone of row 1")).toHaveValue("");
  });

  await test.step("Esc puts a cell back", async () => {
    const cell = page.getByLabel("Note of row 1");
    await cell.fill("typed");
    await page.keyboard.press("Escape");
    await expect(cell).toHaveValue("n");
  });
});

test("a delete is taken back by a key that is listed, and by two steps back", async ({ page, nimbus }) => {
  const { id } = await nimbus.call("POST", "/api/Tickets", [{ summary: "Bell in the yard is silent", tickettype_id: 1 }]);
  const remove = async () => {
    await page.goto(`/desk/tickets/${id}`);
    await expect(page.getByRole("heading", { name: /Bell/, level: 1 })).toBeVisible();
    await more(page, "Delete ticket");
    await expect(page).toHaveURL(/\/desk$/);
    await expect(page.getByRole("row", { name: /Outlook/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /Bell/ })).toBeHidden();
  };

  await remove();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys on this page" });
  await expect(keys).toContainText(`Undo: Deleted ticket ${id}`);
  await expect(keys).toContainText("Next page");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.keyboard.press("u");
  await expect(page.getByRole("row", { name: /Bell/ })).toBeVisible();

  await remove();
  await page.getByRole("main").focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(news(page).getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /Bell/ })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
});

test("a filter that is saved has the focus, and a name of its own", async ({ page }) => {
  const filters = page.getByRole("navigation", { name: "Filters" });
  const save = async (search, name) => {
    await page.getByLabel("Search tickets").fill(search);
    await expect(page).toHaveURL(`/desk?search=${search}`);
    await filters.getByRole("button", { name: "Save this filter" }).press("Enter");
    await page.getByRole("dialog").getByLabel("Name").fill(name);
    await page.keyboard.press("Enter");
  };
  await page.goto("/desk");
  await save("printer", "Printers");
  await expect(filters.getByRole("link", { name: "Printers" })).toBeFocused();
  await save("copier", "Printers");
  await expect(page.getByRole("dialog")).toContainText("There is already a filter Printers.");
  await page.getByRole("dialog").getByLabel("Name").fill("open");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("There is already a filter open.");
  await page.getByRole("dialog").getByLabel("Name").fill("Copiers");
  await page.keyboard.press("Enter");
  await expect(filters.getByRole("link", { name: "Copiers" })).toBeFocused();
  await expect(filters.locator("a[aria-current]")).toHaveText(["Copiers"]);
});

test("a number that is none is no saved state, and can be put back", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await page.goto("/settings");
  await expect(main.getByRole("heading", { name: "API applications", exact: true })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page).toHaveURL("/settings/new-application");
  await page.getByLabel("read:tickets", { exact: true }).check();
  await page.getByLabel("Limit its requests").check();
  await page.keyboard.press("Control+s");
  await expect(main).toContainText("shown only this once");

  const requests = page.getByLabel("Requests", { exact: true });
  await requests.fill("abc");
  await expect(main).toContainText("Unsaved changes");
  await page.keyboard.press("Control+s");
  await expect(requests).toBeFocused();
  await expect(main).toContainText("Type a whole number");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(requests).toHaveValue("700");
  await saved(page);

  await requests.fill("12");
  await page.keyboard.press("Control+s");
  await saved(page);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  expect((await nimbus.call("GET", `/console/applications/${id}`)).rate_limit.requests).toBe(12);
});

test("a sentence about two fields goes when either is right", async ({ page }) => {
  const main = page.getByRole("main");
  const choose = async (field, option) => {
    await page.getByLabel(field).first().click();
    await page.getByRole("option", { name: option }).first().click();
  };
  await page.goto("/desk/assets/new");
  await expect(page.getByLabel("Asset tag")).toBeFocused();
  await page.keyboard.press("Control+s");
  await expect(main).toContainText("A Customer or a Site must be chosen for this Asset");
  await choose("Site", "Sawmill");
  await expect(main).not.toContainText("A Customer or a Site must be chosen");
  await expect(main).toContainText("An Asset Type must be chosen");
});

test("records lead to what they belong to, and settings to what tickets choose from", async ({ page }) => {
  const main = page.getByRole("main");
  const above = page.getByRole("complementary", { name: "Belongs to it" });
  await page.goto("/desk/sites");
  await page.getByRole("row").nth(1).getByRole("link").click();
  await expect(page).toHaveURL(/\/desk\/sites\/\d+$/);
  await above.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/desk\/customers\/\d+$/);

  await page.goto("/settings");
  await main.getByRole("link", { name: "Teams", exact: true }).click();
  await expect(page).toHaveURL("/desk/teams");
  await expect(main.getByRole("link", { name: "1st Line Support" })).toBeVisible();
  await page.keyboard.press("n");
  await page.getByLabel("Name", { exact: false }).first().fill("Field service");
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("heading", { name: "Field service", level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/desk/tickets/new");
  await page.getByLabel("Team").click();
  await expect(page.getByRole("option", { name: "Field service" })).toBeVisible();
});

test("lines of a value stay lines, and a number a number", async ({ page, nimbus }) => {
  await test.step("of a custom field", async () => {
    const { id } = await nimbus.call("POST", "/api/Client", [{
      name: "Several lines",
      customfields: [{ name: "CFMulti", value: "line one\nline two" }, { name: "CFCount", value: 5 }],
    }]);
    const fields = async () => {
      const { customfields } = await nimbus.call("GET", `/api/Client/${id}`);
      return Object.fromEntries(customfields.map(({ name, value }) => [name, value]));
    };
    await page.goto(`/desk/customers/${id}`);
    const multi = page.getByLabel("Value of row 1");
    await expect(multi).toHaveValue("line one\nline two");
    await multi.press("Control+End");
    await page.keyboard.type("!");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("line three");
    await page.getByLabel("Value of row 2").fill("6");
    await expectAccessible(page);
    await picture(page, "nothing-lost-lines");
    await page.keyboard.press("Control+s");
    await saved(page);
    expect(await fields()).toEqual({ CFMulti: "line one\nline two!\nline three", CFCount: 6 });

    await page.getByRole("button", { name: "Edit as text" }).click();
    const text = page.getByRole("textbox", { name: "Custom fields" });
    await expect(text).toHaveValue('CFMulti: "line one\\nline two!\\nline three"\nCFCount: 6');
    await text.press("Control+End");
    await page.keyboard.type("0");
    await page.getByRole("button", { name: "Back to rows" }).click();
    await expect(multi).toHaveValue("line one\nline two!\nline three");
    await page.keyboard.press("Control+s");
    await saved(page);
    expect(await fields()).toEqual({ CFMulti: "line one\nline two!\nline three", CFCount: 60 });
  });

  await test.step("of a cell", async () => {
    const { id } = await nimbus.call("POST", "/api/CustomTable", [{
      name: "Of several lines", columns: [{ name: "CFText", label: "Text" }, { name: "CFCount", label: "Count" }],
      add_customfields: [
        { customfields: [{ name: "CFText", value: "x\ny" }, { name: "CFCount", value: 5 }] },
        { customfields: [{ name: "CFText", value: "z" }] },
      ],
    }]);
    const cells = async () =>
      (await nimbus.call("GET", `/api/CustomTable/${id}`)).customfields[0].value[0].customfields.map(({ value }) => value);
    await page.goto(`/desk/tables/${id}`);
    const text = page.getByLabel("Text of row 1");
    await expect(text).toHaveValue("x\ny");
    await text.press("Control+End");
    await page.keyboard.type("!");
    await page.keyboard.press("Tab");
    await expect.poll(cells).toEqual(["x\ny!", 5]);
    const count = page.getByLabel("Count of row 1");
    await count.fill("6");
    await page.keyboard.press("Tab");
    await expect.poll(cells).toEqual(["x\ny!", 6]);
    await page.getByLabel("Text of row 1").press("Control+End");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("w");
    // Up stays in the text as long as it has a line there; Enter goes on to the next row.
    await page.keyboard.press("ArrowUp");
    await expect(text).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Text of row 2")).toBeFocused();
    await expect.poll(cells).toEqual(["x\ny!\nw", 6]);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("last");
    await page.keyboard.press("Enter");
    await expect.poll(async () => JSON.stringify(await nimbus.call("GET", `/api/CustomTable/${id}`))).toContain('"last"');
    await expectAccessible(page);
    await picture(page, "nothing-lost-cell-lines");
  });
});
