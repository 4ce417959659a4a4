"""What others do with search. This is what other features, and `api`, may use of it."""

from appliance.features.search.actions import compacting, finding, keeping, looking

# Whoever keeps the messages says what happens to them

put = keeping.put
change = keeping.change
forget = keeping.forget
forget_room = keeping.forget_room
set_source = keeping.set_source
source_of = keeping.source_of

# The index follows

Taken = keeping.Taken
Known = keeping.Known
PUT = keeping.PUT
INDEX = keeping.INDEX
COMPACT = keeping.COMPACT
begin = keeping.begin
fold = keeping.fold
fill = keeping.fill
gather = compacting.gather
unused = compacting.unused
drop_unused = compacting.drop_unused

# Looking for something

search = finding.search
LOOKED_AT = looking.LOOKED_AT
