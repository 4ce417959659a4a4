"""What people do with messages. This is what other features, and `api`, may use of it."""

from appliance.features.messages import finding, timeline
from appliance.features.messages.actions import (
    drafts,
    erasing,
    history,
    listening,
    posting,
    reading,
    receipts,
    replay,
)

# Verbs

Messages = posting.Messages
Hooks = posting.Hooks
delete = posting.delete
take_down = posting.take_down
note_call = posting.note_call
visible = posting.visible
speak_as = posting.speak_as
read = reading.read
mark_unread = reading.mark_unread
set_attention = reading.set_attention
attention = reading.attention
block = reading.block
unblock = reading.unblock
listen = listening.listen
Drafts = drafts.Drafts

# What there is to read

Place = history.Place
page = history.page
mentioned = history.mentioned
preview = history.preview
newest = history.newest
newest_at = history.newest_at
newest_kept = timeline.newest_kept

SOURCE = finding.SOURCE

# Receipts

RECEIPTS = reading.RECEIPTS
of_room = receipts.of_room
marks = receipts.marks
news = receipts.news
keep_delivered = receipts.keep_delivered

# What is left behind

WIPE = erasing.WIPE
LOOKED_AT = erasing.LOOKED_AT
wipe = erasing.wipe
said_by = erasing.said_by
heads_at = erasing.heads_at
bury_all = erasing.bury_all
purge = erasing.purge
forget = erasing.forget
export = erasing.export
TIDY = drafts.TIDY
tidy = drafts.tidy

# Replay

MESSAGE = posting.MESSAGE
READ = reading.READ
ATTENTION = reading.ATTENTION
DRAFT = drafts.DRAFT
LISTENED = listening.LISTENED
whole = replay.whole
load_messages = replay.load_messages
load_reads = replay.load_reads
load_attention = replay.load_attention
load_drafts = replay.load_drafts
load_listened = listening.load_listened
summaries = replay.summaries
