"""The community's logo: on the page, in the browser's tab, on home screens.

Tables: logo_forms. Events sent: none of its own. Events heard: none.
"""
