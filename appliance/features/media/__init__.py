"""Files that messages show: kept by what is in them, found through the room of the message.

Tables: media. Events sent: none. Events heard: none.
"""
