"""Going: taking one's own data along, and deleting one's account.

Tables: none of its own. Events sent: none of its own. Events heard: none.
"""
