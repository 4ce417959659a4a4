"""Every state of the web app that the judges look at. A new screen is one more line.

`who` is there, `path` is where they begin, the steps lead on from there. `shape`: "desktop" and "phone" where
they differ, else one of them.
"""

from typing import Any, NamedTuple

from appliance.dev.screenshots.ways import conversation
from tests.judges.steps import (
    Step,
    begins,
    holds,
    hovers,
    keys,
    loses_network,
    opens,
    plays,
    presses,
    reads,
    sees,
    types,
    wants_contrast,
    was_interrupted,
)

BUSY = "The Gate"
EMPTY = "Roof Garden"
FRIEND = "Walter next door"

MEMBER, STRANGER, NOBODY, NEWCOMER = "member", "stranger", "nobody", "newcomer"
"""The community's admin, who sees most; a visitor at the door; whoever opens an empty server; somebody who
has just come in."""

BOTH = ("desktop", "phone")
DESKTOP, PHONE = BOTH[:1], BOTH[1:]


class State(NamedTuple):
    """`path` may name what the house made: {invite}, {guest}. `said`: what the console may say there."""

    name: str
    who: str
    path: str
    steps: tuple[Step, ...]
    shapes: tuple[str, ...] = DESKTOP
    said: str = ""


def state(name: str, who: str, path: str, *steps: Step, **fields: Any) -> State:
    return State(name, who, path, steps, **fields)


def heading(name: str) -> Step:
    return sees("heading", name)


def settings(section: str, title: str, *steps: Step, name: str = "", **fields: Any) -> State:
    return state(
        name or f"settings-{section}", MEMBER, f"/settings/{section}", heading(title), *steps, **fields
    )


def admin(section: str, waits_for: str, *steps: Step, name: str = "", **fields: Any) -> State:
    return state(name or f"admin-{section}", MEMBER, f"/admin/{section}", reads(waits_for), *steps, **fields)


def about_room(name: str, *steps: Step, **fields: Any) -> State:
    """Something in the panel beside a busy room."""
    panel = (conversation(BUSY), presses("Members"), sees("region", "Members"))
    return state(name, MEMBER, "/", *panel, *steps, **fields)


def in_room(name: str, *steps: Step, **fields: Any) -> State:
    return state(name, MEMBER, "/", conversation(BUSY), *steps, **fields)


def searching(name: str, words: str, *steps: Step, **fields: Any) -> State:
    return state(name, MEMBER, "/search", types("Search messages, people and rooms", words), *steps, **fields)


def in_call(name: str, scene: str, *steps: Step, **fields: Any) -> State:
    return state(f"call-{name}", MEMBER, "/dev/ui/calls", plays(scene, FRIEND), *steps, **fields)


def new(name: str, entry: str, *steps: Step, **fields: Any) -> State:
    return state(name, MEMBER, "/", begins(entry), *steps, **fields)


