// A whole set-up as one file: into an empty workspace, where it runs, out of that again, and into the next.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, Nimbus, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "bundle",
  startOptions: ["--allow", "local", "--empty"],
  // The answer to a bundle that is none.
  expectedStatuses: [400],
});

const EXAMPLE = fileURLToPath(new URL("../examples/ask-a-question.json", import.meta.url));

test("the worked example comes in as a file and runs, and goes out without its secrets", async ({ page, nimbus, stub }) => {
  const main = page.getByRole("main");
  const bundle = page.getByLabel("Bundle (JSON)");
  const importIt = page.getByRole("button", { name: "Import", exact: true });
  await signIn(page, nimbus);

  await test.step("the empty list leads to the import", async () => {
    await page.getByRole("link", { name: "Integrations" }).click();
    await page.getByRole("link", { name: "Import a bundle" }).click();
    await expect(bundle).toBeFocused();
    await expect(importIt).toBeDisabled();
  });

  await test.step("what is no bundle is refused, with the place", async () => {
    await bundle.fill('{"format": "nimbus.bundle/1", "runbook": []}');
    await importIt.click();
    await expect(main.getByRole("alert")).toContainText("Nothing was imported.");
    await expect(main.getByRole("alert")).toContainText("runbook");
    await bundle.fill("{oops");
    await importIt.click();
    await expect(main.getByRole("alert")).toContainText("Nothing was imported.");
  });

  await test.step("a file is chosen and taken in", async () => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    await (await choosing).setFiles(EXAMPLE);
    await expect(bundle).toHaveValue(await readFile(EXAMPLE, "utf8"));
    await importIt.click();
    await expect(main.getByRole("status")).toContainText("Imported.");
    await expect(main.getByRole("status")).toContainText("Completions");
    await expect(main.getByRole("status")).toContainText("Published");
    await picture(page, "story-imported");
  });

  await test.step("it runs: its API is elsewhere, its action is on a ticket", async () => {
    stub.on("POST", "/v1/completions", () => ({ body: { choices: [{ text: "A label that came out of a file." }] } }));
    const { id } = await nimbus.call("POST", "/api/Tickets", [{ summary: "Where do bundles come from?", tickettype_id: 1 }]);
    await page.getByRole("link", { name: "Integrations" }).click();
    await page.getByRole("link", { name: "Completions" }).click();
    await page.getByLabel("Base URL").fill(`${stub.url}/v1`);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await page.getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("link", { name: "Ask ChatGPT a Question" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 2");
    await page.goto(`/desk/tickets/${id}`);
    await page.getByRole("button", { name: "Ask ChatGPT a Question" }).click();
    await page.getByRole("dialog").getByLabel("Note").fill("Well?");
    await page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
    await expect(page.getByRole("region", { name: "Actions" })).toContainText("A label that came out of a file.");
    expect(stub.requests[0].headers.authorization).toBe("Bearer sk-example");
  });

  let exported;
  await test.step("it goes out as a file that tells no secret", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export a bundle" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("nimbus-bundle.json");
    exported = await readFile(await download.path(), "utf8");
    expect(JSON.parse(exported)).toMatchObject({ format: "nimbus.bundle/1", runbooks: [{ name: "Ask ChatGPT a Question" }] });
    expect(exported).not.toContain("sk-example");
    expect(exported).not.toContain("example-signing-key");
  });

  await test.step("elsewhere it comes in by pasting, and says what is still to be entered", async () => {
    const elsewhere = await Nimbus.start(["--empty"]);
    try {
      await page.goto(await elsewhere.newSignInLink());
      await page.getByRole("link", { name: "Settings" }).click();
      await bundle.fill(exported);
      await importIt.click();
      await expect(main.getByRole("status")).toContainText("Secrets still to be entered");
      await expect(main.getByRole("status")).toContainText("Completions");
      await picture(page, "story-imported-without-secrets");
      // A page that is left open looks for its server when that ends, and Chromium logs it as an error.
      await page.goto("about:blank");
    } finally {
      await elsewhere.stop();
    }
  });
});
