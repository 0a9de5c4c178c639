"""Who is in the directory of these tests, and how they get there by Samlgate's own commands."""

USERS = {
    "camilla": ("Camilla the Chicken", "camilla@example.test", "cluck & bawk: <1>"),
    "gonzo": ("Gonzo", "gonzo@example.test", None),
    "zoë": ("Zoë Ångström", "zoe@example.test", "pässwörd"),
}
GROUPS = ["jira-users", "devs & co", "nobody-yet"]
CHILDREN = [("jira-users", "devs & co")]
MEMBERS = [("jira-users", "camilla"), ("jira-users", "gonzo"), ("devs & co", "zoë")]


def add_everyone(samlgate):
    """Adds them with `samlgate(*arguments, stdin=None)`."""
    for name, (full_name, email, password) in USERS.items():
        arguments = ["user", "add", name, "--full-name", full_name, "--email", email]
        if password:
            samlgate(*arguments, "--password-stdin", stdin=password)
        else:
            samlgate(*arguments)
    for group in GROUPS:
        samlgate("group", "add", group)
    for parent, child in CHILDREN:
        samlgate("group", "add", parent, "--child", child)
    for group, user in MEMBERS:
        samlgate("group", "add-user", group, user)