STATES = (
    # At the door
    state("set-up", NOBODY, "/", heading("Make a home for your people"), shapes=BOTH),
    state("sign-in", STRANGER, "/", heading("Welcome back"), shapes=BOTH),
    state(
        "wrong-password",
        STRANGER,
        "/",
        types("Name to sign in with", "ada"),
        types("Password", "not this one"),
        presses("Sign in"),
        sees("alert"),
        said="401",
    ),
    state("register", STRANGER, "/", presses("Make an account"), heading("Join Kiln & Kale")),
    state("forgot", STRANGER, "/", presses("Forgot your password?"), heading("Back in without it")),
    state("invite", STRANGER, "{invite}", heading("Join Kiln & Kale"), shapes=BOTH),
    state("invite-used-up", STRANGER, "/invite/ABCDEFGHJKLM", reads("used up or has expired"), said="404"),
    state("guest-door", STRANGER, "{guest}", heading("…Come into"), shapes=BOTH),
    state("reset", STRANGER, "/reset#nothing", sees("heading"), said="40[04]"),
    # The list and what it opens
    state("empty-home", NEWCOMER, "/", reads("Quiet in here"), shapes=BOTH),
    state("list", MEMBER, "/", sees("list", "Conversations"), shapes=BOTH),
    state("new-menu", MEMBER, "/", presses("New conversation"), opens),
    state("more-menu", MEMBER, "/", sees("list", "Conversations"), presses("More"), opens),
    state("switcher", MEMBER, "/", sees("list", "Conversations"), keys("Control+k"), opens, shapes=BOTH),
    state("search", MEMBER, "/search", heading("Everything that was said"), shapes=BOTH),
    searching("search-found", "key from:me OR garden", sees("list", "Messages"), shapes=BOTH),
    searching("search-people", "garden from:", sees("list", "Messages"), shapes=BOTH),
    searching("search-nothing", "unicorn stables", heading("Nothing found"), shapes=BOTH),
    searching("search-days", "key on:", sees("list", "Messages"), shapes=BOTH),
    in_room(
        "search-offline",
        presses("Search"),
        heading("Everything that was said"),
        loses_network,
        types("Search messages, people and rooms", "garden"),
        reads("This looked through what this device keeps"),
        said=".",
    ),
    new("new-dm", "Message a person", types("Search people by name", "br"), reads("@bridget")),
    new("new-group", "New group", sees("checkbox"), shapes=BOTH),
    new("new-room", "New room", types("Name", "Harbour Choir"), shapes=BOTH),
    new("new-secret", "New secret room"),
    new("enter-code", "Enter a code"),
    state(
        "keys",
        MEMBER,
        "/",
        sees("list", "Conversations"),
        keys("Control+k"),
        opens,
        keys(*"shortcuts"),
        sees("option"),
        keys("Enter"),
        heading("On a message"),
    ),
    # In a room
    in_room("room", shapes=BOTH),
    state("empty-room", MEMBER, "/", conversation(EMPTY)),
    state("direct-message", MEMBER, "/", conversation(FRIEND), shapes=BOTH),
    state("interrupted", MEMBER, "/", conversation(FRIEND), was_interrupted, shapes=BOTH),
    state("room-missing", MEMBER, "/room/01J00000000000000000000000", heading("This room is not here")),
    in_room("room-menu", presses("Room menu"), opens),
    in_room(
        "room-search",
        presses("Room menu"),
        presses("Search in this room", "menuitem"),
        types(f"Search in {BUSY}", "key"),
        reads("1 of"),
        shapes=BOTH,
    ),
    in_room("room-notifications", presses("Room menu"), presses("Notifications", "menuitem"), opens),
    in_room("leave-room", presses("Room menu"), presses("Leave room", "menuitem"), opens),
    in_room("tools", hovers("article"), sees("toolbar")),
    in_room("action-sheet", holds, opens, shapes=PHONE),
    in_room("mention-list", types("Message", "Ask @"), keys("End"), sees("option"), shapes=BOTH),
    in_room("emoji", presses("Emoji"), sees("grid"), shapes=BOTH),
    in_room("toast", presses("Room menu"), presses("Copy link to this room", "menuitem"), reads("Copied")),
    in_room("offline", loses_network, shapes=BOTH, said="."),
    about_room("members", shapes=BOTH),
    about_room("member-menu", presses("What to do with Amara Nwosu"), opens),
    about_room("ban", presses("What to do with Amara Nwosu"), presses("Ban", "menuitem"), opens),
    about_room("banned", presses("Banned people"), opens),
    about_room("add-people", presses("Add people"), opens),
    about_room("guest-links", presses("Guests"), opens),
    about_room("edit-room", presses("Edit"), opens, shapes=BOTH),
    about_room("archive-room", presses("Archive room"), opens),
    # There first: without a network nothing more of the app would come.
    state(
        "outbox",
        MEMBER,
        "/outbox",
        heading("On its way"),
        conversation(BUSY),
        loses_network,
        types("Message", "Ten minutes."),
        presses("Send"),
        presses("…to be sent", "link", ".connection"),
        heading("On its way"),
        said=".",
    ),
    in_room("high-contrast", wants_contrast, shapes=BOTH),
    state("list-high-contrast", MEMBER, "/", sees("list", "Conversations"), wants_contrast, shapes=BOTH),
    new("dialog-high-contrast", "New room", types("Name", "Harbour Choir"), wants_contrast),
    settings("look", "Look and language", sees("radio"), wants_contrast, name="look-high-contrast"),
    # Calls
    in_call("calling", "calling", reads("Calling…"), shapes=BOTH),
    in_call("calling-video", "calling with video", reads("Calling…"), shapes=PHONE),
    in_call("incoming", "somebody calls with video", sees("alertdialog"), shapes=BOTH),
    in_call("two-incoming", "two call", sees("alertdialog"), shapes=BOTH),
    in_call("before", "before", opens, shapes=BOTH),
    in_call("before-blocked", "before, camera blocked", reads("Your camera is blocked"), shapes=BOTH),
    in_call("audio", "audio", sees("timer"), shapes=BOTH),
    in_call("video", "video", sees("timer"), shapes=BOTH),
    in_call("screen", "screen", sees("timer"), shapes=BOTH),
    in_call("sharing", "sharing mine", reads("You are sharing your screen"), shapes=PHONE),
    in_call("menu", "video", presses("More of the call"), opens, shapes=BOTH),
    in_call("devices", "audio", presses("More of the call"), presses("Devices", "menuitem"), opens),
    in_call("quality", "video", presses("Good connection"), opens, shapes=BOTH),
    in_call("code", "video", presses("Encrypted between your devices"), opens, shapes=BOTH),
    in_call("code-differs", "audio", presses("Encrypted between your devices"), presses("It differs"), opens),
    in_call("weak", "weak", reads("Weak connection"), shapes=PHONE),
    in_call("reconnecting", "reconnecting", reads("Trying again"), shapes=BOTH),
    in_call(
        "reconnecting-video",
        "reconnecting with video",
        presses("Mute"),
        sees("button", "Unmute"),
        shapes=BOTH,
    ),
    in_call("no-microphone", "microphone blocked", reads("Your microphone is blocked"), shapes=BOTH),
    in_call("no-way", "no way", reads("No way through to each other"), shapes=BOTH),
    in_call("declined", "declined", reads("cannot talk right now"), shapes=BOTH),
    in_call("small", "small", presses("Mute"), sees("button", "Unmute"), shapes=BOTH),
    in_call("holding", "hold to talk", presses("Hold to talk"), reads("Slide to cancel"), shapes=BOTH),
    in_call(
        "locked", "talking on", presses("Hold to talk"), sees("button", "Discard recording"), shapes=BOTH
    ),
    in_call("heard", "they talk", reads(f"{FRIEND} is talking"), shapes=BOTH),
    in_call("high-contrast", "audio", sees("timer"), wants_contrast, shapes=BOTH),
    # People and places
    state("catch-up", MEMBER, "/catchup", heading("Catch up"), sees("article"), shapes=BOTH),
    state("directory", MEMBER, "/browse", sees("list", "Together"), shapes=BOTH),
    state("preview", MEMBER, "/browse", presses("Look into Sunday Walkers"), opens),
    state("categories", MEMBER, "/browse", presses("Categories"), opens),
    state("people", MEMBER, "/people", reads("@amara"), shapes=BOTH),
    state("person", MEMBER, "/people", presses("…@amara", within="main"), opens, shapes=BOTH),
    state("mentions", MEMBER, "/mentions", heading("Mentions"), shapes=BOTH),
    state("support", MEMBER, "/support", heading("Support"), shapes=BOTH),
    state("ask-support", NEWCOMER, "/support", presses("Ask the team"), opens),
    # Settings
    state("settings", MEMBER, "/settings", heading("Settings"), shapes=PHONE),
    settings("profile", "Profile", shapes=BOTH),
    settings("security", "Sign-in and security", reads("Change password")),
    settings("security", "Sign-in and security", presses("Change password"), opens, name="password"),
    settings(
        "security",
        "Sign-in and security",
        presses("Add a passkey"),
        opens,
        name="confirm-identity",
        said="403",
    ),
    settings("devices", "Devices", reads("Active now")),
    settings("devices", "Devices", presses("Sign out everywhere else"), opens, name="sign-out-others"),
    settings("privacy", "Privacy", sees("switch")),
    settings("notifications", "Notifications", sees("switch")),
    settings("calls", "Calls", sees("switch"), shapes=BOTH),
    settings("look", "Look and language", sees("radio")),
    settings("credits", "Credits"),
    settings("access", "Apps and tokens", reads("Make a token")),
    settings("access", "Apps and tokens", presses("Make a token"), opens, name="new-token"),
    settings("storage", "Storage", shapes=BOTH),
    settings("data", "Your data"),
    settings("data", "Your data", presses("Delete my account"), opens, name="delete-account", shapes=BOTH),
    state("sign-out", MEMBER, "/settings/profile", reads("How others see you."), presses("Sign out"), opens),
    # Running the community
    admin("members", "Best Bags", shapes=BOTH),
    admin(
        "members", "Best Bags", presses("…Gus Papadakis", "link"), reads("Muted until"), name="admin-member"
    ),
    admin("rooms", BUSY, shapes=BOTH),
    admin("invites", "Pottery course, autumn", shapes=BOTH),
    admin("invites", "Pottery course", presses("Make a link"), opens, name="new-invite"),
    admin("invites", "Pottery course", presses("Show and share"), opens, name="share-invite"),
    admin("reports", "Best Bags", shapes=BOTH),
    admin("reports", "Best Bags", presses("Take action"), opens, name="resolve-report"),
    admin("audit", "banned", shapes=BOTH),
    admin("settings", "By night", shapes=BOTH),
    admin("figures", "The last hour", shapes=BOTH),
    admin("calls", "The certificate cannot be used", shapes=BOTH),
)
