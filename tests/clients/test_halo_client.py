"""The desk, by a client that was written for Halo and knows nothing of Nimbus."""

import unittest

import requests
from HaloPSA import Halo

from nimbus import ADMIN_TOKEN, Nimbus


class HaloClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nimbus = Nimbus().__enter__()
        cls.addClassCleanup(cls.nimbus.__exit__)
        # The client knows Halo's own addresses only: what it sends there comes here.
        send = requests.Session.request

        def here(session, method, url, *rest, **more):
            return send(session, method, url.replace("https://desk.halopsa.com", cls.nimbus.url), *rest, **more)

        requests.Session.request = here
        cls.addClassCleanup(setattr, requests.Session, "request", send)
        cls.halo = Halo("desk", "admin", ADMIN_TOKEN)

    def test_a_wrong_secret_is_told(self):
        with self.assertRaisesRegex(ValueError, "client ID and secret"):
            Halo("desk", "admin", "wrong")

    def test_tickets_are_searched_paged_read_and_changed(self):
        halo = self.halo
        page = halo.Tickets.search(pageinate=True, page_size=2, page_no=1, open_only=True)
        self.assertEqual((page["record_count"], [t["id"] for t in page["tickets"]]), (3, [1003, 1002]))
        found = halo.Tickets.search(search="outlook", count=5)
        self.assertEqual([t["id"] for t in found["tickets"]], [1001])
        self.assertEqual(halo.Tickets.get(id=1002, includedetails=True)["client_name"], "Harrow & Lyle Solicitors")

        made = halo.Tickets.update(summary="Made by a client", tickettype_id=1, user_id="1")
        self.assertEqual((made["summary"], made["client_id"]), ("Made by a client", 1))
        changed = halo.Tickets.update(id=made["id"], status_id=8, x_from_elsewhere={"kept": [1]})
        self.assertEqual(changed["status_name"], "Resolved")
        self.assertEqual(self.nimbus.get(f"/api/Tickets/{made['id']}")["x_from_elsewhere"], {"kept": [1]})

    def test_actions_are_added(self):
        added = self.halo.Actions.update(ticket_id=1003, outcome_id=2, note_html="<p>Hello</p>")
        self.assertEqual(added["outcome"], "Email User")
        listed = self.halo.Actions.search(ticket_id=1003, count=100)
        self.assertIn(added["id"], [action["id"] for action in listed["actions"]])
        with self.assertRaisesRegex(ValueError, "An Outcome must be entered"):
            self.halo.Actions.update(ticket_id=1003, note="x")

    def test_customers_sites_users_and_assets_are_made(self):
        halo = self.halo
        client = halo.Clients.update(name="Made by a client")
        site = halo.Sites.search(client_id=client["id"])["sites"][0]
        self.assertEqual(site["name"], "Main")
        user = halo.Users.update(name="Una Rose", site_id=site["id"], emailaddress="una@example.com")
        self.assertEqual(user["client_name"], "Made by a client")
        asset = halo.Assets.update(
            client_id=client["id"], site_id=site["id"], assettype_id=1, users=[{"id": user["id"]}], fields=[{"id": 2, "value": "ThinkPad"}]
        )
        found = halo.Assets.search(client_id=client["id"], includeactive=True)
        self.assertEqual([a["id"] for a in found["assets"]], [asset["id"]])
        self.assertEqual(self.nimbus.get(f"/api/Asset?user_id={user['id']}")["record_count"], 1)
        with self.assertRaisesRegex(ValueError, "Name must be unique"):
            halo.Clients.update(name="made BY a client")

    def test_articles_and_what_tickets_choose_from_are_read(self):
        halo = self.halo
        article = halo.KnowledgeBase.update(name="How to", resolution="First this.\nThen that.")
        self.assertEqual(halo.KnowledgeBase.get(id=article["id"])["resolution_html"], "First this.<br>Then that.")
        for endpoint in (halo.Status, halo.TicketTypes, halo.Agents):
            self.assertTrue(endpoint.search()[0]["name"])


if __name__ == "__main__":
    unittest.main()
