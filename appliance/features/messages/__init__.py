"""Messages: what is said, changed and taken back; how far each person has read.

Tables: messages, read_marks. Events sent: message (room log); read (account log); summary.
Events heard: none.
"""
