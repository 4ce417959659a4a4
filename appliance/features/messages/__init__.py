"""Messages: what is said, changed and taken back; who is named; how far each has read, and who sees that.

Tables: messages, mentions, read_marks, drafts, voices, listened. Events sent: message (room log); read,
attention, draft, listened (account log); summary, receipts. Events heard: none.
"""
