"""The audit log: who did what to whom by the power they have. Rows are only ever added.

Tables: audit. Events sent: none. Events heard: none.
"""
