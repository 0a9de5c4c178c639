"""Crowd clients that others wrote, against a running Samlgate.

`python3 e2e/clients/test_crowd_clients.py` starts one of its own (SAMLGATE_BIN, or the debug build).
With SAMLGATE_CROWD_URL, SAMLGATE_APPLICATION and SAMLGATE_APPLICATION_PASSWORD it uses one that runs
already and holds the people of `people.py`.

Needs `Crowd` 3.1.0 and `atlassian-python-api` 5.0.5.
"""

import os
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import crowd  # noqa: E402  (PyPI "Crowd")
import requests  # noqa: E402
from atlassian import Crowd as AtlassianCrowd  # noqa: E402

import people  # noqa: E402
from server import Samlgate  # noqa: E402

DIRECT = {"camilla": ["jira-users"], "gonzo": ["jira-users"], "zoë": ["devs & co"]}
NESTED = {"camilla": ["jira-users"], "gonzo": ["jira-users"], "zoë": ["devs & co", "jira-users"]}


class Clients(unittest.TestCase):
    """Both clients and the bare protocol, on one server."""

    @classmethod
    def setUpClass(cls):
        cls.url = os.environ.get("SAMLGATE_CROWD_URL")
        if cls.url:
            name = os.environ["SAMLGATE_APPLICATION"]
            password = os.environ["SAMLGATE_APPLICATION_PASSWORD"]
        else:
            samlgate = cls.enterClassContext(Samlgate())
            cls.url, name, password = samlgate.url, samlgate.application, samlgate.password
        # Both encode what they are given as it is; UTF-8 has to be asked for.
        cls.login = (name.encode(), password.encode())
        cls.crowd = crowd.CrowdServer(cls.url, *cls.login, timeout=20)
        cls.atlassian = AtlassianCrowd(cls.url, *cls.login, timeout=20)

    # PyPI "Crowd"

    def test_crowd_pings_with_the_right_and_the_wrong_application_password(self):
        self.assertTrue(self.crowd.auth_ping())
        wrong = crowd.CrowdServer(self.url, self.login[0], b"wrong", timeout=20)
        self.assertFalse(wrong.auth_ping())
        self.assertIsNone(wrong.get_user("camilla"))

    def test_crowd_checks_passwords(self):
        for name, (full_name, email, password) in people.USERS.items():
            self.assertIsNone(self.crowd.auth_user(name, "wrong"), name)
            if password:
                user = self.crowd.auth_user(name, password)
                self.assertEqual((user["display-name"], user["email"]), (full_name, email))
                self.assertIs(user["active"], True)
        self.assertIsNone(self.crowd.auth_user("gonzo", ""))
        self.assertIsNone(self.crowd.auth_user("nobody", "wrong"))

    def test_crowd_reads_users(self):
        for name, (full_name, email, _) in people.USERS.items():
            user = self.crowd.get_user(name.upper())
            self.assertEqual((user["name"], user["display-name"], user["email"]), (name, full_name, email))
            self.assertEqual(user["attributes"]["attributes"], [])
            self.assertTrue(self.crowd.user_exists(name))
        self.assertIsNone(self.crowd.user_exists("nobody"))
        keys = {self.crowd.get_user(name)["key"] for name in people.USERS}
        self.assertEqual(len(keys), len(people.USERS))

    def test_crowd_reads_groups_of_users_and_users_of_groups(self):
        for name in people.USERS:
            self.assertEqual(self.crowd.get_groups(name), DIRECT[name])
            self.assertEqual(self.crowd.get_nested_groups(name), NESTED[name])
        self.assertEqual(self.crowd.get_nested_group_users("jira-users"), ["camilla", "gonzo", "zoë"])
        self.assertEqual(self.crowd.get_nested_group_users("nobody-yet"), [])
        self.assertIsNone(self.crowd.get_nested_group_users("nothing"))

    def test_crowd_reads_all_memberships(self):
        self.assertEqual(
            self.crowd.get_memberships(),
            {
                "jira-users": {"users": ["camilla", "gonzo"], "groups": ["devs & co"]},
                "devs & co": {"users": ["zoë"], "groups": []},
                "nobody-yet": {"users": [], "groups": []},
            },
        )

    def test_crowd_searches(self):
        found = self.crowd.search("user", "email", "@EXAMPLE.test")
        self.assertEqual([user["name"] for user in found["users"]], sorted(people.USERS))
        found = self.crowd.search("user", "displayName", "chicken")
        self.assertEqual([user["email"] for user in found["users"]], ["camilla@example.test"])
        found = self.crowd.search("group", "name", "users")
        self.assertEqual([group["name"] for group in found["groups"]], ["jira-users"])

    def test_crowd_is_told_what_this_server_does_not_do(self):
        self.assertFalse(self.crowd.add_user("kermit", password="x", email="kermit@example.test"))
        self.assertFalse(self.crowd.change_password("camilla", "x"))
        self.assertIsNone(self.crowd.get_session("camilla", people.USERS["camilla"][2]))
        self.assertEqual(self.crowd.get_cookie_conf()["name"], "crowd.token_key")

    # PyPI "atlassian-python-api"

    def test_atlassian_checks_passwords(self):
        password = people.USERS["camilla"][2]
        self.assertEqual(self.atlassian.user_authenticate("camilla", password)["name"], "camilla")
        with self.assertRaises(requests.HTTPError) as refused:
            self.atlassian.user_authenticate("camilla", "wrong")
        answer = refused.exception.response
        self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "INVALID_USER_AUTHENTICATION"))
        self.assertEqual(self.atlassian.user_authentication_notify("zoë")["name"], "zoë")

    def test_atlassian_reads_users_and_groups(self):
        self.assertEqual(self.atlassian.user("zoë")["last-name"], "Ångström")
        self.assertEqual(self.atlassian.user_attributes("zoë")["attributes"], [])
        self.assertEqual(self.atlassian.group("Devs & Co")["type"], "GROUP")
        self.assertEqual(self.atlassian.group_attributes("devs & co")["attributes"], [])
        with self.assertRaises(requests.HTTPError):
            self.atlassian.user("nobody")

    def test_atlassian_reads_memberships(self):
        for name in people.USERS:
            self.assertEqual(self.atlassian.user_groups(name), DIRECT[name])
            self.assertEqual(self.atlassian.user_groups(name, kind="nested"), NESTED[name])
        self.assertEqual(self.atlassian.group_members("jira-users"), ["camilla", "gonzo"])
        nested = self.atlassian.group_members("jira-users", kind="nested")
        self.assertEqual(nested, ["camilla", "gonzo", "zoë"])
        self.assertTrue(self.atlassian.is_user_in_group("camilla", "jira-users"))
        self.assertFalse(self.atlassian.is_user_in_group("zoë", "jira-users"))
        self.assertTrue(self.atlassian.is_user_in_group("zoë", "jira-users", kind="nested"))
        self.assertEqual(
            self.atlassian.memberships,
            {"jira-users": ["camilla", "gonzo"], "devs & co": ["zoë"], "nobody-yet": []},
        )

    def test_atlassian_reads_groups_around_a_group(self):
        self.assertEqual(self.atlassian.group_child_groups("jira-users"), ["devs & co"])
        self.assertEqual(self.atlassian.nested_group_parent_groups("devs & co"), ["jira-users"])

    def test_atlassian_searches(self):
        found = self.atlassian.search("user")
        self.assertEqual([user["name"] for user in found["users"]], sorted(people.USERS))
        restriction = {
            "restriction-type": "property-search-restriction",
            "property": {"name": "email", "type": "STRING"},
            "match-mode": "EXACTLY_MATCHES",
            "value": "Gonzo@example.test",
        }
        found = self.atlassian.search("user", restriction)
        self.assertEqual([user["name"] for user in found["users"]], ["gonzo"])

    # What Atlassian's own client reads from every answer.

    def test_every_answer_says_that_this_is_a_crowd_server(self):
        for path, login, status in [
            ("/rest/usermanagement/1/user?username=camilla", self.login, 200),
            ("/crowd/rest/usermanagement/latest/user?username=nobody", self.login, 404),
            ("/rest/usermanagement/1/no/such/thing", self.login, 404),
            ("/rest/usermanagement/1/no/such/thing", None, 401),
        ]:
            answer = requests.get(self.url + path, auth=login, timeout=20)
            self.assertEqual(answer.status_code, status, path)
            self.assertRegex(answer.headers["X-Embedded-Crowd-Version"], r"^Samlgate/\d")


if __name__ == "__main__":
    unittest.main(verbosity=2)
