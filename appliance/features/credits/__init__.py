"""Credits: a ledger to which entries are only ever added, and whose sum is what somebody has.

Tables: credit_entries. Events sent: credits (account log). Events heard: none.
"""
