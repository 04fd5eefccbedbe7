// A shared key is replaced by a public one, with which only its owner can sign; the old one ends by itself.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, expectAccessible, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "starts-keys" });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

test("a key is changed for a public one, and the old one ends", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/runbooks/${RUNBOOK}?tab=details`);
  // Only what was saved is said to be stored: the example's signature has a key, a password was never entered.
  const stored = main.getByText("Stored. Type to replace it.");
  await expect(stored).toHaveCount(1);
  await page.getByLabel("Authentication").selectOption("basic");
  await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  await expect(stored).toHaveCount(0);
  await page.getByLabel("Authentication").selectOption("signature");
  await expect(stored).toHaveCount(1);
  await page.getByLabel("Who signs").selectOption("Standard Webhooks");
  await page.getByLabel("Secret key", { exact: true }).fill("whsk_AAAA");
  await expect(main).toContainText("This is the private key");
  await page.getByLabel("Secret key", { exact: true }).fill(`whsec_${SECRET}`);
  await expect(main).not.toContainText("This is the private key");
  await expect(page.getByLabel("Secret key 1 ends")).toHaveCount(0);
  await page.getByRole("button", { name: "Add a secret key" }).click();
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  await page.getByLabel("Secret key 2", { exact: true }).fill(`whpk_${raw.toString("base64")}`);
  await page.getByLabel("Secret key 1 ends").fill("2020-01-31T09:00");
  await page.getByLabel("Secret key 1 ends").blur();
  await expect(main).toContainText("Ended: no longer accepted");
  await expect(main).toContainText("counts as soon as you save");
  await picture(page, "starts-secrets");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(main).toContainText("Published, version 2");

  const body = JSON.stringify({ ticket_id: 1001, question: "Who signed this?" });
  const send = async (sender) => {
    const [id, time] = ["msg_1", String(Math.floor(Date.now() / 1000))];
    const value = sender(Buffer.from(`${id}.${time}.${body}`));
    const headers = { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": value };
    return fetch(`${nimbus.url}/api/automation/${RUNBOOK}`, { method: "POST", headers, body });
  };
  const old = (message) => `v1,${createHmac("sha256", Buffer.from(SECRET, "base64")).update(message).digest("base64")}`;
  expect((await send(old)).status).toBe(401);
  const own = (message) => `v1a,${sign(null, message, privateKey).toString("base64")}`;
  expect((await send(own)).status).toBeLessThan(300);
});

test("a key that was deleted and saved comes back by no undo, and other edits do", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const keys = ["key-number-one", "key-number-two", "key-number-three"];
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: "keys",
        name: "Keys",
        enabled: true,
        start: { access: "desk_and_public", auth: { type: "signature", scheme: "github", secrets: keys.map((secret) => ({ secret })) } },
        first_step: "good",
        steps: [{ id: "good", name: "Good", type: "end", outcome: "success", at: [0, 0] }],
      },
    ],
  });
  await signIn(page, nimbus);
  await page.goto("/runbooks/keys?tab=details");
  const stored = main.getByText("Stored. Type to replace it.");
  const asks = page.getByLabel("Callers may ask how a run went");
  await expect(stored).toHaveCount(3);
  await asks.check();
  const deletes = main.getByRole("button", { name: "Delete this secret key" });
  const question = page.getByRole("dialog", { name: "Delete secret key 2?" });
  await deletes.nth(1).click();
  await expect(question).toContainText("nothing brings it back");
  await picture(page, "starts-key-deletion");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(stored).toHaveCount(3);
  await deletes.nth(1).click();
  await question.getByRole("button", { name: "Delete the key" }).click();
  await expect(stored).toHaveCount(2);
  await expect(page.getByLabel("Secret key", { exact: true }), "the keyboard stays near").toBeFocused();

  // Until it is saved, it can be brought back.
  const tab = (name) => page.getByRole("tab", { name }).click();
  const [undo, redo] = [/^Undo/, /^Redo/].map((name) => page.getByRole("button", { name }));
  await tab("Flow Chart");
  await expect(undo).toHaveAccessibleName("Undo: Delete a secret key");
  await undo.click();
  await tab("Details");
  await expect(stored).toHaveCount(3);
  await tab("Flow Chart");
  await redo.click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await saved(page);

  // From then on it is no step any more; what was changed before it is.
  await expect(undo).toHaveAccessibleName("Undo: Change whether callers may ask");
  await undo.click();
  await expect(undo).toBeDisabled();
  await tab("Details");
  await expect(asks).not.toBeChecked();
  await expect(stored).toHaveCount(2);
  await expect(main.getByLabel(/^Secret key( \d)?$/)).toHaveCount(2);
  const send = async (key) => {
    const body = "{}";
    const value = `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
    const { status } = await fetch(`${nimbus.url}/api/automation/keys`, { method: "POST", headers: { "x-hub-signature-256": value }, body });
    return status;
  };
  await expect.poll(() => send(keys[1])).toBe(401);
  expect(await send(keys[0])).toBe(202);
  expect(await send(keys[2])).toBe(202);
});
