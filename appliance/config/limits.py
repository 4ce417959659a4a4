"""Where everything ends that one person, address or socket may do."""

from dataclasses import dataclass

from appliance.kernel.options import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one person, address or socket may do. 0 means no limit, where 0 is allowed."""

    messages_per_minute: int = whole(
        60, "Messages, edits and deletions of one person each minute.", most=100_000
    )
    message_burst: int = whole(20, "So many of them may come at once.", least=1, most=10_000)
    rooms_per_hour: int = whole(5, "Rooms that one person makes in an hour.", most=10_000)
    joins_per_hour: int = whole(
        20, "Rooms that one person joins, or adds people to, in an hour.", most=100_000
    )
    changes_per_minute: int = whole(
        300,
        "Other changes of one person each minute: what they have read, leaving rooms, removing people.",
        most=100_000,
    )
    profile_changes_per_hour: int = whole(
        30,
        "Changes of one person's profile and picture in an hour; every room of theirs is told.",
        most=10_000,
    )
    exports_per_day: int = whole(5, "Downloads of all one's own data in a day.", most=1000)
    requests_per_minute: int = whole(
        600, "HTTP requests of one signed-in person each minute.", most=1_000_000
    )
    relay_tests_per_hour: int = whole(
        20, "Times that one admin has the relay of calls tried in an hour.", most=1000
    )
    searches_per_minute: int = whole(
        120, "Searches of one person each minute; one who types begins several.", most=100_000
    )
    rings_per_hour: int = whole(20, "Calls that one person begins in an hour.", most=10_000)
    text_bytes: int = whole(8192, "Length of one message in bytes of UTF-8.", least=64, most=65_536)
    upload_mib: int = whole(
        8,
        "MiB of one uploaded file, such as a voice message; a proxy in front has to take as much.",
        least=1,
        most=1024,
    )
    uploads_per_hour: int = whole(240, "Files that one person uploads in an hour.", most=100_000)
    upload_quota_mib: int = whole(
        1024, "MiB that one person's files take on the server's disk in all.", most=100_000_000
    )
    room_members: int = whole(100, "Members of one room.", least=2, most=100_000)
    sign_in_tries: int = whole(
        10, "Failed sign-ins within 5 minutes, for one account from one address.", least=1, most=1000
    )
    sign_in_tries_per_address: int = whole(
        30, "The same from one address, for whatever account.", least=1, most=10_000
    )
    sign_in_tries_per_account: int = whole(
        100,
        "The same for one account, from whatever address: many, so that no stranger keeps somebody out.",
        least=1,
        most=10_000,
    )
    code_tries_per_hour: int = whole(
        10, "Wrong codes of an authenticator app, after the right password.", least=1, most=1000
    )
    sign_ins_per_hour: int = whole(
        60, "Sign-ins and new passwords of one person in an hour that succeed.", most=10_000
    )
    device_links_per_hour: int = whole(
        30, "Codes for a new device that one person makes in an hour.", most=10_000
    )
    device_link_tries: int = whole(
        10, "Wrong codes for a new device within 5 minutes, for each address.", least=1, most=1000
    )
    tokens_per_person: int = whole(20, "Tokens for programs that one person has.", most=1000)
    tickets_per_minute: int = whole(60, "Tickets for sockets that one person takes each minute.", most=10_000)
    oidc_begins_per_minute: int = whole(
        20, "Sign-ins by way of another site that one address begins each minute.", most=10_000
    )
    secret_tries: int = whole(
        10,
        "Wrong codes or passwords of secret rooms within 5 minutes, for each account and each address.",
        least=1,
        most=1000,
    )
    invite_looks_per_minute: int = whole(
        60, "Invite links that one address opens each minute, so that none is found by guessing.", most=10_000
    )
    challenges_per_minute: int = whole(
        60, "Passkeys that one address begins to use each minute.", most=10_000
    )
    reports_per_hour: int = whole(20, "Reports that one person makes in an hour.", most=10_000)
    gifts_per_hour: int = whole(60, "Gifts of credits that one person makes in an hour.", most=10_000)
    links_per_hour: int = whole(
        30, "Invite links and guest links that one person makes in an hour.", most=10_000
    )
    guests_per_hour: int = whole(10, "Guests who come in from one address in an hour.", most=10_000)
    registrations_per_hour: int = whole(10, "New accounts in an hour from one address.", most=10_000)
    sockets_per_person: int = whole(20, "Open connections of one person.", most=10_000)
    sockets_per_address: int = whole(100, "Open connections from one address.", most=1_000_000)
    socket_frames_per_second: int = whole(50, "Frames that one connection sends each second.", most=100_000)
    socket_frame_burst: int = whole(
        200, "So many of them may come at once; more closes the connection.", least=1, most=100_000
    )
    frame_bytes: int = whole(
        65_536, "Length of one frame from a client in bytes.", least=4096, most=16_777_216
    )
    outbound_bytes: int = whole(
        262_144,
        "Bytes that wait for one slow reader before its connection is closed; it resumes where it was.",
        least=65_536,
        most=67_108_864,
    )
    hello_seconds: int = whole(5, "Time for a new connection to say hello.", least=1, most=60)
    heartbeat_seconds: int = whole(
        30, "Time between heartbeats; a peer that misses two is gone.", least=5, most=300
    )
    replay_rows: int = whole(
        500,
        "Rows of one log that are replayed after an absence, and ten times as many of all logs together;"
        " beyond that it is reset.",
        least=10,
        most=10_000,
    )
    database_wait_seconds: int = whole(
        5, "How long to wait for another process that holds the database.", least=1, most=60
    )
    relay_allocations: int = whole(
        10, "Addresses that one person's calls hold of the relay at the same time.", most=1000
    )
    relay_megabytes_per_day: int = whole(
        20_000,
        "MB that one person's calls send through the relay in a day; an hour with a camera takes about 450.",
        most=100_000_000,
    )
    relay_packets_per_second: int = whole(
        3000,
        "Packets that one person's calls send through the relay each second; a call with camera and screen"
        " sends 500.",
        most=1_000_000,
    )
    argon2_memory_mib: int = whole(
        32,
        "Memory that hashing one password takes, with 3 passes (Argon2id, RFC 9106).",
        least=19,
        most=1024,
    )
    argon2_threads: int = whole(2, "Passwords hashed at the same time.", least=1, most=32)
